"""What waits in a unit, told to whoever leads it: one e-mail a working day, in the morning. Numbers, and no people.

The rows of the outbox are its memory: a digest whose row is there was told, so the task may run as often as it likes.
"""

import datetime
import logging
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from servicedesk.models import Attachment, DeskSettings, Letter, OutgoingMessage, StandIn, Unit, UnitMembership, User
from servicedesk.models.attachment import FINDING_IS_LISTED
from servicedesk.models.office_calendar import calendars_of
from servicedesk.models.outbox import Channel
from servicedesk.persian import jalali_long
from servicedesk.roles import Act, roles_with

log = logging.getLogger(__name__)

# Hours of the organisation's clock: a beat that was missed is made up for until noon, and no digest leaves later.
FROM, UNTIL = 7, 12
KEY = "digest:"
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class News:
    """What waits in one unit, as numbers; ``since``: the day (date) from whose morning on findings are counted."""

    unit: Unit
    since: datetime.date
    overdue: int = 0
    undelivered: int = 0
    unscanned: int = 0
    found: int = 0

    def __bool__(self):
        return any((self.overdue, self.undelivered, self.unscanned, self.found))

    @property
    def since_words(self):
        return jalali_long(self.since)

    @property
    def overdue_address(self):
        return self._inbox(tab="overdue")

    @property
    def undelivered_address(self):
        return self._inbox(tab="all", matter="undelivered")

    @property
    def unscanned_address(self):
        return self._inbox(tab="all", matter="unscanned")

    @property
    def found_address(self):
        return self._inbox(tab="all", matter="found")

    def _inbox(self, **query):
        return f"{settings.PUBLIC_URL}{reverse('staff:inbox')}?{urlencode(query | {'unit': self.unit.pk})}"


def is_digest(message):
    """Whether a row of the outbox is one."""
    return message.dedupe_key.startswith(KEY)


def owe_digests(moment=None):
    """Owes the digests of the morning of ``moment`` (aware; now), each that is not owed yet. Gives how many."""
    now = timezone.localtime(moment, timezone.get_default_timezone())
    desk = DeskSettings.load()
    if not FROM <= now.hour < UNTIL or not desk.morning_digest:
        return 0
    with timezone.override(now.tzinfo), transaction.atomic():
        # Not by the key's uniqueness alone: PostgreSQL would write the loser of a race into its log.
        if not _is_our_turn():
            return 0
        owed = _owe_all(desk, now)
    if owed:
        log.info("morning digests owed: %s", owed)
    return owed


def _is_our_turn():
    """Whether no other worker is at it; nobody else will be until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('digest'))")
        return cursor.fetchone()[0]


def _owe_all(desk, now):
    keys = {head: f"{KEY}{head.pk}:{now.date()}" for head in _heads()}
    told = set(OutgoingMessage.objects.filter(dedupe_key__in=keys.values()).values_list("dedupe_key", flat=True))
    heads = [head for head, key in keys.items() if key not in told]
    news = _news_of({unit for head in heads for unit in head.leads}, now)
    digests = {head: [one for one in news if one.unit.pk in head.leads] for head in heads}
    digests = {head: waiting for head, waiting in digests.items() if waiting}
    return sum(_owe(head, waiting, desk, now, keys[head]) for head, waiting in digests.items())


def _owe(head, news, desk, now, key):
    """Whether it is owed now. What breaks one digest keeps no other from its head; the next round tries it again."""
    try:
        language = _language_of(head)
        with translation.override(language):
            text = _mail_text(news, desk, now.date())
    except Exception:
        log.exception("no digest for head %s", head.pk)
        return False
    OutgoingMessage.owe(
        kind=OutgoingMessage.Kind.MESSAGE,
        channel=Channel.EMAIL,
        recipient=head.email,
        text=text,
        language=language,
        dedupe_key=key,
        not_after=now.replace(hour=UNTIL, minute=0, second=0, microsecond=0),
    )
    return True


def _mail_text(news, desk, day):
    """The e-mail in the active language, its subject first."""
    subject = _("%(desk)s: what waits on %(day)s") % {"desk": desk.short_name, "day": jalali_long(day)}
    body = render_to_string("servicedesk/messages/digest.email.txt", {"news": news, "desk": desk})
    return f"{subject}\n{body.strip()}\n"


def _language_of(person):
    """The language in which he works in the admin."""
    profile = getattr(person, "wagtail_userprofile", None)
    chosen = profile.preferred_language if profile else ""
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


# --- Who leads what ------------------------------------------------------------------------------------------------


def _heads():
    """Whoever leads a unit today, as a member or for one who is away, and has a mailbox: Users with ``leads`` (ids)."""
    roles, led = roles_with(Act.LEAD), defaultdict(set)
    own = UnitMembership.objects.filter(role__in=roles).values_list("user", "unit")
    stand_ins = StandIn.objects.today().filter(membership__role__in=roles)
    for person, unit in [*own, *stand_ins.values_list("substitute", "membership__unit")]:
        led[person].add(unit)
    heads = User.objects.filter(pk__in=led, is_active=True).exclude(email="")
    heads = list(heads.select_related("wagtail_userprofile").order_by("pk"))
    for head in heads:
        head.leads = led[head.pk]
    return heads


# --- What waits there ----------------------------------------------------------------------------------------------


def _news_of(units, now):
    """The News of those of the units (ids) that work today and where something waits, by name."""
    working = _working_today(units, now.date()) if units else {}
    if not working:
        return []
    letters = Letter.objects.live().overdue().filter(unit__in=working)
    messages = OutgoingMessage.objects.unattended().about_letters().filter(letter__unit__in=working)
    files = Attachment.objects.late().filter(letter__unit__in=working)
    overdue, undelivered = _by_unit(letters, "unit"), _by_unit(messages, "letter__unit")
    unscanned, found = _by_unit(files, "letter__unit"), _by_unit(_findings(working, now), "letter__unit")
    news = (
        News(
            unit,
            working[unit.pk],
            overdue=overdue.get(unit.pk, 0),
            undelivered=undelivered.get(unit.pk, 0),
            unscanned=unscanned.get(unit.pk, 0),
            found=found.get(unit.pk, 0),
        )
        for unit in Unit.objects.filter(pk__in=working).order_by("sort_key")
    )
    return [one for one in news if one]


def _working_today(units, today):
    """{unit's id: its last working day before today} of those that work today."""
    calendars = calendars_of(units, today - FINDING_IS_LISTED)
    return {
        unit: _day_before(calendar, today) for unit, calendar in calendars.items() if calendar.is_working_day(today)
    }


def _day_before(calendar, today):
    """The last working day before today; the farthest one that the inbox looks back to where there is none."""
    farthest = FINDING_IS_LISTED.days - 1
    days = [today - _DAY * back for back in range(1, farthest + 1)]
    return next((day for day in days if calendar.is_working_day(day)), days[-1])


def _findings(working, now):
    """Files removed since the last digest could leave."""
    units_by_day = defaultdict(list)
    for unit, day in working.items():
        units_by_day[day].append(unit)
    hour, since = datetime.time(FROM), Q()
    for day, units in units_by_day.items():
        moment = datetime.datetime.combine(day, hour, tzinfo=now.tzinfo)
        since |= Q(letter__unit__in=units, scanned_at__gt=moment)
    return Attachment.objects.found_since(now - FINDING_IS_LISTED).filter(since)


def _by_unit(rows, unit):
    """{unit's id: how many of the rows}; ``unit``: the way from a row to its unit."""
    return dict(rows.order_by().values_list(unit).annotate(Count("pk")))
