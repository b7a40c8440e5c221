"""`manage.py seed_holidays`: fills the calendar's holidays for this Jalali year and the next. Safe to repeat."""

from django.core.management.base import BaseCommand

from servicedesk.holiday_seeding import fill_holidays


class Command(BaseCommand):
    help = "Add the official holidays of this Jalali year and the next. What people changed or removed stays so."

    def handle(self, *args, **options):
        filled = fill_holidays()
        self.stdout.write(f"Holidays: {filled.added} added, {filled.changed} changed")
