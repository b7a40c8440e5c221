"""A report as one table for spreadsheet programs: what is told apart, its name, the span, and the measures."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servicedesk import persian
from servicedesk.models.weekly_hours import WEEKDAYS
from servicedesk.staff.reports.measures import MEASURES


def batches(report, *, with_clerks):
    """Lists of rows, the head first. Days are Jalali, in ASCII digits."""
    named = [pgettext("a report", "By"), _("Name"), pgettext("a report", "From"), pgettext("a report", "Until")]
    yield [[*named, *(str(measure.label) for measure in MEASURES)]]
    yield from _lines(report, _("All letters"), [report.total])
    yield from _lines(report, _("Unit"), report.by_unit)
    yield from _lines(report, _("Service"), report.by_service)
    if with_clerks:
        yield from _lines(report, pgettext("who works on letters", "Clerk"), report.by_clerk)
    rows = [[_("Period"), name, *_days(span), came, answered] for name, span, came, answered in report.periods]
    yield [_filled(row) for row in rows]
    span = _days(report.span)
    yield [
        _filled([_("Weekday and hour"), f"{WEEKDAYS[weekday][1]} {hour}–{hour + 1}", *span, count])
        for (weekday, hour), count in sorted(report.by_hour.items())
    ]


def _lines(report, by, lines):
    for line in lines:
        yield [
            [by, line.name, *_days(span), *(measure.value(numbers) for measure in MEASURES)]
            for span, numbers in ((report.span, line.now), (report.before, line.before))
        ]


def _days(span):
    return [persian.ascii_digits(persian.jalali_short(day)) for day in (span.first, span.last)]


def _filled(row):
    return row + [None] * (4 + len(MEASURES) - len(row))
