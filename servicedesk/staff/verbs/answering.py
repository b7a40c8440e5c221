"""Answers: final, meanwhile, corrected; another file for one; and approval."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.fields.text import ParagraphField
from servicedesk.models import AnswerDraft, Reply
from servicedesk.models.event import Kind as EventKind
from servicedesk.roles import Act
from servicedesk.staff.verbs.form import CAME_INCOMPLETE, LONGEST_REMARK, VerbForm
from servicedesk.workflow import Status

LONGEST_ANSWER = 10_000

SAID = {
    EventKind.ANSWERED: _("The final answer is on its way to the citizen."),
    EventKind.INTERIM_ANSWER: _("The citizen has your interim answer; the letter stays open."),
    EventKind.CORRECTED: _("The corrected answer is on its way to the citizen; the first one stays to be read."),
    EventKind.HANDED_IN: _("Your answer waits for approval. The citizen learns nothing of it yet."),
}
# Of a paper letter whose citizen gets no SMS and cannot sign in.
SAID_WITHOUT_MOBILE = {
    EventKind.ANSWERED: _("The final answer is kept. This citizen has no mobile number: print it and send it."),
    EventKind.INTERIM_ANSWER: _("The interim answer is kept. This citizen learns of it only from you."),
    EventKind.CORRECTED: _("The corrected answer is kept. This citizen has no mobile number: print it and send it."),
}


def said_of_answer(event):
    """What became of an answer, for the clerk."""
    words = SAID if event.letter.citizen_id else SAID | SAID_WITHOUT_MOBILE
    return words[event.kind]


class AnswerForm(VerbForm):
    """The final answer. The file is inspected by the view, since that needs the store."""

    name, act, panel = "answer", Act.ANSWER, "answer"
    kind = AnswerDraft.Kind.FINAL
    text = ParagraphField(
        label=_("Answer to the citizen"),
        longest=LONGEST_ANSWER,
        rows=9,
        error_messages={"required": _("Write the answer.")},
    )
    file = forms.FileField(label=_("File with the answer (not required)"), required=False, allow_empty_file=True)
    attachment = None

    @classmethod
    def said(cls, event):
        return said_of_answer(event)

    @property
    def needs_approval(self):
        return self.letter.unit.needs_approval and not self.rights.may(Act.APPROVE, self.letter)

    def send(self, letter, by):
        given = {"by": by, "text": self.cleaned_data["text"], "file": self.attachment, "form_key": self.key}
        return letter.hand_in(kind=self.kind, **given) if self.needs_approval else self.let_out(letter, given)

    def let_out(self, letter, given):
        return letter.answer(**given)


class InterimAnswerForm(AnswerForm):
    """Word to the citizen while the letter stays in review: the same box with another button."""

    name = "interim-answer"
    kind = AnswerDraft.Kind.INTERIM

    def let_out(self, letter, given):
        return letter.answer_meanwhile(**given)


class CorrectionForm(AnswerForm):
    """Another answer in place of the final one that was given."""

    name = "correct-answer"
    kind = AnswerDraft.Kind.CORRECTION

    @classmethod
    def is_offered(cls, letter):
        return letter.status == Status.ANSWERED

    def let_out(self, letter, given):
        return letter.correct_answer(**given)


class ReplyFileForm(VerbForm):
    """Another file for an answer whose own was removed."""

    name, act = "reply-file", Act.ANSWER
    reply = forms.ModelChoiceField(
        Reply.objects.none(), widget=forms.HiddenInput, error_messages={"required": CAME_INCOMPLETE}
    )
    file = forms.FileField(label=_("Another file for this answer"), required=False, allow_empty_file=True)
    attachment = None

    def __init__(self, data=None, *, letter, rights, reply=None):
        super().__init__(data, letter=letter, rights=rights)
        # Several answers may each want one.
        self.auto_id = f"{self.name}-{reply.pk if reply else self.data.get('reply', '')}-%s"
        self.initial["reply"] = reply

    def prepare(self):
        self.fields["reply"].queryset = self.letter.replies

    @classmethod
    def is_offered(cls, letter):
        return True

    @classmethod
    def said(cls, event):
        return _("The file stands with the answer once it has been checked.")

    def send(self, letter, by):
        reply = self.cleaned_data["reply"]
        return letter.give_reply_file(by=by, reply=reply, file=self.attachment, form_key=self.key)


class _ApprovalForm(VerbForm):
    """About an answer that was handed in."""

    act, panel = Act.APPROVE, "approval"
    draft = forms.ModelChoiceField(
        AnswerDraft.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "required": CAME_INCOMPLETE,
            "invalid_choice": _("This answer does not wait for approval any more."),
        },
    )

    def prepare(self):
        self.fields["draft"].queryset = self.letter.answer_drafts.filter(handed_in_at__isnull=False)

    @classmethod
    def is_offered(cls, letter):
        return letter.answer_drafts.filter(handed_in_at__isnull=False).exists()


class LetOutForm(_ApprovalForm):
    """Lets it out, as it is or as the approver has changed it."""

    name = "let-out"
    text = ParagraphField(
        label=_("Answer to the citizen"),
        longest=LONGEST_ANSWER,
        rows=9,
        error_messages={"required": _("Write the answer.")},
    )

    @classmethod
    def said(cls, event):
        return said_of_answer(event)

    def send(self, letter, by):
        data = self.cleaned_data
        return letter.let_out(by=by, draft=data["draft"], text=data["text"], form_key=self.key)


class TakeAnswerBackForm(_ApprovalForm):
    """Its author wants to write on: nobody lets it out meanwhile."""

    name, act = "take-answer-back", Act.ANSWER

    def prepare(self):
        self.fields["draft"].queryset = self.letter.answer_drafts.filter(
            handed_in_at__isnull=False, author=self.rights.user
        )

    @classmethod
    def said(cls, event):
        return _("Your answer is yours again. Nobody lets it out until you hand it in.")

    def send(self, letter, by):
        return letter.send_back(by=by, draft=self.cleaned_data["draft"], remark="", form_key=self.key)


class SendBackForm(_ApprovalForm):
    """Gives it back to its author with a word."""

    name = "send-back"
    remark = ParagraphField(
        label=_("What is to be changed, for your colleague only"),
        longest=LONGEST_REMARK,
        rows=3,
        error_messages={"required": _("Say in a few words what is to be changed.")},
    )

    @classmethod
    def said(cls, event):
        return _("The answer went back to %(person)s with your word.") % {"person": event.person.display_name}

    def send(self, letter, by):
        data = self.cleaned_data
        return letter.send_back(by=by, draft=data["draft"], remark=data["remark"], form_key=self.key)
