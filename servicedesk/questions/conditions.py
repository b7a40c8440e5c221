"""«Ask it only if»: conditions on earlier answers, as plain data, the same for server and browser.

A condition is ``{"match": "all" | "any", "rules": [{"question": id, "operator": name, "value": text}]}``; without rules
it always holds. What was not asked counts as not answered, and of what is not answered only «empty» holds: so a hidden
question never decides anything by what somebody had typed into it. Of what was typed and does not do only «answered»
holds. ``site/static/js/conditions.js`` follows the same
rules; the server's word is the last.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

OPERATORS = {
    "is": gettext_lazy("is"),
    "is-not": gettext_lazy("is something else than"),
    "has": gettext_lazy("has among its choices"),
    "has-not": gettext_lazy("does not have among its choices"),
    "at-least": gettext_lazy("is at least"),
    "at-most": gettext_lazy("is at most"),
    "on": gettext_lazy("is on"),
    "on-or-after": gettext_lazy("is on or after"),
    "on-or-before": gettext_lazy("is on or before"),
    "filled": gettext_lazy("is answered"),
    "empty": gettext_lazy("is left empty"),
}
# These ask whether there is an answer, not which.
WITHOUT_VALUE = ("filled", "empty")
# These compare days. Answer and value are both like 2026-11-24, so that the alphabet puts them in order.
OF_DAYS = {
    "on": lambda answer, value: answer == value,
    "on-or-after": lambda answer, value: answer >= value,
    "on-or-before": lambda answer, value: answer <= value,
}
LAST_JALALI_YEAR = 1500
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOST_RULES = 10
# Stands for an answer that was typed and will not do.
UNREADABLE = object()


@dataclass(frozen=True)
class Rule:
    """One comparison with the answer of an earlier question."""

    question: str
    operator: str
    value: str = ""

    def holds(self, answer):
        """``answer`` is the stored one (JSON), None where there is none."""
        if answer is None or self.operator in WITHOUT_VALUE:
            return (answer is None) == (self.operator == "empty")
        if answer is UNREADABLE:
            return False
        if self.operator in OF_DAYS:
            return bool(is_day(answer) and is_day(self.value) and OF_DAYS[self.operator](answer, self.value))
        if self.operator in ("has", "has-not"):
            return (self.value in answer) == (self.operator == "has")
        here, there = _measure(answer), _measure(self.value)
        if self.operator in ("at-least", "at-most"):
            if here is None or there is None:
                return False
            return here >= there if self.operator == "at-least" else here <= there
        same = answer == self.value or (here is not None and here == there)
        return same == (self.operator == "is")


@dataclass(frozen=True)
class Condition:
    """Rules of which all, or any, must hold."""

    rules: tuple[Rule, ...] = ()
    match: str = "all"

    @classmethod
    def from_json(cls, data):
        if not data:
            return cls()
        return cls(tuple(Rule(**rule) for rule in data["rules"]), data.get("match", "all"))

    def as_json(self):
        return {"match": self.match, "rules": [rule.__dict__ for rule in self.rules]} if self.rules else None

    def __bool__(self):
        return bool(self.rules)

    def holds(self, answers):
        """``answers`` maps the ids of what was asked and answered to what is stored."""
        found = (rule.holds(answers.get(rule.question)) for rule in self.rules)
        return not self.rules or (any(found) if self.match == "any" else all(found))

    @property
    def questions(self):
        """The ids that it asks about."""
        return [rule.question for rule in self.rules]


def is_day(value):
    """Whether it is a day as answers keep it: 2026-11-24. Nobody types a Jalali year that is so large."""
    try:
        return bool(_DAY.fullmatch(str(value))) and date.fromisoformat(value).year > LAST_JALALI_YEAR
    except ValueError:
        return False


def _measure(answer):
    """The number (Decimal) that an answer or a rule's value is; None for anything else."""
    try:
        number = Decimal(str(answer))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def in_words(condition, labels):
    """The condition for people who see everything at once: «Answer this only if …».

    ``labels(rule)`` gives (the question's label, the value's words).
    """
    pieces = []
    for rule in condition.rules:
        label, value = labels(rule)
        pieces.append(SENTENCES[rule.operator] % {"question": label, "value": value})
    return (_(" or ") if condition.match == "any" else _(" and ")).join(pieces)


SENTENCES = {
    "is": gettext_lazy("the answer to “%(question)s” is “%(value)s”"),
    "is-not": gettext_lazy("the answer to “%(question)s” is not “%(value)s”"),
    "has": gettext_lazy("“%(value)s” is chosen for “%(question)s”"),
    "has-not": gettext_lazy("“%(value)s” is not chosen for “%(question)s”"),
    "at-least": gettext_lazy("“%(question)s” is %(value)s or more"),
    "at-most": gettext_lazy("“%(question)s” is %(value)s or less"),
    "on": gettext_lazy("“%(question)s” is %(value)s"),
    "on-or-after": gettext_lazy("“%(question)s” is %(value)s or later"),
    "on-or-before": gettext_lazy("“%(question)s” is %(value)s or earlier"),
    "filled": gettext_lazy("you have answered “%(question)s”"),
    "empty": gettext_lazy("you have left “%(question)s” empty"),
}


class RuleBlock(blocks.StructBlock):
    """One rule as the editor makes it. The script of the panel offers the earlier questions by their labels, and of the
    one chosen what can be asked about it."""

    question = blocks.CharBlock(label=gettext_lazy("Earlier question"), max_length=40)
    operator = blocks.ChoiceBlock(label=gettext_lazy("Comparison"), choices=list(OPERATORS.items()), default="is")
    value = blocks.CharBlock(label=gettext_lazy("Value"), required=False, max_length=200)

    class Meta:
        icon = "tasks"
        label = gettext_lazy("Rule")
        form_classname = "struct-block condition-rule"
        label_format = ""


class ConditionBlock(blocks.StructBlock):
    match = blocks.ChoiceBlock(
        label=gettext_lazy("How many of the rules must hold"),
        choices=[("all", gettext_lazy("all of them")), ("any", gettext_lazy("at least one"))],
        default="all",
    )
    rules = blocks.ListBlock(
        RuleBlock(),
        label=gettext_lazy("Rules"),
        max_num=MOST_RULES,
        default=[],
        help_text=gettext_lazy(
            "Without a rule it is always there. Each rule asks about the answer to an earlier question."
        ),
    )

    class Meta:
        icon = "tasks"
        label_format = ""
        # Its heading says what it holds: form-conditions.js.
        collapsed = True


def condition_of(value):
    """The Condition that an editor has made. ``value`` is the StructValue of a ConditionBlock, or None."""
    rules = [
        Rule(rule["question"], rule["operator"], "" if rule["operator"] in WITHOUT_VALUE else rule["value"] or "")
        for rule in (value["rules"] if value else ())
    ]
    return Condition(tuple(rules), value["match"] if rules else "all")
