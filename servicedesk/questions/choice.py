"""One or several of what the editor offers, and yes or no.

A choice has an id of its own, by which answers and conditions name it: its words may change and be translated.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from servicedesk import persian
from servicedesk.questions.question import QuestionType

MOST_CHOICES = 100
# Radio buttons and boxes show all choices at once; beyond this many of one, a list is easier.
MOST_RADIOS = 8


class ChoiceWordsBlock(blocks.CharBlock):
    """The words of one choice; in a list Wagtail gives a box no label."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.field.widget.attrs["aria-label"] = kwargs["label"]


class _OfChoices(QuestionType):
    group = _("Choices")
    left_out = ("example",)
    keeps_typed = False
    filtered_by = "choices"

    def filter_choices(self, question):
        return question.options["choices"]

    def own_blocks(self):
        return {
            "choices": blocks.ListBlock(
                ChoiceWordsBlock(label=_("Choice"), max_length=200),
                label=_("Choices"),
                min_num=2,
                default=["", ""],
                max_num=MOST_CHOICES,
                icon="list-ul",
            ),
        }

    def options(self, value):
        return {"choices": [[bound.id, bound.value] for bound in value["choices"].bound_blocks]}

    def problems(self, question):
        words = [persian.fold(label) for _id, label in question.options["choices"]]
        doubles = len(words) - len(set(words))
        return [_("Two of the choices are the same.")] if doubles else []

    def rule_value(self, question, text):
        if text not in dict(question.options["choices"]):
            raise ValidationError(_("This is none of the choices."))
        return text


class Choice(_OfChoices):
    name, label, icon = "choice", _("One of several"), "radio-full"
    description = _("One of the choices that you write.")
    operators = ("is", "is-not", "filled", "empty")

    def field(self, question):
        choices = question.options["choices"]
        few = len(choices) <= MOST_RADIOS
        # What is optional can be taken back: without JavaScript a radio button cannot be cleared.
        none = [] if few and question.required else [("", _("Choose one") if not few else _("no answer"))]
        return forms.ChoiceField(
            choices=[*choices, *none] if few else [*none, *choices],
            widget=forms.RadioSelect if few else forms.Select,
            error_messages={
                "required": _("Choose one of these."),
                "invalid_choice": _("This choice is not there any more. Choose another one."),
            },
        )

    def shown(self, question, value):
        return dict(question.options["choices"]).get(value, "")


class Choices(_OfChoices):
    name, label, icon = "choices", _("Several of several"), "list-ul"
    description = _("Any of the choices that you write.")
    operators = ("has", "has-not", "filled", "empty")
    rarely_set = ("fewest", "most")

    def own_blocks(self):
        return {
            **super().own_blocks(),
            "fewest": blocks.IntegerBlock(label=_("Fewest choices"), required=False, min_value=1),
            "most": blocks.IntegerBlock(label=_("Most choices"), required=False, min_value=1),
        }

    def options(self, value):
        limits = {name: value[name] for name in ("fewest", "most") if value.get(name)}
        return {**super().options(value), **limits}

    def problems(self, question):
        found = super().problems(question)
        fewest, most = question.options.get("fewest", 1), question.options.get("most", MOST_CHOICES)
        if fewest > most or fewest > len(question.options["choices"]):
            found.append(_("Nobody can choose so many."))
        return found

    def field(self, question):
        return _SeveralField(
            choices=question.options["choices"],
            fewest=question.options.get("fewest", 0),
            most=question.options.get("most", 0),
        )

    def shown(self, question, value):
        words = dict(question.options["choices"])
        return persian.listed(words[each] for each in value or () if each in words)


class _SeveralField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": _("Choose at least one of these."),
        "invalid_choice": _("One of your choices is not there any more. Choose again."),
        "fewest": _("Choose at least %(count)s of these."),
        "most": _("Choose at most %(count)s of these."),
    }

    def __init__(self, *, fewest, most, **kwargs):
        self.fewest, self.most = fewest, most
        super().__init__(**kwargs)

    def to_python(self, value):
        # Each once, or a forged form could fill the count with one of them.
        return list(dict.fromkeys(super().to_python(value)))

    def validate(self, value):
        super().validate(value)
        for limit, is_broken in (("fewest", value and len(value) < self.fewest), ("most", len(value) > self.most > 0)):
            if is_broken:
                count = persian.in_language(getattr(self, limit))
                raise ValidationError(self.error_messages[limit], code=limit, params={"count": count})


class YesNo(QuestionType):
    name, label, icon, group = "yes_no", _("Yes or no"), "check", _("Choices")
    description = _("Yes or no, good for conditions.")
    operators = ("is", "filled", "empty")
    left_out = ("example",)
    keeps_typed = False
    filtered_by = "choices"
    WORDS = {"yes": pgettext_lazy("answer", "Yes"), "no": pgettext_lazy("answer", "No")}

    def filter_choices(self, question):
        return list(self.WORDS.items())

    def field(self, question):
        none = [] if question.required else [("", _("no answer"))]
        return forms.ChoiceField(
            choices=[*self.WORDS.items(), *none],
            widget=forms.RadioSelect,
            error_messages={
                "required": _("Choose yes or no."),
                "invalid_choice": _("This answer is neither yes nor no. Choose one of the two."),
            },
        )

    def rule_choices(self):
        return list(self.WORDS.items())

    def rule_value(self, question, text):
        if text not in self.WORDS:
            raise ValidationError(_("This is none of the choices."))
        return text

    def shown(self, question, value):
        return str(self.WORDS.get(value, ""))
