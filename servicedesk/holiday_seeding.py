"""Filling the table of holidays from the official list, for this Jalali year and the next."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from servicedesk.models import Holiday
from servicedesk.official_holidays import official_days
from servicedesk.persian import jalali

# A day that was estimated is set right by this much at the most; the same occasion comes again ten months later.
_MOVES_BY = timedelta(days=3)


@dataclass
class Filled:
    added: int = 0
    changed: int = 0


@transaction.atomic
def fill_holidays(today=None, official=official_days):
    """Adds what the list has and the table lacks, and follows the list where it has become surer. Gives Filled.

    What a person changed or removed stays as it is, and is not added again. May be repeated at any time.
    ``official`` gives the OfficialDays of a Jalali year.
    """
    this_year = jalali(today or timezone.localdate()).year
    listed = [day for year in (this_year, this_year + 1) for day in official(year)]
    # Locked, so that nobody changes or removes one meanwhile.
    known = {
        (row.official_date, row.official_name): row
        for row in Holiday.with_removed.select_for_update().filter(official_date__isnull=False)
    }
    same = {(day.date, day.name) for day in listed}
    # What the list no longer has on its day may have moved.
    movable = {key: row for key, row in known.items() if key not in same}
    filled, missing = Filled(), []
    for day in listed:
        row = known.get((day.date, day.name)) or _moved(day, movable)
        if row is None:
            missing.append(day)
        elif _follow(row, day):
            filled.changed += 1
    filled.added = _add(missing)
    return filled


def _moved(day, movable):
    """The row of the same occasion on another day nearby, or None; each is given once."""
    for key in movable:
        if key[1] == day.name and abs(key[0] - day.date) <= _MOVES_BY:
            return movable.pop(key)
    return None


def _follow(row, day):
    """Whether something was changed: only in a row that no person has touched."""
    now = {"date": day.date, "is_estimated": day.is_estimated, "official_date": day.date}
    untouched = row.source == Holiday.Source.SEEDED and row.removed_at is None
    if not untouched or all(getattr(row, name) == value for name, value in now.items()):
        return False
    Holiday.objects.filter(pk=row.pk).update(**now)
    return True


def _add(missing):
    """How many were added. One that a person had written down before becomes that of the list, and stays his."""
    added = 0
    for day in missing:
        identity = {"official_date": day.date, "official_name": day.name}
        if Holiday.objects.filter(date=day.date, name=day.title, official_date=None).update(**identity):
            continue
        values = {"date": day.date, "name": day.title, "is_estimated": day.is_estimated}
        _row, made = Holiday.with_removed.get_or_create(
            **identity, defaults={**values, "source": Holiday.Source.SEEDED}
        )
        added += made
    return added
