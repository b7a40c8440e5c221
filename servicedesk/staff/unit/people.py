"""The people of a unit as its head sees them."""

from collections import defaultdict

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicedesk.models import Letter, StandIn, UnitMembership
from servicedesk.persian import sort_key
from servicedesk.roles import Role
from servicedesk.staff.menu import counted_in_words
from servicedesk.staff.own_desk import CountedRows

RANKS = list(Role)[::-1]


def members_of(unit):
    """UnitMemberships, heads first and then by name, each with ``open_words``, ``has_factor`` and ``substitutes``
    (StandIns of today and to come)."""
    held = Letter.objects.live().open().filter(unit=OuterRef("unit"), assignee=OuterRef("user"))
    enrolled = TOTPDevice.objects.filter(user=OuterRef("user"), confirmed=True)
    members = UnitMembership.objects.filter(unit=unit).select_related("user")
    members = list(members.annotate(open_letters=CountedRows(held), has_factor=Exists(enrolled)))
    stand_ins = stand_ins_of(unit)
    for member in members:
        member.open_words = counted_in_words(member.open_letters)
        member.substitutes = stand_ins[member.pk]
    return sorted(members, key=lambda member: (RANKS.index(member.role), sort_key(member.user.display_name), member.pk))


def without_mail(members):
    """Whoever leads the unit today, of its ``members_of``, and gets no morning digest since he has no mailbox."""
    heads = [member for member in members if member.role == Role.HEAD and member.user.is_active]
    people = [head.user for head in heads] + [one.substitute for head in heads for one in head.substitutes if one.is_on]
    return [person for person in dict.fromkeys(people) if person.is_active and not person.email]


def stand_ins_of(unit):
    """{membership's id: its StandIns that are not over, each with ``is_on`` today}."""
    today, found = timezone.localdate(), defaultdict(list)
    rows = StandIn.objects.filter(membership__unit=unit, last_day__gte=today).select_related("substitute")
    for one in rows:
        one.is_on = one.first_day <= today
        found[one.membership_id].append(one)
    return found
