"""manage.py rebuild_reports: makes the summary table of the reports anew, from the letters and their timelines."""

from django.core.management.base import BaseCommand

from servicedesk.figures import rebuild_figures


class Command(BaseCommand):
    help = "Count all letters anew for the reports."

    def handle(self, **options):
        count = rebuild_figures(all_of_them=True)
        self.stdout.write(f"{count} letters counted.")
