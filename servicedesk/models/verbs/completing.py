"""What the citizen is asked for in the course of a letter, and files that must come anew."""

from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from servicedesk import workflow
from servicedesk.models.completion import CompletionRequest
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.verbs.verb import verb
from servicedesk.workflow import Status


class Completing:
    """A part of Letter."""

    @verb
    def ask(self, *, by, question, wanted=(), form_key=None):
        """Asks the citizen for more: a question, and the names of the files that are wanted. The letter waits for him,
        and the promised day rests. Gives its Event. Raises MoveNotAllowed, also where something is asked already."""
        self._require_open()
        if self.open_request:
            raise workflow.MoveNotAllowed(self.status, Status.WAITING)
        today = timezone.localdate()
        days = self.service and (self.service.reminder_days, self.service.closing_days)
        remind_on, close_on = (today + timedelta(days=count) if count else None for count in days or (None, None))
        CompletionRequest.objects.create(
            letter=self,
            by=by,
            unit=self.unit,
            question=question,
            wanted=list(wanted),
            remind_on=remind_on,
            close_on=close_on,
        )
        if self.status == Status.IN_REVIEW:
            self._move(Status.WAITING)
        return self._tell(EventKind.ASKED, by, unit=self.unit, message=question, day=close_on, form_key=form_key)

    @verb
    def complete(self, *, by, text, files=(), form_key=None):
        """The citizen's answer to what was asked. Gives its Event. Raises MoveNotAllowed where nothing is asked any
        more, or FileGone."""
        asked = self._open_request()
        if asked is None:
            raise workflow.MoveNotAllowed(self.status, Status.IN_REVIEW)
        for file in files:
            self._attach(file, completion=asked)
        CompletionRequest.objects.filter(pk=asked.pk).update(text=text, answered_at=Now())
        self._go_on_if_nothing_is_wanted()
        return self._tell(EventKind.COMPLETED, by, unit=self.unit, form_key=form_key)

    @verb
    def take_question_back(self, *, by, form_key=None):
        """What was asked is not needed any more. Gives its Event. Raises MoveNotAllowed where nothing is asked."""
        if self._open_request() is None:
            raise workflow.MoveNotAllowed(self.status, Status.IN_REVIEW)
        self._end_requests()
        self._go_on_if_nothing_is_wanted()
        return self._tell(EventKind.TAKEN_BACK, by, unit=self.unit, form_key=form_key)

    @verb
    def remind(self, *, form_key=None):
        """Reminds the citizen, once, of what is asked. Gives its Event; None where it is no longer due."""
        due = self.completion_requests.filter(
            answered_at=None, ended_at=None, reminded_at=None, remind_on__lte=timezone.localdate()
        )
        if not due.update(reminded_at=Now()):
            return None
        return self._tell(EventKind.REMINDED, None, day=self._open_request().close_on)

    @verb
    def lapse(self, *, form_key=None):
        """Closes a letter whose citizen did not answer in time. Gives its Event; None where it is no longer due."""
        asked = self._open_request()
        if asked is None or asked.close_on is None or asked.close_on > timezone.localdate():
            return None
        self._end_requests()
        self._move(Status.CLOSED, closed_at=Now())
        return self._tell(EventKind.LAPSED, None)

    def _open_request(self):
        return self.completion_requests.filter(answered_at=None, ended_at=None).first()

    def _end_requests(self):
        self.completion_requests.filter(answered_at=None, ended_at=None).update(ended_at=Now())

    def _go_on_if_nothing_is_wanted(self):
        """Back in review, where nothing is asked and no file has to come anew."""
        # Read anew, under the lock: this letter may have been fetched with its files before.
        fresh = type(self).objects.get(pk=self.pk)
        if self.status == Status.WAITING and not fresh.wants_file and not fresh.open_request:
            self._move(Status.IN_REVIEW)

    # --- Files ----------------------------------------------------------------------------------------

    @verb
    def lose_file(self, *, file, signature, form_key=None):
        """Takes away a file in which the scanner found something (``signature``: its name for it).

        For one of the citizen's he is asked for another, and the letter waits for it; for the file of an answer the
        unit is. Gives its Event; None where the file is not among the letter's unchecked ones any more.
        """
        if not file.condemn(signature, letter=self):
            return None
        if file.reply:
            kind = EventKind.REPLY_FILE_REMOVED
            return self._tell(kind, None, unit=file.reply.unit, reply=file.reply, remark=signature)
        if self.status not in workflow.OPEN or self.is_from_counter:
            return self._tell(EventKind.FILE_REMOVED_LATE, None, remark=signature)
        if self.status == Status.IN_REVIEW:
            self._move(Status.WAITING)
        return self._tell(EventKind.FILE_REMOVED, None, remark=signature)

    @verb
    def give_file(self, *, by, file, form_key=None):
        """The citizen's other file. The letter is in review again at once, while the file is still being checked:
        the citizen has done his part. Gives its Event. Raises MoveNotAllowed or FileGone."""
        # Read anew, under the lock: this letter may have been fetched with its files before.
        fresh = type(self).objects.get(pk=self.pk)
        if not fresh.wants_file:
            raise workflow.MoveNotAllowed(self.status, Status.IN_REVIEW)
        lost = fresh.lost_file
        is_body = lost.question is None and lost.completion_id is None
        replaces = None if is_body else lost.pk
        self._attach(file, question=lost.question, completion=lost.completion_id, replaces=replaces)
        # Of several that were lost, each is asked for.
        self._go_on_if_nothing_is_wanted()
        return self._tell(EventKind.FILE_GIVEN, by, form_key=form_key)

    @verb
    def give_reply_file(self, *, by, reply, file, form_key=None):
        """The other file for an answer whose file was removed, by the unit that has the letter now. An answer that
        lacks none keeps what the citizen was given. Gives its Event. Raises MoveNotAllowed or FileGone."""
        if not self.replies.get(pk=reply.pk).wants_file:
            raise workflow.MoveNotAllowed(self.status, self.status)
        self._attach(file, reply=reply)
        return self._tell(EventKind.REPLY_FILE_GIVEN, by, unit=self.unit, reply=reply, form_key=form_key)
