"""A declaration to tick, whose text is the question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.questions.question import QuestionType


class Declaration(QuestionType):
    name, label, icon, group = "declaration", _("Declaration to tick"), "circle-check", _("Files and more")
    description = _("A sentence that must be ticked.")
    left_out = ("example",)
    filtered_by = "tick"

    def field(self, question):
        return forms.BooleanField(error_messages={"required": _("Tick this box to go on.")})

    def stored(self, cleaned):
        return True if cleaned else None

    def shown(self, question, value):
        return str(_("Confirmed")) if value else ""
