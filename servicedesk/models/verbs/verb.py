"""What the verbs of a letter are made of."""

from functools import wraps

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from servicedesk import workflow
from servicedesk.models.attachment import Attachment
from servicedesk.models.event import Event
from servicedesk.models.office_calendar import moved_by_rest
from servicedesk.workflow import Status


class FileGone(Exception):
    """The accepted file was removed, in another tab or by time, before its letter or answer was sent."""


def verb(method):
    """Makes a method a verb: one transaction, in which the letter's row is locked and freshly read, so that of two
    verbs at once the second sees what the first did.

    ``form_key`` (UUID) names the form that asked for it. Where that form was sent before, nothing happens and the
    event that it left then is given.
    """

    @wraps(method)
    def locked(self, *, form_key=None, **details):
        with transaction.atomic():
            fresh = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
            if fresh.anonymised_at:
                raise workflow.MoveNotAllowed(fresh.status, fresh.status)
            for name in self.CHANGING:
                setattr(self, name, getattr(fresh, name))
            return self._event_of(form_key) or method(self, form_key=form_key, **details)

    return locked


class Verbs:
    """The ground that the verbs stand on; a part of Letter."""

    # What verbs change, read anew under the lock.
    CHANGING = (
        "status",
        "unit_id",
        "assignee_id",
        "service_id",
        "service_title",
        "due_on",
        "rests_since",
        "rested_days",
        "official_number",
    )

    def _move(self, wanted, **values):
        """The only place where a status changes. Raises MoveNotAllowed.

        While a letter waits for its citizen the promised day rests: afterwards it lies as many working days later.
        """
        workflow.require(self.status, wanted)
        if wanted == Status.WAITING:
            values |= {"rests_since": timezone.now()}
        elif self.rests_since:
            values |= moved_by_rest(self) | {"rests_since": None}
        self._set(status=wanted, **values)

    def _require_open(self):
        if self.status not in workflow.OPEN:
            raise workflow.MoveNotAllowed(self.status, self.status)

    def _set(self, **values):
        type(self).objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db(fields=list(values))

    def _tell(self, kind, by, **details):
        """Writes the event of a verb. Gives it."""
        type(self).objects.filter(pk=self.pk).update(moved_at=Now())
        return Event.record(self, kind, by, **details)

    def _event_of(self, form_key):
        """The event that this form has left already, or None."""
        return self.events.filter(form_key=form_key).first() if form_key else None

    def _attach(self, file, **more):
        """Makes an accepted file the letter's own. Raises FileGone, also where the scanner has removed it."""
        free = Attachment.objects.filter(pk=file.pk, letter=None).exclude(state=Attachment.State.REMOVED)
        if not free.update(letter=self, **more):
            raise FileGone
