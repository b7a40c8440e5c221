"""Counting working days, with plain values: no database."""

import random
from datetime import date, datetime, time, timedelta

import jdatetime
import pytest

from servicedesk.working_days import USUAL_WEEK, Calendar, Closure, Hours, NoWorkingDay, Week

MORNING = Hours(time(8), time(14))
SHORT = Hours(time(9), time(12))
CLOSED_THURSDAY = (*[MORNING] * 5, None, None)
OPEN_THURSDAY = (*[MORNING] * 5, SHORT, None)
RAMADAN = (*[SHORT] * 5, None, None)
LONG_AGO = date(2020, 3, 20)


def jalali(year, month, day):
    return jdatetime.date(year, month, day).togregorian()


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute))


def office(week=CLOSED_THURSDAY, *, holidays=(), closures=(), more=()):
    return Calendar(frozenset(holidays), (Week(LONG_AGO, week), *more), tuple(closures))


# Nowruz of 1405 as the law has it: four days, then the twelfth and the thirteenth of Farvardin.
NOWRUZ = [jalali(1405, 1, day) for day in (1, 2, 3, 4, 12, 13)]
SATURDAY = jalali(1405, 9, 7)


def test_the_days_of_an_iranian_week():
    days = [SATURDAY + timedelta(days=number) for number in range(7)]
    assert [office().is_working_day(day) for day in days] == [True] * 5 + [False] * 2
    assert [office(OPEN_THURSDAY).is_working_day(day) for day in days] == [True] * 6 + [False]


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        # In office hours: tomorrow is the first day.
        ((7, 10), 1, 8),
        ((7, 10), 4, 11),
        # Thursday and Friday are passed over.
        ((7, 10), 5, 14),
        ((11, 13, 59), 1, 14),
        # Before opening time it is that day's.
        ((8, 3), 1, 9),
        # From closing time on it is the next working day's.
        ((7, 14), 1, 9),
        ((7, 23, 59), 1, 9),
        ((11, 14), 1, 15),
        # So it is on a day off, at whatever hour.
        ((12, 9), 1, 15),
        ((13, 9), 1, 15),
        ((13, 9), 5, 19 + 2),
        ((7, 10), 10, 21),
    ],
)
def test_a_moment_and_so_many_working_days(sent, days, due):
    day, *clock = sent
    assert office().add(at(jalali(1405, 9, day), *clock), days) == jalali(1405, 9, due)


def test_thursday_is_a_choice():
    wednesday = at(jalali(1405, 9, 11), 10)
    assert office().add(wednesday, 1) == jalali(1405, 9, 14)
    assert office(OPEN_THURSDAY).add(wednesday, 1) == jalali(1405, 9, 12)
    # On a Thursday that is open until noon, an afternoon is too late.
    assert office(OPEN_THURSDAY).add(at(jalali(1405, 9, 12), 12, 30), 1) == jalali(1405, 9, 15)


def test_nowruz_is_passed_over():
    # Wednesday, 27 Esfand 1404; the 29th is a holiday, 1 Farvardin a Saturday.
    calendar = office(holidays=[jalali(1404, 12, 29), *NOWRUZ])
    wednesday = at(jalali(1404, 12, 27), 10)
    assert calendar.add(wednesday, 1) == jalali(1405, 1, 5)
    # 8 to 11 Farvardin are worked; the 12th, 13th and the weekend are not.
    assert calendar.add(wednesday, 5) == jalali(1405, 1, 11)
    assert calendar.add(wednesday, 6) == jalali(1405, 1, 15)
    assert calendar.count(jalali(1404, 12, 27), jalali(1405, 1, 15)) == 6


def test_a_leap_year_has_a_working_last_day_where_no_holiday_says_otherwise():
    # 30 Esfand 1403, the day that only leap years have, is 20 March 2025, a Thursday.
    assert jalali(1403, 12, 30) == date(2025, 3, 20)
    assert office(OPEN_THURSDAY).is_working_day(date(2025, 3, 20))
    assert not office(OPEN_THURSDAY, holidays=[date(2025, 3, 20)]).is_working_day(date(2025, 3, 20))


def test_a_closure_counts_with_both_its_ends():
    closed = Closure(jalali(1405, 9, 8), jalali(1405, 9, 9))
    assert office(closures=[closed]).add(at(SATURDAY, 10), 1) == jalali(1405, 9, 10)
    assert office(closures=[closed]).count(SATURDAY, jalali(1405, 9, 11)) == 2


