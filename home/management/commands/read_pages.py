"""`manage.py read_pages`: makes what the search knows anew. Safe at any time; searches go on meanwhile."""

from django.core.management.base import BaseCommand

from home.search.index import rebuild


class Command(BaseCommand):
    help = "Read every live page again for the search."

    def handle(self, *args, **options):
        self.stdout.write(f"{rebuild()} pages read")
