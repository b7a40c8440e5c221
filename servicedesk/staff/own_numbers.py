"""On the admin's home page: what is one's own on the desk, as numbers that lead to the lists they count."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from wagtail.admin.ui.components import Component

from servicedesk.models import Letter, Reply, User
from servicedesk.persian import in_language
from servicedesk.roles import Act
from servicedesk.staff.inbox.filter import ME
from servicedesk.staff.inbox.matters import APPROVAL, OPINION, awaits_approval, awaits_opinion
from servicedesk.staff.inbox.tabs import ALL_TAB, SHOWN_TAB, TABS
from servicedesk.staff.menu import counted_in_words
from servicedesk.staff.own_desk import CountedRows, OwnDesk

WEEK = 7  # days, today among them


@dataclass
class Figure:
    """A number and what it counts; ``query``: what the inbox is asked for to list the same, or None."""

    label: str
    rows: QuerySet
    query: dict | None = None
    is_warning: bool = False
    count: int = 0

    @property
    def words(self):
        return counted_in_words(self.count) or in_language(0)

    @property
    def address(self):
        """Where the rows are listed; "" where there are none, or no list of them."""
        return f"{reverse('staff:inbox')}?{urlencode(self.query)}" if self.count and self.query else ""


@dataclass
class Group:
    title: str
    figures: list


class OwnNumbersPanel(Component):
    name = "own_numbers"
    template_name = "servicedesk/staff/own_numbers_panel.html"
    order = 48

    def get_context_data(self, parent_context):
        desk = OwnDesk.of(parent_context["request"])
        return {"groups": counted(groups_of(desk), desk.user) if desk.is_shown else []}


def groups_of(desk):
    """The Groups that concern this person, not counted yet."""
    groups = [_given_to(desk), _waiting_for(desk), _answered_by(desk), *map(_led(desk), desk.led_units)]
    return [group for group in groups if group.figures]


def counted(groups, user):
    """The groups with their counts, all found in one statement."""
    figures = [figure for group in groups for figure in group.figures]
    counts = User.objects.filter(pk=user.pk).values_list(*(CountedRows(figure.rows) for figure in figures)).get()
    for figure, count in zip(figures, counts, strict=True):
        figure.count = count
    return groups


def _given_to(desk):
    user = desk.user
    mine = desk.letters.filter(assignee=user)

    def figure(label, tab, **more):
        return Figure(label, mine.filter(TABS[tab].where(user)), {"tab": tab, "assignee": ME}, **more)

    figures = [
        Figure(pgettext("so many letters", "open"), mine.filter(TABS["mine"].where(user)), {"tab": "mine"}),
        figure(pgettext("so many letters", "overdue"), "overdue", is_warning=True),
        figure(pgettext("so many letters", "due today"), "today"),
    ]
    return Group(_("Letters that are yours"), figures)


def _waiting_for(desk):
    figures = []
    if desk.rights.may(Act.APPROVE):
        rows = desk.letters.filter(awaits_approval(desk))
        figures.append(Figure(_("answers to approve"), rows, {"tab": ALL_TAB, "matter": APPROVAL}))
    if desk.speaks_for:
        rows = Letter.objects.live().filter(awaits_opinion(desk))
        tab = ALL_TAB if desk.sees_all else SHOWN_TAB.name
        label = ngettext("opinion of your unit", "opinions of your units", len(desk.speaks_for))
        figures.append(Figure(label, rows, {"tab": tab, "matter": OPINION}))
    return Group(_("Asked of you"), figures)


def _answered_by(desk):
    """Final answers, the first ones: who corrects one has not answered another letter. No list of the inbox holds
    them, since their letters may be in other hands by now."""
    if not desk.rights.may(Act.ANSWER):
        return Group("", [])
    final = Reply.objects.filter(author=desk.user, is_final=True, corrects=None)
    days = in_language(WEEK)
    figures = [
        Figure(_("today"), final.filter(at__gte=_midnight(days_ago=0))),
        Figure(_("in %(days)s days") % {"days": days}, final.filter(at__gte=_midnight(days_ago=WEEK - 1))),
    ]
    return Group(_("Answered by you"), figures)


def _led(desk):
    def group(unit):
        letters = desk.letters.filter(unit=unit)

        def figure(label, tab, **more):
            return Figure(label, letters.filter(TABS[tab].where(desk.user)), {"tab": tab, "unit": unit.pk}, **more)

        overdue = figure(pgettext("so many letters", "overdue"), "overdue", is_warning=True)
        return Group(str(unit), [overdue, figure(pgettext("so many letters", "nobody's"), "unassigned")])

    return group


def _midnight(days_ago):
    day = timezone.localdate() - datetime.timedelta(days=days_ago)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
