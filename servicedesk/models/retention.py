"""How long letters and accounts are kept, and which have been kept long enough."""

from datetime import timedelta

from django.db.models import DurationField, Exists, F, Func, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, Now

from servicedesk import workflow
from servicedesk.models.attachment import Attachment
from servicedesk.models.event import INTERNAL, Event
from servicedesk.models.letter import Letter
from servicedesk.models.service import DEFAULT_RETENTION_MONTHS
from servicedesk.models.user import User

# An account without letters goes when nobody signed in for so long.
ACCOUNT_MONTHS = 24
# What is due is removed within hours; what has been due for longer is overdue, and people are told.
GRACE = timedelta(days=1)


class Months(Func):
    """A number of calendar months as the database's interval."""

    function, template = "make_interval", "make_interval(months => (%(expressions)s)::int)"
    output_field = DurationField()


def due_letters(grace=timedelta(0)):
    """Finished letters whose service's months are over since ``grace``; oldest first.

    The months count from the last thing that the citizen was told; 0 months mean that letters are kept.
    """
    told = Event.objects.exclude(kind__in=INTERNAL).filter(letter=OuterRef("pk")).order_by()
    last_told = Subquery(told.values("letter").annotate(last=Max("at")).values("last"))
    months = Coalesce(F("service__retention_months"), Value(DEFAULT_RETENTION_MONTHS))
    finished = Letter.objects.filter(anonymised_at=None).exclude(status__in=workflow.OPEN)
    return (
        finished.annotate(months=months)
        # First what an index can tell: nothing younger than its months can be due.
        .filter(months__gt=0, submitted_at__lt=Now() - Months("months") - grace)
        .annotate(ended_at=Greatest(last_told, "answered_at", "submitted_at"))
        .filter(ended_at__lt=Now() - Months("months") - grace)
        .order_by("submitted_at", "pk")
    )


def due_accounts():
    """Citizens of whom nothing is kept and who have not signed in for two years."""
    letters = Letter.objects.filter(citizen=OuterRef("pk"))
    long_ago = Now() - Months(Value(ACCOUNT_MONTHS))
    idle = Q(last_login__lt=long_ago) | Q(last_login=None, date_joined__lt=long_ago)
    unsent = Attachment.objects.filter(owner=OuterRef("pk"))
    return User.citizens.filter(~Exists(letters), ~Exists(unsent), idle).order_by("pk")
