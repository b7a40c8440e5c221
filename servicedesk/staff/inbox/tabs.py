"""The tabs of the inbox: which letters stand in each, and in which order."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servicedesk.models.letter import DUE, is_overdue
from servicedesk.workflow import OPEN, Status

FRIDAY = 4


@dataclass(frozen=True)
class Order:
    """An order of letters by one value and, where that is the same, by id; ``read`` makes the value from its ISO
    text."""

    value: object
    read: Callable
    descends: bool = False

    def sorted(self, letters):
        """The letters in this order, each with its value as ``place``."""
        letters = letters.annotate(place=self.value)
        return letters.order_by("-place", "-pk") if self.descends else letters.order_by("place", "pk")

    def turned(self):
        return Order(self.value, self.read, not self.descends)

    def after(self, letters, value, pk):
        """Those that come after the letter with this value and id."""
        beyond = "lt" if self.descends else "gt"
        return letters.alias(place=self.value).filter(
            Q(**{f"place__{beyond}": value}) | Q(**{"place": value, f"pk__{beyond}": pk})
        )


BY_DUE = Order(DUE, datetime.date.fromisoformat)
BY_ANSWER = Order(F("answered_at"), datetime.datetime.fromisoformat, descends=True)
BY_ARRIVAL = Order(F("submitted_at"), datetime.datetime.fromisoformat, descends=True)


@dataclass(frozen=True)
class Tab:
    name: str
    label: str
    # Of whoever looks: the condition of its letters.
    where: Callable
    order: Order = BY_DUE
    # Said where no letter stands in it.
    empty: str = ""


def _owed(**more):
    """What the organisation owes an answer to: open, and not waiting for the citizen."""
    return Q(status=Status.IN_REVIEW, **more)


def _is_due_today(user):
    return _owed(due_on=timezone.localdate())


def _is_due_this_week(user):
    """From today to the end of the week that is running, Friday."""
    today = timezone.localdate()
    return _owed(due_on__range=(today, today + datetime.timedelta(days=(FRIDAY - today.weekday()) % 7)))


OPEN_TAB, ALL_TAB = "open", "all"
_TABS = (
    Tab(
        OPEN_TAB,
        _("Open"),
        lambda user: Q(status__in=OPEN),
        empty=_("Nothing is waiting for an answer"),
    ),
    Tab("overdue", _("Overdue"), lambda user: is_overdue(), empty=_("Nothing is late")),
    Tab("today", _("Today"), _is_due_today, empty=_("Nothing is due today")),
    Tab("week", _("This week"), _is_due_this_week, empty=_("Nothing is due this week")),
    Tab(
        "waiting",
        _("Waiting for the citizen"),
        lambda user: Q(status=Status.WAITING),
        empty=_("No letter waits for its citizen"),
    ),
    Tab(
        "unassigned",
        _("Nobody's"),
        lambda user: Q(status__in=OPEN, assignee=None),
        empty=_("Each open letter has somebody"),
    ),
    Tab("mine", _("Mine"), lambda user: Q(status__in=OPEN, assignee=user), empty=_("No open letter is yours")),
    Tab("answered", _("Answered"), lambda user: Q(status=Status.ANSWERED), BY_ANSWER),
    Tab(ALL_TAB, _("All"), lambda user: Q(), BY_ARRIVAL),
)
TABS = {tab.name: tab for tab in _TABS}
# Letters of other units, which one's own was asked about or got a copy of.
SHOWN_TAB = Tab("shown", _("For opinion or information"), lambda user: Q(), BY_ARRIVAL)
