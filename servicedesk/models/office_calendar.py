"""The calendar of one unit, read from the tables: what promises are counted with."""

import jdatetime
from django.db.models import Q
from django.utils import timezone

from servicedesk.models.closure import Closure
from servicedesk.models.holiday import Holiday
from servicedesk.models.weekly_hours import WeeklyHours
from servicedesk.working_days import Calendar, NoWorkingDay

# Administrative Justice Court law, article 16, note 4: the definite answer in writing within three months.
MONTHS_OF_THE_LAW = 3


def calendar_of(unit, since):
    """The Calendar of a Unit from the day ``since`` on."""
    return calendars_of([unit.pk], since)[unit.pk]


def calendars_of(units, since):
    """{id: Calendar} of several units, by their ids; as many questions as for one."""
    own_or_all = Q(unit__in=units) | Q(unit=None)
    holidays = frozenset(Holiday.objects.filter(date__gte=since).values_list("date", flat=True))
    weeks = list(WeeklyHours.objects.filter(own_or_all))
    closures = list(Closure.objects.filter(own_or_all, last_day__gte=since))

    def of(unit):
        return Calendar(
            holidays=holidays,
            weeks=tuple(hours.week for hours in weeks if hours.unit_id in (unit, None)),
            closures=tuple(closure.span for closure in closures if closure.unit_id in (unit, None)),
        )

    return {unit: of(unit) for unit in units}


def promised_day(unit, days, moment):
    """The date by which an answer is promised to a letter that comes to the unit at ``moment`` (aware), where ``days``
    working days are promised; ``Calendar.add`` says how they are counted. Never later than ``ceiling_of_law``.
    None without a promise, or for a unit that never opens."""
    if not days:
        return None
    # The organisation's clock, whatever time zone is in use at the moment.
    here = timezone.make_naive(moment, timezone.get_default_timezone())
    try:
        return min(calendar_of(unit, here.date()).add(here, days), ceiling_of_law(here.date()))
    except NoWorkingDay:
        return None


def ceiling_of_law(day):
    """The last day that the law leaves for the answer to a letter that came on ``day`` (date): the same day three
    Jalali months later, or the last of that month where it is shorter."""
    came = jdatetime.date.fromgregorian(date=day)
    years, month = divmod(came.month - 1 + MONTHS_OF_THE_LAW, 12)
    last = jdatetime.date(came.year + years, month + 1, 1)
    length = jdatetime.j_days_in_month[last.month - 1] + (last.month == 12 and last.isleap())
    return last.replace(day=min(came.day, length)).togregorian()


def moved_by_rest(letter):
    """What changes of a letter whose promised day has rested since ``letter.rests_since`` and rests no longer:
    {"due_on", "rested_days"}. Each working day that began meanwhile counts."""
    since = timezone.localdate(letter.rests_since, timezone.get_default_timezone())
    calendar = calendar_of(letter.unit, min(since, letter.due_on or since))
    rested = calendar.count(since, timezone.localdate(timezone=timezone.get_default_timezone()))
    try:
        due_on = calendar.shift(letter.due_on, rested) if letter.due_on else None
    except NoWorkingDay:
        due_on = letter.due_on
    return {"due_on": due_on, "rested_days": letter.rested_days + rested}
