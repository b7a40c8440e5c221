"""`manage.py make_groups`: the groups of the staff with their rights. Safe to repeat."""

from django.core.management.base import BaseCommand
from django.db import transaction

from home.groups import AUDITORS, CLERKS, EDITORS, REGISTRARS, REVIEWERS, make_groups


class Command(BaseCommand):
    help = "Make the groups of the staff, and give each the rights that this release has for it. None loses a right."

    @transaction.atomic
    def handle(self, *args, **options):
        make_groups(complete=True)
        self.stdout.write(f"Groups: {EDITORS}, {REVIEWERS}, {CLERKS}, {REGISTRARS}, {AUDITORS}")
