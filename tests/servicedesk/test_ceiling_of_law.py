"""No answer is promised for later than the law allows."""

import datetime

import jdatetime
import pytest
from django.utils import timezone

from servicedesk.models.office_calendar import ceiling_of_law, promised_day


@pytest.mark.parametrize(
    ("came", "last"),
    [
        ((1405, 9, 6), (1405, 12, 6)),
        # Over the end of a year.
        ((1405, 11, 1), (1406, 2, 1)),
        # Months that are shorter: Mehr, and Esfand with and without a leap day.
        ((1405, 4, 31), (1405, 7, 30)),
        ((1405, 9, 30), (1405, 12, 29)),
        ((1408, 9, 30), (1408, 12, 30)),
    ],
)
def test_three_jalali_months(came, last):
    assert ceiling_of_law(jdatetime.date(*came).togregorian()) == jdatetime.date(*last).togregorian()


@pytest.mark.django_db
def test_ninety_working_days_are_promised_as_three_months(water):
    came = jdatetime.date(1405, 9, 6).togregorian()
    moment = timezone.make_aware(datetime.datetime.combine(came, datetime.time(9)), timezone.get_default_timezone())
    assert promised_day(water, 90, moment) == jdatetime.date(1405, 12, 6).togregorian()
    assert promised_day(water, 5, moment) < jdatetime.date(1405, 10, 6).togregorian()
