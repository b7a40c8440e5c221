"""A date, typed and shown as a Jalali one."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from servicedesk import persian
from servicedesk.fields.jalali_date import JalaliDateField
from servicedesk.questions.conditions import is_day
from servicedesk.questions.question import QuestionType


class JalaliDate(QuestionType):
    name, label, icon, group = "jalali_date", _("Date"), "date", _("Numbers")
    description = _("A Jalali date, with limits.")
    operators = ("on", "on-or-after", "on-or-before", "filled", "empty")
    filtered_by = "range"

    def searched(self, question, value):
        return self.exported(question, value) or ""

    def bound_field(self, question):
        return JalaliDateField()

    def own_blocks(self):
        return {
            "when": blocks.ChoiceBlock(
                label=_("Which days"),
                choices=[
                    ("any", _("any day")),
                    ("past", _("today or before")),
                    ("future", _("today or later")),
                    ("tomorrow", _("after today")),
                ],
                default="any",
            ),
            "earliest": blocks.DateBlock(label=_("Earliest"), required=False),
            "latest": blocks.DateBlock(label=_("Latest"), required=False),
        }

    def options(self, value):
        found = super().options(value)
        return {name: each.isoformat() if isinstance(each, date) else each for name, each in found.items()}

    def problems(self, question):
        earliest, latest = _limits(question.options)
        return [_("The earliest day is after the latest.")] if earliest and latest and earliest > latest else []

    def field(self, question):
        earliest, latest = _limits(question.options)
        return JalaliDateField(earliest=earliest, latest=latest)

    def rule_value(self, question, text):
        # What is stored comes here again, when the form is looked over.
        return text if is_day(text) else self.stored(JalaliDateField().clean(text))

    def rule_example(self):
        return JalaliDateField().example()

    def value_in_words(self, question, value):
        return self.shown(question, value) if is_day(value) else value  # In a draft, not yet a day.

    def value_for_browser(self, value):
        """A rule's value as js/typed-dates.js compares it: 14050902; "" where it is no day yet."""
        return persian.jalali_number(date.fromisoformat(value)) if is_day(value) else ""

    def stored(self, cleaned):
        return cleaned.isoformat() if cleaned else None

    def shown(self, question, value):
        return persian.jalali_date(date.fromisoformat(value)) if value else ""

    def exported(self, question, value):
        return persian.ascii_digits(persian.jalali_short(date.fromisoformat(value))) if value else None


def _limits(options):
    """(earliest, latest) as dates of this day, None where there is no limit."""
    today = timezone.localdate()
    earliest, latest = (
        date.fromisoformat(options[name]) if options.get(name) else None for name in ("earliest", "latest")
    )
    when = options.get("when", "any")
    if when == "past":
        latest = min(latest or today, today)
    elif when in ("future", "tomorrow"):
        first = today + timedelta(days=when == "tomorrow")
        earliest = max(earliest or first, first)
    return earliest, latest
