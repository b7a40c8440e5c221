"""What the whole desk may spend on codes by SMS, per minute and per day, and the parts of it that an attack cannot eat.

The budget has three parts that are counted apart, so that what is kept for people whom the desk knows is there while
strangers ask. Each use is counted in the transaction that owes the SMS.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, TextChoices
from django.db.models.functions import Now

from servicedesk.models.alarm import Alarm
from servicedesk.models.alarm import Kind as AlarmKind
from servicedesk.models.desk_settings import DeskSettings
from servicedesk.models.limit import DAY, MINUTE, LimitHit

log = logging.getLogger(__name__)

NAME, NOT_SPENT = "sms-budget", "sms-budget-not-spent"
# An alarm of this budget is settled when nothing has renewed it for so long: an attack comes in waves.
CALM = timedelta(minutes=10)
RENEWED_EVERY = timedelta(seconds=30)


class Part(TextChoices):
    OPEN = "open"  # for everybody
    KNOWN = "known"  # for browsers in which the number's owner has signed in before
    OWNER = "owner"  # for numbers that have an account, asked for from a quiet address


# What is kept, as one n-th of the whole; everybody has the rest.
KEPT = {Part.KNOWN: 5, Part.OWNER: 5}


@dataclass(frozen=True)
class Usage:
    """Codes counted in the last ``minute`` and ``day``; whether ``half`` of the budget is used, and whether everybody's
    part is ``spent``, so that only people whom the desk knows get codes."""

    minute: int
    day: int
    half: bool
    spent: bool


class SmsBudget:
    """The budget as the organisation has set it, read once."""

    def __init__(self):
        desk = DeskSettings.load()
        self.minute, self.day = desk.sms_budget_minute, desk.sms_budget_day

    def rules_of(self, part):
        """(how many, in how many seconds), … of one part."""
        return ((_allowed(part, self.minute), MINUTE), (_allowed(part, self.day), DAY))

    def spend(self, part, really=True):
        """Counts one code in ``part``; raises LimitReached where that is spent.

        Must be the last lock of its transaction, and is one for all parts: all codes of the desk wait for each other
        here. ``really=False`` does the same work and takes nothing from the budget.
        """
        LimitHit.lock(NAME, "all parts")
        take = LimitHit.take if really else _as_if_taken
        take(NAME, part, rules=self.rules_of(part))
        used = self.usage()
        if used.half:
            self._sound(AlarmKind.SMS_BUDGET_HALF, used)

    def usage(self):
        """What was counted in the last minute and in the last day, as a Usage."""
        hits = LimitHit.objects.filter(name=NAME, at__gt=Now() - timedelta(seconds=DAY))
        last_minute = Q(at__gt=Now() - timedelta(seconds=MINUTE))
        everybodys = Q(key=LimitHit.key_of(NAME, Part.OPEN))
        counts = hits.aggregate(
            day=Count("pk"),
            minute=Count("pk", filter=last_minute),
            open_day=Count("pk", filter=everybodys),
            open_minute=Count("pk", filter=everybodys & last_minute),
        )
        (open_minute, _), (open_day, _) = self.rules_of(Part.OPEN)
        return Usage(
            minute=counts["minute"],
            day=counts["day"],
            half=2 * counts["minute"] >= self.minute or 2 * counts["day"] >= self.day,
            spent=counts["open_minute"] >= open_minute or counts["open_day"] >= open_day,
        )

    def say_spent(self):
        """After a refusal, in a transaction of its own: tells people that the budget is spent."""
        self._sound(AlarmKind.SMS_BUDGET_SPENT, self.usage())

    def watch(self):
        """The timetable's look: sounds what holds, settles what has held no more for ten minutes."""
        used = self.usage()
        for kind, holds in ((AlarmKind.SMS_BUDGET_HALF, used.half), (AlarmKind.SMS_BUDGET_SPENT, used.spent)):
            if holds:
                self._sound(kind, used)
            elif Alarm.objects.open().filter(kind=kind, last_at__lt=Now() - CALM).exists():
                Alarm.settle(kind)

    def _sound(self, kind, used):
        """Renews an alarm now and then, not with every code: its row would be one more line to wait in."""
        if Alarm.objects.open().filter(kind=kind, last_at__gt=Now() - RENEWED_EVERY).exists():
            return
        figures = {"minute": used.minute, "minute_budget": self.minute, "day": used.day, "day_budget": self.day}
        Alarm.sound(kind, **figures)
        log.warning("%s: %s", kind, figures)


def _as_if_taken(name, part, rules):
    """A row like the others, where nothing counts it."""
    LimitHit.objects.create(name=NOT_SPENT, key=LimitHit.require_room(name, part, rules=rules))


def _allowed(part, whole):
    kept = {name: max(1, whole // nth) for name, nth in KEPT.items()}
    return kept.get(part, max(1, whole - sum(kept.values())))
