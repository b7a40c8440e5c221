"""`manage.py retention`: how many letters are kept longer than promised; 0 is expected."""

from django.core.management.base import BaseCommand, CommandError

from servicedesk.models.retention import GRACE, due_accounts, due_letters
from servicedesk.purging import keep_no_longer_than_promised


class Command(BaseCommand):
    help = "Print how many letters are due for removal and how many are overdue; exit code 1 where any is overdue."

    def add_arguments(self, parser):
        parser.add_argument(
            "--now", action="store_true", help="remove what is due instead of waiting for the timetable"
        )

    def handle(self, *args, now, **options):
        left = None
        # Until nothing is due, or nothing of it goes.
        while now and any(due := (due_letters().count(), due_accounts().count())) and due != left:
            keep_no_longer_than_promised()
            left = due
        overdue = due_letters(GRACE).count()
        self.stdout.write(f"due: {due_letters().count()} letters, {due_accounts().count()} accounts")
        self.stdout.write(f"overdue: {overdue} letters")
        if overdue:
            raise CommandError("Letters are kept longer than promised. Is beat running, and a worker for «files»?")
