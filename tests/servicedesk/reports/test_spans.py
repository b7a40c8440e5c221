"""Spans of Jalali days, with plain values: no database."""

from datetime import date

import jdatetime
import pytest
from django.utils import translation

from servicedesk.staff.reports.spans import Span, usual_spans


def day(year, month, number):
    return jdatetime.date(year, month, number).togregorian()


def span(first, last):
    return Span(day(*first), day(*last))


@pytest.mark.parametrize(
    ("shown", "before"),
    [
        # Whole months beside as many whole months, however long these are.
        (((1405, 8, 1), (1405, 8, 30)), ((1405, 7, 1), (1405, 7, 30))),
        (((1405, 7, 1), (1405, 7, 30)), ((1405, 6, 1), (1405, 6, 31))),
        (((1405, 1, 1), (1405, 1, 31)), ((1404, 12, 1), (1404, 12, 29))),
        (((1405, 1, 1), (1405, 3, 31)), ((1404, 10, 1), (1404, 12, 29))),
        (((1404, 1, 1), (1404, 12, 29)), ((1403, 1, 1), (1403, 12, 30))),
        # Other spans beside as many days.
        (((1405, 8, 1), (1405, 8, 10)), ((1405, 7, 21), (1405, 7, 30))),
        (((1405, 8, 5), (1405, 8, 5)), ((1405, 8, 4), (1405, 8, 4))),
    ],
)
def test_the_span_before(shown, before):
    assert span(*shown).before() == span(*before)


def test_a_span_reaches_to_the_end_of_its_last_day_in_tehran():
    one = Span(date(2026, 11, 26), date(2026, 11, 26))
    assert (one.begin.isoformat(), one.end.isoformat()) == ("2026-11-26T00:00:00+03:30", "2026-11-27T00:00:00+03:30")


def test_days_weeks_and_months():
    with translation.override("fa"):
        days = span((1405, 8, 28), (1405, 9, 2)).periods()
        assert [name for name, _span in days] == ["۸/۲۸", "۸/۲۹", "۸/۳۰", "۹/۱", "۹/۲"]
        weeks = [period for _name, period in span((1405, 8, 1), (1405, 9, 30)).periods()]
        # Friday stands alone; then from Saturday to Friday.
        assert weeks[0] == span((1405, 8, 1), (1405, 8, 1))
        assert weeks[1] == span((1405, 8, 2), (1405, 8, 8))
        assert weeks[-1].last == day(1405, 9, 30)
        months = span((1404, 12, 10), (1405, 9, 5)).periods()
        assert [name for name, _span in months][:2] == ["اسفند ۱۴۰۴", "فروردین ۱۴۰۵"]
        assert months[0][1] == span((1404, 12, 10), (1404, 12, 29))
        assert months[-1][1] == span((1405, 9, 1), (1405, 9, 5))


@pytest.mark.parametrize("length", [1, 31, 32, 190, 191, 800])
def test_the_periods_lie_side_by_side(length):
    whole = Span(date.fromordinal(740_000), date.fromordinal(740_000 + length - 1))
    parts = [period for _name, period in whole.periods()]
    assert (parts[0].first, parts[-1].last) == (whole.first, whole.last)
    assert all((later.first - earlier.last).days == 1 for earlier, later in zip(parts, parts[1:], strict=False))
    assert len(parts) <= 32


def test_what_is_asked_for_most_on_new_year_and_in_azar():
    new_year = usual_spans(day(1405, 1, 1))
    assert new_year["this-month"] == span((1405, 1, 1), (1405, 1, 1))
    assert new_year["last-month"] == span((1404, 12, 1), (1404, 12, 29))
    assert new_year["last-three-months"] == span((1404, 10, 1), (1404, 12, 29))
    assert new_year["last-year"] == span((1404, 1, 1), (1404, 12, 29))
    azar = usual_spans(day(1405, 9, 5))
    assert azar["this-year"] == span((1405, 1, 1), (1405, 9, 5))
    assert azar["last-30-days"] == span((1405, 8, 6), (1405, 9, 5))
