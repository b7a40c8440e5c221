"""Asking the citizen for more, and taking the question back."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from servicedesk import persian
from servicedesk.fields.text import ParagraphField
from servicedesk.roles import Act
from servicedesk.staff.verbs.form import LONGEST_REMARK, VerbForm

MOST_FILES, LONGEST_FILE_NAME = 5, 100


class WantedFilesField(forms.CharField):
    """What the wanted files are called, one a line; cleaned to a list of texts."""

    widget = forms.Textarea(attrs={"rows": 2, "cols": False})

    def to_python(self, value):
        return [line for line in map(persian.tidy, super().to_python(value).splitlines()) if line]

    def validate(self, value):
        if len(value) > MOST_FILES:
            most = persian.in_language(MOST_FILES)
            raise ValidationError(_("Ask for at most %(most)s files at once.") % {"most": most})
        if any(len(line) > LONGEST_FILE_NAME for line in value):
            most = persian.in_language(LONGEST_FILE_NAME)
            raise ValidationError(_("Name each file with at most %(most)s characters.") % {"most": most})


class AskForm(VerbForm):
    name, act, icon = "ask", Act.ANSWER, "speech"
    shortcut = "q"
    title, button = _("Ask the citizen for more"), _("Send the question")
    hint = _(
        "The citizen gets an SMS and replies on the letter's page. Until then the letter waits, and the promised day "
        "rests."
    )
    question = ParagraphField(
        label=_("What you need to know"),
        longest=LONGEST_REMARK,
        rows=4,
        error_messages={"required": _("Write what you need from the citizen.")},
    )
    wanted = WantedFilesField(
        label=_("Files that are wanted, one a line (not required)"),
        required=False,
    )

    @classmethod
    def is_offered(cls, letter):
        return letter.is_open and letter.open_request is None

    @classmethod
    def said(cls, event):
        return _("The question is on its way to the citizen. The promised day rests until the reply comes.")

    def send(self, letter, by):
        data = self.cleaned_data
        return letter.ask(by=by, question=data["question"], wanted=data["wanted"], form_key=self.key)


class TakeQuestionBackForm(VerbForm):
    name, act, icon = "take-question-back", Act.ANSWER, "undo"
    title, button = _("Take the question back"), _("Take it back")
    hint = _("The citizen need not reply any more; the letter goes on. No SMS is sent.")

    @classmethod
    def is_offered(cls, letter):
        return letter.is_open and letter.open_request is not None

    @classmethod
    def said(cls, event):
        return _("The question is taken back; the letter goes on.")

    def send(self, letter, by):
        return letter.take_question_back(by=by, form_key=self.key)
