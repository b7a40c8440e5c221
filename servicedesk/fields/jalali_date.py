"""A date of the Jalali calendar, typed in one box or chosen from three lists."""

import datetime

import jdatetime
from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from servicedesk import persian
from servicedesk.fields.date_writings import GREGORIAN_YEARS, JALALI_YEARS, taken_apart

# The lists' years where no limit says better.
YEARS_BACK, YEARS_AHEAD = 100, 10


class Chosen(str):
    """A date put together from the three lists, the box being empty: ``1405/9/2``, with "" for a list left alone."""

    def __new__(cls, day, month, year):
        chosen = super().__new__(cls, f"{year}/{month}/{day}")
        chosen.lists = {"day": day, "month": month, "year": year}
        return chosen


class JalaliDateInput(forms.TextInput):
    """A box for the date, and below it, folded, lists of days, months and years that count while the box is empty; so
    they serve without scripts. With ``js/jalali-picker.js`` what is chosen is written into the box.

    The lists' names are that of the field with «-day», «-month» and «-year».
    """

    template_name = "servicedesk/fields/jalali_date.html"
    years = ()

    class Media:
        js = ["js/jalali-picker.js"]

    def use_required_attribute(self, initial):
        return False  # The lists may be used instead.

    def value_from_datadict(self, data, files, name):
        typed = super().value_from_datadict(data, files, name)
        if persian.tidy(typed or ""):
            return typed
        day, month, year = (str(data.get(f"{name}-{part}") or "").strip() for part in ("day", "month", "year"))
        return Chosen(day, month, year) if day or month or year else typed

    def value_omitted_from_data(self, data, files, name):
        return not any(key in data for key in (name, f"{name}-day", f"{name}-month", f"{name}-year"))

    def format_value(self, value):
        """The box stays empty where the lists were used, so that they count the next time too."""
        return "" if isinstance(value, Chosen) else super().format_value(value)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        chosen = getattr(value, "lists", {})
        years = [persian.in_language(year) for year in self.years]
        days = [persian.in_language(day) for day in range(1, 32)]
        context["widget"]["open"] = bool(chosen)
        context["widget"]["lists"] = [
            _list("day", _("Day"), zip(days, days, strict=True), chosen),
            _list("month", _("Month"), enumerate(persian.month_names(), 1), chosen),
            _list("year", _("Year"), zip(years, years, strict=True), chosen),
        ]
        return context


def _list(part, label, options, chosen):
    """The options as HTML: a template's loop over a hundred years takes ten times as long."""
    wanted = persian.ascii_digits(chosen.get(part, ""))
    html = ""
    for value, words in options:
        own = "" if value == words else f' value="{value}"'
        html += f"<option{own}{' selected' * (persian.ascii_digits(value) == wanted)}>{words}</option>"
    return {"part": part, "label": label, "options": mark_safe(html)}  # Numbers and names of months of ours.


class JalaliDateField(forms.Field):
    """A date from ``earliest`` to ``latest`` (``datetime.date``, both included) in any usual Jalali writing; cleaned to
    a Gregorian ``datetime.date``."""

    widget = JalaliDateInput
    default_error_messages = {
        "required": _("Enter the date."),
        "invalid": _("This is not a date. Write year, month and day, like %(example)s."),
        "incomplete": _("Choose day, month and year, all three."),
        "short_year": _("Write the year with four digits, like %(example)s."),
        "year": _("The year %(year)s cannot be right. Write the date like %(example)s."),
        "month": _("A year has 12 months; there is no month %(month)s."),
        "day": _("%(month)s %(year)s has %(days)s days; there is no day %(day)s in it."),
        "gregorian": _("This is a Gregorian date. In the Jalali calendar it is %(jalali)s; write it so."),
        "gregorian_unclear": _("This is a Gregorian date. Write it in the Jalali calendar, like %(example)s."),
        "earliest": _("Enter a date that is not before %(limit)s."),
        "latest": _("Enter a date that is not after %(limit)s."),
    }

    def __init__(self, *, earliest=None, latest=None, **field):
        self.earliest, self.latest = earliest, latest
        field["help_text"] = field.get("help_text") or lazy(self._hint, str)()
        super().__init__(**field)
        self.widget.years = _years(earliest, latest)

    def widget_attrs(self, widget):
        limits = {"data-earliest": self.earliest, "data-latest": self.latest}
        attrs = {name: persian.jalali_number(day) for name, day in limits.items() if day}
        return {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr", **attrs}

    def prepare_value(self, value):
        """What was typed stays; a date from elsewhere is written as people write it."""
        return persian.jalali_short(value) if isinstance(value, datetime.date) else value

    def to_python(self, value):
        if isinstance(value, datetime.date):
            return value.date() if isinstance(value, datetime.datetime) else value
        if value in self.empty_values or not persian.tidy(value):
            return None
        if isinstance(value, Chosen) and not all(value.lists.values()):
            raise self.refusal("incomplete")
        typed = taken_apart(value)
        if typed is None:
            raise self.refusal("invalid", example=self.example())
        if len(typed.year) < 4:
            raise self.refusal("short_year", example=self.example())
        if typed.gregorian:
            raise self._gregorian(typed)
        return self._jalali(typed)

    def _gregorian(self, typed):
        """The refusal of a Gregorian date, with the Jalali one where there is no doubt about it."""
        try:
            meant = datetime.date(int(typed.year), typed.month, typed.day)
        except ValueError:
            meant = None
        if meant is None or typed.either_way or meant.year not in GREGORIAN_YEARS:
            return self.refusal("gregorian_unclear", example=self.example())
        return self.refusal("gregorian", jalali=persian.jalali_short(meant))

    def _jalali(self, typed):
        year = int(typed.year)
        if year not in JALALI_YEARS:
            raise self.refusal("year", year=persian.in_language(typed.year), example=self.example())
        if not 1 <= typed.month <= 12:
            raise self.refusal("month", month=persian.in_language(typed.month))
        days = _days_in(year, typed.month)
        if not 1 <= typed.day <= days:
            numbers = {"year": year, "day": typed.day, "days": days}
            raise self.refusal(
                "day",
                month=persian.month_names()[typed.month - 1],
                **{name: persian.in_language(number) for name, number in numbers.items()},
            )
        return jdatetime.date(year, typed.month, typed.day).togregorian()

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            raise self.refusal("earliest", limit=persian.jalali_date(self.earliest))
        if self.latest and value > self.latest:
            raise self.refusal("latest", limit=persian.jalali_date(self.latest))

    def _hint(self):
        return _("Like %(example)s.") % {"example": self.example()}

    def example(self):
        """A date as it may be typed, one that would be taken."""
        day = timezone.localdate()
        if self.latest:
            day = min(day, self.latest)
        if self.earliest:
            day = max(day, self.earliest)
        return persian.jalali_short(day)

    def refusal(self, code, **params):
        return forms.ValidationError(self.error_messages[code], code=code, params=params)


def _days_in(year, month):
    if month <= 6:
        return 31
    return 30 if month <= 11 or jdatetime.date(year, 12, 1).isleap() else 29


def _years(earliest, latest):
    """The Jalali years of the list. Where all or most of them are over, the last one stands first."""
    now = persian.jalali(timezone.localdate()).year
    first = persian.jalali(earliest).year if earliest else None
    last = persian.jalali(latest).year if latest else None
    if first is None:
        first = min(now, last or now) - YEARS_BACK
    if last is None:
        last = max(now, first) + YEARS_AHEAD
    years = range(first, last + 1)
    return years if first >= now else years[::-1]
