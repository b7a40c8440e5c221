"""Numbers and amounts of money."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from servicedesk import persian
from servicedesk.fields.numbers import MoneyField, NumberField
from servicedesk.questions.question import QuestionType

MOST_DECIMALS = 4


class _Measured(QuestionType):
    group = _("Numbers")
    operators = ("is", "at-least", "at-most", "filled", "empty")
    filtered_by, is_number = "range", True

    def searched(self, question, value):
        # Without the marks between thousands.
        return "" if value is None else str(value)

    def bound_field(self, question):
        return self.unlimited(question)

    def problems(self, question):
        smallest, largest = (question.options.get(name) for name in ("smallest", "largest"))
        if smallest is not None and largest is not None and Decimal(smallest) > Decimal(largest):
            return [_("The smallest is more than the largest.")]
        return []

    def rule_value(self, question, text):
        return self.stored(self.unlimited(question).clean(text))

    def value_in_words(self, question, value):
        try:
            return self.shown(question, value)
        except (InvalidOperation, ValueError):
            return value  # In a draft, not yet something to compare with.

    def unlimited(self, question):
        """The field without its limits: a rule may compare with anything."""
        raise NotImplementedError


class Number(_Measured):
    name, label, icon = "number", _("Number"), "decimal"
    description = _("A count or a measure, with limits.")
    rarely_set = ("decimals",)

    def own_blocks(self):
        return {
            "smallest": blocks.DecimalBlock(label=_("Smallest"), required=False),
            "largest": blocks.DecimalBlock(label=_("Largest"), required=False),
            "decimals": blocks.IntegerBlock(
                label=_("Digits after the decimal sign"), required=False, min_value=0, max_value=MOST_DECIMALS
            ),
            "unit": blocks.CharBlock(
                label=_("Unit"), required=False, max_length=30, help_text=_("Such as: square metres.")
            ),
        }

    def options(self, value):
        found = super().options(value)
        return {name: str(each) if isinstance(each, Decimal) else each for name, each in found.items()}

    def field(self, question):
        limits = {name: Decimal(question.options[name]) for name in ("smallest", "largest") if name in question.options}
        return NumberField(decimals=question.options.get("decimals", 0), **limits)

    def unlimited(self, question):
        return NumberField(decimals=MOST_DECIMALS)

    def form_field(self, question):
        made = super().form_field(question)
        if unit := question.options.get("unit"):
            made.label = f"{question.label} ({unit})"
        return made

    def stored(self, cleaned):
        return None if cleaned is None else f"{cleaned.normalize():f}"

    def shown(self, question, value):
        if value is None:
            return ""
        number, unit = persian.number_for_people(Decimal(value)), question.options.get("unit")
        return f"{number} {unit}" if unit else number

    def exported(self, question, value):
        return None if value is None else Decimal(value)


class Money(_Measured):
    name, label, icon = "money", _("Amount of money"), "tag"
    description = _("An amount in rials or tomans.")

    def own_blocks(self):
        return {
            "currency": blocks.ChoiceBlock(
                label=_("Currency"), choices=[("rial", _("rial")), ("toman", _("toman"))], default="rial"
            ),
            "smallest": blocks.IntegerBlock(label=_("Smallest"), required=False, min_value=0),
            "largest": blocks.IntegerBlock(label=_("Largest"), required=False, min_value=0),
        }

    def field(self, question):
        return MoneyField(**{"currency": "rial", **question.options})

    def unlimited(self, question):
        return MoneyField(currency=question.options.get("currency", "rial"))

    def shown(self, question, value):
        return "" if value is None else persian.money_for_people(value, question.options.get("currency", "rial"))

    def exported(self, question, value):
        return value
