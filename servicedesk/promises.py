"""What time does to open letters, besides making them late; the timetable is config/celery.py.

Each gives how many letters it touched. Of letters whose turn is over meanwhile the verbs do nothing.
"""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from servicedesk.models import CompletionRequest, Event, Letter
from servicedesk.models.event import Kind
from servicedesk.models.office_calendar import promised_day
from servicedesk.models.verbs.ending import DayNotLater
from servicedesk.workflow import MoveNotAllowed, Status

MOST_AT_ONCE = 500
# Nobody is woken by an SMS that nobody pressed a button for: hours of the organisation's clock.
FROM, UNTIL = 8, 20


def keep_promises():
    """All of it, by day."""
    if FROM <= timezone.localtime(timezone=timezone.get_default_timezone()).hour < UNTIL:
        remind_citizens()
        close_unanswered()
        postpone_missed()


def remind_citizens():
    """Those who were asked for something and have not replied."""
    due = _open_requests().filter(remind_on__lte=timezone.localdate(), reminded_at=None)
    return sum(request.letter.remind() is not None for request in due[:MOST_AT_ONCE])


def close_unanswered():
    """Letters whose citizens did not reply in time."""
    due = _open_requests().filter(close_on__lte=timezone.localdate())
    return sum(request.letter.lapse() is not None for request in due[:MOST_AT_ONCE])


def _open_requests():
    return CompletionRequest.objects.filter(answered_at=None, ended_at=None).select_related("letter")


def postpone_missed():
    """Letters whose day has gone by and whose service promises a later one by itself: once for each."""
    by_itself = Event.objects.filter(letter=OuterRef("pk"), kind=Kind.POSTPONED, actor=None)
    missed = Letter.objects.filter(
        ~Exists(by_itself),
        status=Status.IN_REVIEW,
        due_on__lt=timezone.localdate(),
        service__postponed_days__isnull=False,
    )
    return sum(map(_postponed, missed.select_related("service", "unit")[:MOST_AT_ONCE]))


def _postponed(letter):
    day = promised_day(letter.unit, letter.service.postponed_days, timezone.now())
    if day is None:
        return False
    try:
        letter.postpone(by=None, day=day, reason=letter.service.postponed_reason)
    except (MoveNotAllowed, DayNotLater):
        return False
    return True
