"""Closing, opening again, and a later day."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servicedesk.fields.jalali_date import JalaliDateField
from servicedesk.fields.text import ParagraphField
from servicedesk.roles import Act
from servicedesk.staff.verbs.form import LONGEST_REMARK, VerbForm


def _reason(label, required):
    return ParagraphField(label=label, longest=LONGEST_REMARK, rows=3, error_messages={"required": required})


class CloseForm(VerbForm):
    name, act, icon = "close", Act.ANSWER, "closed"
    title, button = _("Close without an answer"), _("Close the letter")
    hint = _("The citizen gets an SMS and reads the reason on the letter's page.")
    text = _reason(_("Why it is closed, for the citizen"), _("Tell the citizen why the letter is closed."))

    @classmethod
    def said(cls, event):
        return _("The letter is closed, and the citizen is told why.")

    def send(self, letter, by):
        return letter.close(by=by, text=self.cleaned_data["text"], form_key=self.key)


class ReopenForm(VerbForm):
    name, act, icon = "reopen", Act.ANSWER, "refresh"
    title, button = _("Take the letter up again"), _("Take it up again")
    hint = _(
        "The letter is in review again, with a new day for its answer. The citizen gets an SMS and reads the reason."
    )
    text = _reason(_("Why it is taken up again, for the citizen"), _("Tell the citizen why it is taken up again."))

    @classmethod
    def is_offered(cls, letter):
        return letter.status in ("answered", "closed")

    @classmethod
    def said(cls, event):
        return _("The letter is in review again, and the citizen is told so.")

    def send(self, letter, by):
        return letter.reopen(by=by, text=self.cleaned_data["text"], form_key=self.key)


class PostponeForm(VerbForm):
    name, act, icon = "postpone", Act.ANSWER, "hourglass"
    title, button = _("Promise a later day"), _("Promise the later day")
    hint = _("The citizen gets an SMS and reads the new day and the reason on the letter's page.")
    reason = _reason(_("Why it takes longer, for the citizen"), _("Tell the citizen why it takes longer."))

    def prepare(self):
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        after_promise = self.letter.due_on + datetime.timedelta(days=1) if self.letter.due_on else tomorrow
        self.fields["day"] = JalaliDateField(
            label=_("The new day"),
            earliest=max(tomorrow, after_promise),
            latest=tomorrow + datetime.timedelta(days=730),
        )
        self.order_fields(["form_key", "day", "reason"])

    @classmethod
    def said(cls, event):
        return _("The later day is promised, and the citizen is told why.")

    def send(self, letter, by):
        data = self.cleaned_data
        return letter.postpone(by=by, day=data["day"], reason=data["reason"], form_key=self.key)
