"""What clerks write. Each form sends itself by the letter's verb of the same name."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.fields.text import ParagraphField
from servicedesk.forms import UnitChoiceField, UnitSelect
from servicedesk.models import Reply, Unit

LONGEST_ANSWER = 10_000
LONGEST_REMARK = 2_000


class KeyForm(forms.Form):
    """The name of one rendered form."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "required": _("This form came incomplete. Open the letter anew; what you wrote is below."),
            "invalid": _("This form came incomplete. Open the letter anew; what you wrote is below."),
        },
    )


class VerbForm(KeyForm):
    """A form that, sent twice, does its work once."""

    name = None

    def __init__(self, data=None):
        super().__init__(data, initial={"form_key": uuid.uuid4()}, auto_id=f"{self.name}-%s")

    @property
    def key(self):
        """The UUID of this form, sent or fresh; None where what was sent is none."""
        if self.is_bound:
            self.is_valid()
            return self.cleaned_data.get("form_key")
        return self.initial["form_key"]


class AnswerForm(VerbForm):
    """The final answer. The file is inspected by the view, since that needs the store."""

    name = "answer"
    text = ParagraphField(
        label=_("Answer to the citizen"),
        longest=LONGEST_ANSWER,
        rows=9,
        error_messages={"required": _("Write the answer.")},
    )
    file = forms.FileField(label=_("File with the answer (not required)"), required=False, allow_empty_file=True)
    attachment = None

    def send(self, letter, by):
        return letter.answer(by=by, text=self.cleaned_data["text"], file=self.attachment, form_key=self.key)


class InterimAnswerForm(AnswerForm):
    """Word to the citizen while the letter stays in review: the same box with another button."""

    def send(self, letter, by):
        return letter.answer_meanwhile(by=by, text=self.cleaned_data["text"], file=self.attachment, form_key=self.key)


class ReplyFileForm(VerbForm):
    """Another file for an answer whose own was removed."""

    name = "reply-file"
    reply = forms.ModelChoiceField(
        Reply.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"required": _("This form came incomplete. Open the letter anew; what you wrote is below.")},
    )
    file = forms.FileField(label=_("Another file for this answer"), required=False, allow_empty_file=True)
    attachment = None

    def __init__(self, data=None, *, letter, reply=None):
        super().__init__(data)
        # Several answers may each want one.
        self.auto_id = f"{self.name}-{reply.pk if reply else self.data.get('reply', '')}-%s"
        self.fields["reply"].queryset = letter.replies
        self.initial["reply"] = reply

    def send(self, letter, by):
        reply = self.cleaned_data["reply"]
        return letter.give_reply_file(by=by, reply=reply, file=self.attachment, form_key=self.key)


class ForwardForm(VerbForm):
    name = "forward"
    reason = ParagraphField(
        label=_("Reason, for colleagues only"),
        longest=LONGEST_REMARK,
        rows=3,
        error_messages={"required": _("Say in a few words why the letter belongs there.")},
    )

    def __init__(self, data=None, *, letter):
        super().__init__(data)
        self.fields["unit"] = UnitChoiceField(
            Unit.objects.receiving().exclude(pk=letter.unit_id),
            label=_("Forward to"),
            widget=UnitSelect,
            error_messages={
                "required": _("Choose the unit that gets the letter."),
                "invalid_choice": _("This unit cannot get the letter. Choose another one."),
            },
        )
        self.fields["unit"].empty_label = _("Choose a unit")
        self.order_fields(["form_key", "unit", "reason"])

    def send(self, letter, by):
        data = self.cleaned_data
        return letter.forward(by=by, to=data["unit"], reason=data["reason"], form_key=self.key)


class NoteForm(VerbForm):
    name = "note"
    text = ParagraphField(
        label=_("Note for colleagues"),
        longest=LONGEST_REMARK,
        rows=3,
        error_messages={"required": _("Write the note.")},
    )

    def send(self, letter, by):
        return letter.note(by=by, text=self.cleaned_data["text"], form_key=self.key)
