"""Spans of days, the one before each, and the periods that a span falls into. Days are dates, months Jalali ones."""

import datetime
from dataclasses import dataclass

import jdatetime
from django.utils import timezone

from servicedesk import persian
from servicedesk.working_days import place_in_week

_DAY = datetime.timedelta(days=1)
# The longest span that is shown day by day, and week by week.
MOST_DAYS, MOST_WEEKS_IN_DAYS = 31, 190


@dataclass(frozen=True)
class Span:
    """From the beginning of its first day to the end of its last one, by the organisation's clock."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self):
        return (self.last - self.first).days + 1

    @property
    def begin(self):
        return _midnight(self.first)

    @property
    def end(self):
        """The moment after it."""
        return _midnight(self.last + _DAY)

    def holding(self, name):
        """The lookups of rows whose moment ``name`` lies in it."""
        return {f"{name}__gte": self.begin, f"{name}__lt": self.end}

    def before(self):
        """The Span directly before: as many whole months before whole months, else as many days."""
        first, after = persian.jalali(self.first), persian.jalali(self.last + _DAY)
        if first.day == after.day == 1:
            months = (after.year - first.year) * 12 + after.month - first.month
            return Span(_month(first.year, first.month - months), self.first - _DAY)
        return Span(self.first - _DAY * self.days, self.first - _DAY)

    def periods(self):
        """[(what it is called, Span)]: its days, its weeks or its months, whichever are few enough to be looked at; the
        first and the last one may be parts."""
        if self.days <= MOST_DAYS:
            named, begins = _day_name, lambda day: True
        elif self.days <= MOST_WEEKS_IN_DAYS:
            named, begins = _day_name, lambda day: place_in_week(day) == 0
        else:
            named, begins = _month_name, lambda day: persian.jalali(day).day == 1
        days = [self.first + _DAY * number for number in range(self.days)]
        firsts = [day for day in days if day == self.first or begins(day)]
        lasts = [day - _DAY for day in firsts[1:]] + [self.last]
        return [(named(first), Span(first, last)) for first, last in zip(firsts, lasts, strict=True)]


def usual_spans(today):
    """{name: Span} of those that are asked for most."""
    now = persian.jalali(today)
    month = _month(now.year, now.month)
    return {
        "last-30-days": Span(today - 29 * _DAY, today),
        "this-month": Span(month, today),
        "last-month": Span(_month(now.year, now.month - 1), month - _DAY),
        "last-three-months": Span(_month(now.year, now.month - 3), month - _DAY),
        "this-year": Span(_month(now.year, 1), today),
        "last-year": Span(_month(now.year - 1, 1), _month(now.year, 1) - _DAY),
    }


def _month(year, month):
    """The first day of a Jalali month; 0 is the last month of the year before, and so on."""
    years, place = divmod(month - 1, 12)
    return jdatetime.date(year + years, place + 1, 1).togregorian()


def _midnight(day):
    moment = datetime.datetime.combine(day, datetime.time.min)
    return timezone.make_aware(moment, timezone.get_default_timezone())


def _day_name(day):
    date = persian.jalali(day)
    return persian.in_language(f"{date.month}/{date.day}")


def _month_name(day):
    date = persian.jalali(day)
    return f"{persian.month_names()[date.month - 1]} {persian.in_language(date.year)}"
