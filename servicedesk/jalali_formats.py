"""Dates that Django and Wagtail write for people, in the Persian calendar where the language in use is Persian.

A *named* format («DATE_FORMAT», «DATETIME_FORMAT») is how Django writes a date for people; a pattern («Y-m-d», «c») may
be meant for machines, such as a sitemap, and stays as it is. So one function, ``django.utils.formats.date_format``, is
wrapped, through which every named format goes, instead of the dozens of Wagtail's templates and messages that use it.
"""

import datetime
from functools import wraps

from django.utils import formats, timezone, translation

from servicedesk import persian

_WRITTEN = {
    "DATE_FORMAT": lambda moment: persian.jalali_date(moment),
    "DATETIME_FORMAT": lambda moment: persian.jalali_date(moment) + _clock(moment, "، ساعت "),
    "SHORT_DATE_FORMAT": lambda moment: persian.jalali_short(moment),
    "SHORT_DATETIME_FORMAT": lambda moment: persian.jalali_short(moment) + _clock(moment, "، "),
    "YEAR_MONTH_FORMAT": lambda moment: persian.jalali_date(moment).split(" ", 1)[1],
    "MONTH_DAY_FORMAT": lambda moment: persian.jalali_date(moment).rsplit(" ", 1)[0],
}


def install():
    """Wrap Django's function; a second call changes nothing."""
    if not hasattr(formats.date_format, "__wrapped__"):
        formats.date_format = _in_persian(formats.date_format)


def _in_persian(date_format):
    @wraps(date_format)
    def written(value, format=None, use_l10n=None):
        words = _WRITTEN.get(format or "DATE_FORMAT")
        if words is None or translation.get_language() != "fa" or not isinstance(value, datetime.date):
            return date_format(value, format, use_l10n)
        if isinstance(value, datetime.datetime) and timezone.is_naive(value):
            value = timezone.make_aware(value)
        return words(value)

    return written


def _clock(moment, before):
    """The time of day; nothing for a date without one."""
    if not isinstance(moment, datetime.datetime):
        return ""
    local = timezone.localtime(moment)
    return before + persian.persian_digits(f"{local.hour:02d}:{local.minute:02d}")
