"""The editor's panels in the browser: conditions that are made by clicking (``site/static/js/form-conditions.js``).

What each type of question can be asked is handed to the script as data, from the register alone.
"""

from django import forms
from django.apps import apps
from django.utils.translation import gettext as _
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockAdapter
from wagtail.blocks.struct_block import StructBlockAdapter

from servicedesk.questions.conditions import WITHOUT_VALUE, RuleBlock
from servicedesk.questions.form_blocks import QuestionsBlock, SectionBlock
from servicedesk.questions.outline import outline_of_set
from servicedesk.questions.register import TYPES, type_of


class _WithScript(StructBlockAdapter):
    @property
    def media(self):
        return super().media + forms.Media(js=["js/form-conditions.js"])


class RuleAdapter(_WithScript):
    js_constructor = "servicedesk.questions.Rule"

    def js_args(self, block):
        name, children, meta = super().js_args(block)
        return [name, children, {**meta, "facts": _facts()}]


class SectionAdapter(_WithScript):
    js_constructor = "servicedesk.questions.Section"


class QuestionsAdapter(StreamBlockAdapter):
    def js_args(self, block):
        """Without the ids of the choices that a new question begins with: they are made here, once, and each question
        that is inserted would get the same."""
        *first, initial, meta = super().js_args(block)
        for state in initial.values():
            for choice in state.get("choices", ()):
                del choice["id"]
        return [*first, initial, meta]


def install():
    """Wagtail then draws these blocks with our script. Each is a block of its own class, so no other changes."""
    register(RuleAdapter(), RuleBlock)
    register(SectionAdapter(), SectionBlock)
    register(QuestionsAdapter(), QuestionsBlock)


def _facts():
    """What the script must know of types and what it says."""
    return {
        "types": {
            name: {
                "label": str(kind.label),
                "operators": list(kind.operators),
                "example": kind.rule_example(),
                "choices": [[value, str(words)] for value, words in kind.rule_choices()] or None,
            }
            for name, kind in TYPES.items()
        },
        "withoutValue": list(WITHOUT_VALUE),
        "shared": {str(each.pk): _questions_of(each) for each in _shared_sets()},
        "words": {
            "choose": _("Choose one"),
            "always": _("always"),
            "and": _(" and "),
            "or": _(" or "),
            "unnamed": _("(question without words yet: %s)"),
            "unnamedChoice": _("(choice %s, without words yet)"),
            "removed": _("(a question that was removed)"),
            "removedHelp": _("The question that stood here is not in this form any more. Choose another one."),
            "removedChoice": _("(a choice that was removed)"),
            "removedChoiceHelp": _("The choice that stood here is not there any more. Choose another one."),
            "later": _("This question comes later. Move it above, or choose an earlier one."),
            "itself": _("A question cannot depend on itself. Choose an earlier one."),
            "none": _("No earlier question can be asked about. Put one above this first."),
        },
    }


def _shared_sets():
    return apps.get_model("servicedesk", "QuestionSet").objects.filter(live=True)


def _questions_of(question_set):
    """What conditions may ask about its questions."""
    return [
        {"id": asked.id, "type": asked.type, "label": asked.label, "choices": _choices_of(asked)}
        for asked in outline_of_set(question_set.questions, question_set.title).questions
        if type_of(asked).operators
    ]


def _choices_of(question):
    always = [[value, str(words)] for value, words in type_of(question).rule_choices()]
    return always or question.options.get("choices")