def test_hours_change_by_date_and_come_back():
    ramadan = Week(jalali(1405, 11, 20), RAMADAN, last=jalali(1405, 12, 18))
    calendar = office(more=[ramadan])
    inside, after = jalali(1405, 12, 1), jalali(1405, 12, 22)
    assert calendar.hours_on(inside) == SHORT
    assert calendar.hours_on(after) == MORNING
    # A letter at one o'clock is in time in Azar and too late in Ramadan.
    assert calendar.add(at(SATURDAY, 13), 1) == SATURDAY + timedelta(days=1)
    assert calendar.add(at(inside, 13), 1) == inside + timedelta(days=2)
    # The first and the last day belong to it.
    assert calendar.hours_on(ramadan.first) == calendar.hours_on(ramadan.last - timedelta(days=2)) == SHORT


def test_the_week_that_began_last_holds():
    longer = Week(jalali(1405, 7, 1), OPEN_THURSDAY)
    calendar = office(more=[longer])
    assert not calendar.is_working_day(jalali(1405, 6, 26))
    assert calendar.is_working_day(jalali(1405, 7, 2))


def test_an_offices_own_week_goes_before_the_organisations():
    own = Week(jalali(1405, 1, 1), OPEN_THURSDAY, is_own=True)
    later = Week(jalali(1405, 7, 1), RAMADAN)
    assert office(more=[own, later]).is_working_day(jalali(1405, 9, 12))


def test_without_any_week_the_usual_one_holds():
    assert Calendar().hours_on(SATURDAY) == USUAL_WEEK[0]
    assert not Calendar().is_working_day(jalali(1405, 9, 12))


def test_an_office_that_never_opens_says_so():
    with pytest.raises(NoWorkingDay):
        office((None,) * 7).add(at(SATURDAY, 10), 1)


def test_counting_backwards_is_negative():
    assert office().count(jalali(1405, 9, 14), SATURDAY) == -5


@pytest.mark.parametrize("seed", range(40))
def test_what_is_added_is_counted(seed):
    """Over drawn calendars: the due day is a working day, lies exactly as far away as was promised, never comes earlier
    for a later letter or a shorter promise, and another holiday never brings it nearer."""
    draw = random.Random(seed)
    week = [draw.choice([None, MORNING, SHORT]) for _ in range(7)]
    week[draw.randrange(7)] = MORNING
    holidays = {SATURDAY + timedelta(days=draw.randrange(200)) for _ in range(20)}
    starts = [SATURDAY + timedelta(days=draw.randrange(150)) for _ in range(3)]
    closures = [Closure(day, day + timedelta(days=draw.randrange(20))) for day in starts]
    calendar = office(tuple(week), holidays=holidays, closures=closures)
    for _ in range(25):
        moment = at(SATURDAY + timedelta(days=draw.randrange(150)), draw.randrange(24), draw.randrange(60))
        days = draw.randrange(1, 40)
        arrival, due = calendar.arrival_day(moment), calendar.add(moment, days)
        assert calendar.is_working_day(arrival)
        assert arrival >= moment.date()
        assert calendar.is_working_day(due)
        assert calendar.count(arrival, due) == days
        assert calendar.add(moment, days + 1) > due
        assert calendar.add(moment + timedelta(hours=draw.randrange(1, 60)), days) >= due
        more = office(tuple(week), holidays={*holidays, due}, closures=closures)
        assert more.add(moment, days) > due


@pytest.mark.parametrize(
    ("begin", "end", "minutes"),
    [
        ((7, 9), (7, 10, 30), 90),
        # Nights, and what lies before opening and after closing time.
        ((7, 6), (7, 20), 360),
        ((7, 13), (8, 9), 120),
        ((7, 15), (8, 7), 0),
        # Thursday and Friday.
        ((11, 13), (14, 9), 120),
        ((12, 0), (13, 23, 59), 0),
        ((7, 8), (14, 8), 5 * 360),
        ((8, 9), (7, 9), 0),
        ((7, 10), (7, 9), 0),
    ],
)
def test_the_minutes_of_opening_hours_between_two_moments(begin, end, minutes):
    begin, end = (at(jalali(1405, 9, day), *clock) for day, *clock in (begin, end))
    assert office().minutes(begin, end) == minutes


def test_a_holiday_has_no_minutes():
    shut = office(holidays=[jalali(1405, 9, 8)])
    assert shut.minutes(at(jalali(1405, 9, 7), 13), at(jalali(1405, 9, 9), 9)) == 120
