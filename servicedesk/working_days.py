"""Working days: holidays, weekly hours and closures as plain values, and counting with them. Knows no database.

Days are ``datetime.date``; moments are ``datetime.datetime`` as the clock on the office's wall shows them.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

# Longer than any promise and any closure between two working days; whoever finds none within it has none.
_FARTHEST = timedelta(days=1500)
_DAY = timedelta(days=1)


class NoWorkingDay(Exception):
    """The office never opens again, as far as the calendar knows."""


@dataclass(frozen=True)
class Hours:
    """The opening hours of one day."""

    opens: time
    closes: time


# What holds where nobody has said anything: Saturday to Wednesday from half past seven to half past two.
USUAL_WEEK = (*[Hours(time(7, 30), time(14, 30))] * 5, None, None)


@dataclass(frozen=True)
class Week:
    """The hours of a week that hold from one day on, until another one (included) or without end.

    ``days``: seven Hours, or None for a closed day, Saturday first. ``is_own``: the office's own week, which goes
    before the whole organisation's.
    """

    first: date
    days: tuple
    last: date | None = None
    is_own: bool = False

    def holds_on(self, day):
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Closure:
    """Days on which the office is closed, both ends included."""

    first: date
    last: date


@dataclass(frozen=True)
class Calendar:
    """The calendar of one office. ``holidays``: dates; ``weeks``: Weeks; ``closures``: Closures."""

    holidays: frozenset = frozenset()
    weeks: tuple = ()
    closures: tuple = ()

    def hours_on(self, day):
        """The Hours of this day; None where the office is closed."""
        if day in self.holidays or any(closure.first <= day <= closure.last for closure in self.closures):
            return None
        return self._week_of(day)[place_in_week(day)]

    def is_working_day(self, day):
        return self.hours_on(day) is not None

    def arrival_day(self, moment):
        """The working day on which something counts as arrived: that of the moment, or the next one where the office is
        closed on that day or has closed already. Raises NoWorkingDay."""
        hours = self.hours_on(moment.date())
        if hours and moment.time() < hours.closes:
            return moment.date()
        return self._next_working_day(moment.date())

    def add(self, moment, days):
        """The last day on which something that arrives at ``moment`` may be due after ``days`` working days.

        The rule: the day of arrival does not count, the next working day is the first. What comes after closing
        time or on a day off has arrived on the next working day, so its first day is the one after that. What comes
        before opening time has arrived on that day. Raises NoWorkingDay.
        """
        return self.shift(self.arrival_day(moment), days)

    def shift(self, day, days):
        """The day that lies ``days`` working days (0 or more) after ``day``. Raises NoWorkingDay."""
        for _ in range(days):
            day = self._next_working_day(day)
        return day

    def count(self, start, end):
        """How many working days come after ``start`` up to and with ``end``; negative where ``end`` lies before."""
        if end < start:
            return -self.count(end, start)
        return sum(self.is_working_day(start + _DAY * number) for number in range(1, (end - start).days + 1))

    def minutes(self, begin, end):
        """The minutes (a float) of opening hours between two moments; 0 where ``end`` lies before ``begin``."""
        total, day = timedelta(), begin.date()
        while day <= end.date():
            hours = self.hours_on(day)
            if hours:
                opens, closes = (datetime.combine(day, clock) for clock in (hours.opens, hours.closes))
                total += max(timedelta(), min(end, closes) - max(begin, opens))
            day += _DAY
        return total / timedelta(minutes=1)

    def _week_of(self, day):
        """The office's own week before the organisation's; of several the one that began last."""
        holding = [week for week in self.weeks if week.holds_on(day)]
        return max(holding, key=lambda week: (week.is_own, week.first)).days if holding else USUAL_WEEK

    def _next_working_day(self, day):
        farthest = day + _FARTHEST
        while day < farthest:
            day += _DAY
            if self.is_working_day(day):
                return day
        raise NoWorkingDay


def place_in_week(day):
    """0 for Saturday, 6 for Friday."""
    return (day.weekday() + 2) % 7
