"""The forms of what is done with many letters at once; the single letter's forms say the same of one."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.models import BulkJob, Unit, User
from servicedesk.staff.verbs.asking import AskForm
from servicedesk.staff.verbs.ending import CloseForm
from servicedesk.staff.verbs.form import KeyForm, unit_field
from servicedesk.staff.verbs.handing import ForwardForm, NoteForm, PersonField

Verb = BulkJob.Verb


class BulkForm(KeyForm):
    """``verb``: what it does; ``details``: what BulkJob.begin takes beside that."""

    verb = None

    def __init__(self, data=None, *, units):
        """``units``: the ids of the units whose letters were chosen."""
        super().__init__(data, initial={"form_key": uuid.uuid4()})
        self.prepare(units)

    def prepare(self, units):
        """Makes the fields that depend on the letters."""

    def details(self):
        raise NotImplementedError


class BulkAssign(BulkForm):
    verb = Verb.ASSIGN

    def prepare(self, units):
        self.fields["person"] = PersonField(
            User.objects.answering_in(units),
            label=_("Who sees to them"),
            required=False,
            empty_label=_("Nobody yet"),
            error_messages={"invalid_choice": _("This person is not in the unit. Choose another one.")},
        )

    def details(self):
        return {"person": self.cleaned_data["person"]}


class BulkForward(BulkForm):
    verb = Verb.FORWARD
    reason = ForwardForm.base_fields["reason"]

    def prepare(self, units):
        self.fields["unit"] = unit_field(Unit.objects.receiving(), label=_("Forward to"))
        self.order_fields(["form_key", "unit", "reason"])

    def details(self):
        return {"unit": self.cleaned_data["unit"], "text": self.cleaned_data["reason"]}


class BulkNote(BulkForm):
    verb = Verb.NOTE
    text = NoteForm.base_fields["text"]

    def details(self):
        return {"text": self.cleaned_data["text"]}


class BulkAsk(BulkForm):
    verb = Verb.ASK
    question, wanted = AskForm.base_fields["question"], AskForm.base_fields["wanted"]

    def details(self):
        return {"text": self.cleaned_data["question"], "wanted": self.cleaned_data["wanted"]}


class BulkClose(BulkForm):
    verb = Verb.CLOSE
    text = CloseForm.base_fields["text"]

    def details(self):
        return {"text": self.cleaned_data["text"]}


FORMS = {form.verb: form for form in (BulkAssign, BulkForward, BulkNote, BulkAsk, BulkClose)}


class ChoiceForm(forms.Form):
    """Which letters, and what with them: those that are ticked, or all that a filter of the inbox lets through."""

    verb = forms.ChoiceField(choices=Verb.choices)
    letters = forms.MultipleChoiceField(required=False)
    everything = forms.BooleanField(required=False)
    query = forms.CharField(required=False, max_length=2_000)

    def __init__(self, data):
        super().__init__(data)
        # Any codes: which of them are one's own is asked of the database.
        self.fields["letters"].choices = [(code, code) for code in data.getlist("letters")]
