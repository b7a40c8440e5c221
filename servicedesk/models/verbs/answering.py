"""What the organisation answers, and letting it out where that needs another pair of eyes."""

from django.db.models.functions import Now

from servicedesk import workflow
from servicedesk.models.answer_draft import AnswerDraft
from servicedesk.models.attachment import Attachment
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.reply import Reply
from servicedesk.models.verbs.verb import verb
from servicedesk.workflow import Status


class NothingHandedIn(Exception):
    """The answer was let out, sent back or taken back meanwhile."""


class Answering:
    """A part of Letter."""

    @verb
    def answer(self, *, by, text, file=None, form_key=None, approved_by=None):
        """The final answer: turns the letter green and tells the citizen. Gives its Event.

        Raises MoveNotAllowed, also where somebody else gave the final answer meanwhile, or FileGone.
        """
        if self.status == Status.ANSWERED and self.final_answer:
            raise workflow.MoveNotAllowed(self.status, Status.ANSWERED)
        self._move(Status.ANSWERED, answered_at=Now())
        self._end_requests()
        return self._reply(EventKind.ANSWERED, by, text, file, form_key, approved_by=approved_by)

    @verb
    def answer_meanwhile(self, *, by, text, file=None, form_key=None, approved_by=None):
        """An interim answer: the citizen reads it, the letter stays in review. Gives its Event."""
        self._require_open()
        return self._reply(EventKind.INTERIM_ANSWER, by, text, file, form_key, approved_by=approved_by)

    @verb
    def correct_answer(self, *, by, text, file=None, form_key=None, approved_by=None):
        """Another final answer in place of the last one, which stays to be read. Gives its Event.

        Raises MoveNotAllowed where there is none, or FileGone."""
        earlier = self.replies.filter(is_final=True).order_by("-at", "-pk").first()
        if earlier is None:
            raise workflow.MoveNotAllowed(self.status, Status.ANSWERED)
        self._move(Status.ANSWERED)
        return self._reply(EventKind.CORRECTED, by, text, file, form_key, approved_by=approved_by, corrects=earlier)

    def _reply(self, kind, by, text, file, form_key, **more):
        is_final = kind != EventKind.INTERIM_ANSWER
        reply = Reply.objects.create(letter=self, author=by, unit=self.unit, text=text, is_final=is_final, **more)
        if file is not None:
            self._attach(file, reply=reply)
        AnswerDraft.objects.filter(letter=self, author=by).delete()
        return self._tell(kind, by, unit=self.unit, reply=reply, form_key=form_key)

    # --- Approval -----------------------------------------------------------------------------------

    @verb
    def hand_in(self, *, by, kind, text, file=None, form_key=None):
        """Hands an answer in for approval; ``kind`` is an AnswerDraft.Kind. The citizen learns nothing yet.

        Gives its Event. Raises MoveNotAllowed where such an answer could not be given now, or another one waits.
        """
        handed_in = AnswerDraft.objects.filter(letter=self, handed_in_at__isnull=False)
        is_correction = kind == AnswerDraft.Kind.CORRECTION
        if handed_in.exists() or is_correction != (self.status == Status.ANSWERED):
            raise workflow.MoveNotAllowed(self.status, Status.ANSWERED)
        if not is_correction:
            self._require_open()
        values = {"kind": kind, "text": text, "form_key": form_key or (file and file.form_key)}
        values = {name: value for name, value in values.items() if value is not None}
        AnswerDraft.objects.update_or_create(
            letter=self, author=by, defaults=values | {"handed_in_at": Now(), "remark": "", "sent_back_by": None}
        )
        return self._tell(EventKind.HANDED_IN, by, unit=self.unit, form_key=form_key)

    @verb
    def let_out(self, *, by, draft, text=None, form_key=None):
        """Lets an answer out that was handed in, as its author's, with ``text`` in place of its own where the approver
        changed it. Gives its Event. Raises NothingHandedIn, MoveNotAllowed or FileGone."""
        draft = self._handed_in(draft)
        verbs = {
            AnswerDraft.Kind.FINAL: self.answer,
            AnswerDraft.Kind.INTERIM: self.answer_meanwhile,
            AnswerDraft.Kind.CORRECTION: self.correct_answer,
        }
        file = Attachment.objects.kept_for(draft.author, draft.form_key).first()
        return verbs[AnswerDraft.Kind(draft.kind)](
            by=draft.author, text=text or draft.text, file=file, form_key=form_key, approved_by=by
        )

    @verb
    def send_back(self, *, by, draft, remark, form_key=None):
        """Gives an answer that was handed in back to its author, with a word. Gives its Event. Raises
        NothingHandedIn."""
        draft = self._handed_in(draft)
        AnswerDraft.objects.filter(pk=draft.pk).update(handed_in_at=None, remark=remark, sent_back_by=by)
        return self._tell(
            EventKind.SENT_BACK, by, unit=self.unit, person=draft.author, remark=remark, form_key=form_key
        )

    def _handed_in(self, draft):
        """The same draft, freshly read under the letter's lock."""
        fresh = AnswerDraft.objects.filter(pk=draft.pk, letter=self, handed_in_at__isnull=False).first()
        if fresh is None:
            raise NothingHandedIn
        return fresh
