"""The end of a letter without an answer, by the organisation or its citizen; its reopening, and a later day for its
answer."""

from django.db.models.functions import Now
from django.utils import timezone

from servicedesk import workflow
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.office_calendar import promised_day
from servicedesk.models.verbs.verb import verb
from servicedesk.workflow import Status


class DayNotLater(Exception):
    """A promise moves only to a later day, and to one that is still to come."""


class OpenedMeanwhile(Exception):
    """Somebody of the organisation has looked at the letter, or done something about it."""


class Ending:
    """A part of Letter."""

    @verb
    def close(self, *, by, text, form_key=None):
        """Ends an open letter without an answer; ``text`` tells the citizen why. Gives its Event."""
        self._require_open()
        self._move(Status.CLOSED, closed_at=Now())
        self._end_requests()
        return self._tell(EventKind.CLOSED, by, unit=self.unit, message=text, form_key=form_key)

    @verb
    def withdraw(self, *, by, form_key=None):
        """Its citizen takes a letter back that nobody has opened. Gives its Event; None where he has done so already.
        Raises MoveNotAllowed, also for a letter on paper, which a clerk has read, or OpenedMeanwhile.

        A look of staff is a row that points to the letter: it waits for the lock that this verb holds, or is seen here.
        """
        if self.status == Status.WITHDRAWN:
            return None
        if self.is_from_counter:
            raise workflow.MoveNotAllowed(self.status, Status.WITHDRAWN)
        workflow.require(self.status, Status.WITHDRAWN)
        if self.is_opened_by_staff:
            raise OpenedMeanwhile
        self._move(Status.WITHDRAWN, closed_at=Now())
        # What is not sent yet would tell him of a letter that he has taken back.
        self.messages.all().call_off()
        return self._tell(EventKind.WITHDRAWN, by, unit=self.unit, form_key=form_key)

    @verb
    def reopen(self, *, by, text, form_key=None):
        """Takes an ended letter up again, with as many working days as a new one would have; ``text`` tells the citizen
        why. Gives its Event."""
        if self.status in workflow.OPEN:
            raise workflow.MoveNotAllowed(self.status, Status.IN_REVIEW)
        promised = promised_day(self.unit, self.service.promised_days if self.service else None, timezone.now())
        due_on = max(filter(None, (self.due_on, promised)), default=None)
        self._move(Status.IN_REVIEW, closed_at=None, due_on=due_on)
        return self._tell(EventKind.REOPENED, by, unit=self.unit, message=text, day=due_on, form_key=form_key)

    @verb
    def postpone(self, *, by, day, reason, form_key=None):
        """Promises the answer for a later day (a date) and tells the citizen why; ``by`` None where nobody pressed a
        button. Gives its Event. Raises MoveNotAllowed or DayNotLater."""
        self._require_open()
        if day <= timezone.localdate() or (self.due_on and day <= self.due_on):
            raise DayNotLater
        self._set(due_on=day)
        return self._tell(EventKind.POSTPONED, by, unit=self.unit, message=reason, day=day, form_key=form_key)
