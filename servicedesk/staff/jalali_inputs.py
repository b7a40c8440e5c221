"""Jalali dates in Wagtail's own date inputs: «۱۴۰۵/۰۹/۰۴» and «1405-9-4 13:05» are taken like their Gregorian day.

In the browser ``static/js/jalali-dates.js`` does the same while one types, and shows the Jalali date beside the input.
Forms of pages, filters, schedules and blocks all make their own ``AdminDateInput``, so what a browser sent is read in
that class itself. Its calendar stays Wagtail's, and so does what is stored.
"""

import re
from functools import wraps

import jdatetime
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from servicedesk.persian import ascii_digits

# Nobody plans a page for the Gregorian year 1699, nor writes of the Jalali year 1700.
FIRST_GREGORIAN_YEAR = 1700
FIRST_JALALI_YEAR = 1000
_TYPED = re.compile(
    r"\s*([0-9]{3,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})(?:[\sT،,]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?\s*"
)


def install():
    """Make both of Wagtail's inputs read Jalali dates; a second call changes nothing."""
    for widget in (AdminDateInput, AdminDateTimeInput):
        if not hasattr(widget.value_from_datadict, "__wrapped__"):
            widget.value_from_datadict = _reading_jalali(widget.value_from_datadict)


def _reading_jalali(value_from_datadict):
    @wraps(value_from_datadict)
    def read(self, data, files, name):
        return gregorian(value_from_datadict(self, data, files, name))

    return read


def gregorian(typed):
    """The typed date as ``2026-11-25`` or ``2026-11-25 13:05``; any other text stays for the form to refuse.

    A day that the Jalali calendar does not have (1404/12/30) must not be taken for one of the Gregorian year 1404, so
    its parts come back with slashes, which no format of ours reads.
    """
    match = _TYPED.fullmatch(ascii_digits(typed)) if isinstance(typed, str) else None
    if not match:
        return typed
    year, month, day = (int(part) for part in match.group(1, 2, 3))
    clock = f" {match.group(4)}" if match.group(4) else ""
    if year >= FIRST_GREGORIAN_YEAR:
        return f"{year:04d}-{month:02d}-{day:02d}{clock}"
    try:
        if year < FIRST_JALALI_YEAR:
            raise ValueError(year)
        date = jdatetime.date(year, month, day).togregorian()
    except ValueError:
        return f"{year}/{month:02d}/{day:02d}{clock}"
    return f"{date.isoformat()}{clock}"
