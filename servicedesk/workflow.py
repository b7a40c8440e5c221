"""The life of a letter as a table. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    IN_REVIEW = "in-review", _("In review")
    WAITING = "waiting", _("Waiting for you")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


MOVES = {
    Status.IN_REVIEW: {Status.WAITING, Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN},
    Status.WAITING: {Status.IN_REVIEW, Status.CLOSED, Status.ANSWERED, Status.WITHDRAWN},
    Status.ANSWERED: {Status.IN_REVIEW, Status.ANSWERED, Status.CLOSED},
    Status.CLOSED: {Status.IN_REVIEW},
    Status.WITHDRAWN: set(),
}

# Statuses in which somebody of the organisation still owes the citizen something.
OPEN = (Status.IN_REVIEW, Status.WAITING)


class MoveNotAllowed(Exception):
    """A letter cannot go from its status to the wanted one."""

    def __init__(self, current, wanted):
        super().__init__(f"{current} -> {wanted}")
        self.current, self.wanted = Status(current), Status(wanted)


def require(current, wanted):
    """Raises MoveNotAllowed unless a letter may move from ``current`` to ``wanted`` (both Status)."""
    if wanted not in MOVES[Status(current)]:
        raise MoveNotAllowed(current, wanted)
