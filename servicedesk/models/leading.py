"""What the head of a unit does with it: people, roles, stand-ins, settings; each act with its line of the trace."""

from dataclasses import dataclass

from django.db import transaction

from servicedesk.models.letter import Letter
from servicedesk.models.membership import StandIn, UnitMembership
from servicedesk.models.numbering import NumberingRule
from servicedesk.models.unit import Unit
from servicedesk.models.unit_event import Kind, UnitEvent
from servicedesk.models.user import User
from servicedesk.roles import Role


class OnlyHead(Exception):
    """Without this person the unit would have no head."""


class OwnRole(Exception):
    """Who only stands in for a head does not change what he is himself."""


@dataclass(frozen=True)
class Team:
    """What the trace tells of a unit. roles: {user's id: Role's value}."""

    roles: dict
    needs_approval: bool = False

    @classmethod
    def of(cls, unit):
        """As it stands in the database; that of a unit that is not saved yet is empty."""
        if unit.pk is None:
            return cls({})
        roles = dict(UnitMembership.objects.filter(unit=unit).values_list("user", "role"))
        return cls(roles, Unit.objects.values_list("needs_approval", flat=True).get(pk=unit.pk))


class Leading:
    """The acts of one person (``by``) upon one unit. Of two at once the second sees what the first did: whoever asks
    for one holds the lock of ``locked``."""

    def __init__(self, unit, by):
        self.unit, self.by = unit, by

    @classmethod
    def locked(cls):
        """Units to act upon, inside a transaction. Letters may still be written to them meanwhile."""
        return Unit.objects.select_for_update(no_key=True)

    # --- People ---------------------------------------------------------------------------------

    def add(self, user, role):
        """Whether this person became a member; he may be one already."""
        _membership, made = UnitMembership.objects.get_or_create(unit=self.unit, user=user, defaults={"role": role})
        if made:
            self.tell(Kind.MEMBER_ADDED, user, role=role)
        return made

    def change_role(self, membership, role):
        """Raises OnlyHead, OwnRole."""
        if membership.role == role:
            return
        self._require_may_change(membership)
        before, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        self.tell(Kind.ROLE_CHANGED, membership.user, role=role, before=before)

    def take_out(self, membership):
        """Gives how many letters became nobody's. Raises OnlyHead, OwnRole."""
        self._require_may_change(membership)
        membership.delete()
        return self._see_off(membership.user)

    def is_only_head(self, membership):
        heads = UnitMembership.objects.filter(unit=self.unit, role=Role.HEAD, user__is_active=True)
        return membership.role == Role.HEAD and not heads.exclude(pk=membership.pk).exists()

    def _require_may_change(self, membership):
        is_own = membership.user_id == self.by.pk
        if self.is_only_head(membership) and (is_own or not self.by.is_superuser):
            raise OnlyHead
        if is_own and membership.role != Role.HEAD and not self.by.is_superuser:
            raise OwnRole

    def _see_off(self, user):
        """Of somebody who is no member any more: his open letters of the unit become nobody's, and he stands in for
        nobody there. Gives how many letters it were."""
        for stand_in in StandIn.objects.filter(membership__unit=self.unit, substitute=user):
            self.end_stand_in(stand_in)
        held = Letter.objects.live().open().filter(unit=self.unit, assignee=user)
        letters = list(held.select_for_update(of=("self",)).order_by("pk"))
        for letter in letters:
            letter.assign(by=self.by, to=None)
        self.tell(Kind.TAKEN_OUT, user, letters=len(letters))
        return len(letters)

    # --- Stand-ins ------------------------------------------------------------------------------

    def let_stand_in(self, membership, substitute, first_day, last_day):
        """``substitute`` (a User) does this member's part in these days. The same said twice is one."""
        days = {"first_day": first_day, "last_day": last_day}
        if StandIn.objects.filter(membership=membership, substitute=substitute, **days).exists():
            return
        StandIn.objects.create(membership=membership, substitute=substitute, **days)
        written = {name: day.isoformat() for name, day in days.items()}
        self.tell(Kind.STAND_IN_SET, membership.user, substitute=substitute, **written)

    def end_stand_in(self, stand_in):
        """From now on he stands in no more."""
        stand_in.delete()
        self.tell(Kind.STAND_IN_ENDED, stand_in.membership.user, substitute=stand_in.substitute)

    # --- Settings -------------------------------------------------------------------------------

    def ask_for_approval(self, needed):
        if Unit.objects.filter(pk=self.unit.pk).exclude(needs_approval=needed).update(needs_approval=needed):
            self.tell(Kind.APPROVAL_ON if needed else Kind.APPROVAL_OFF)

    def number_by(self, pattern, on_arrival):
        values = {"pattern": pattern, "on_arrival": on_arrival}
        if not NumberingRule.objects.filter(unit=self.unit, **values).exists():
            NumberingRule.objects.update_or_create(unit=self.unit, defaults=values)
            self.tell(Kind.NUMBERING_SET, pattern=pattern)

    def number_no_more(self):
        """The numbers that were given stay, and the count goes on where a rule comes back."""
        if NumberingRule.objects.filter(unit=self.unit).delete()[0]:
            self.tell(Kind.NUMBERING_ENDED)

    # --- The trace ------------------------------------------------------------------------------

    def tell(self, kind, person=None, substitute=None, **detail):
        UnitEvent.objects.create(
            unit=self.unit, kind=kind, actor=self.by, person=person, substitute=substitute, detail=detail
        )

    def note_changes(self, before):
        """After the unit was saved as a whole, in a form of Wagtail's: the trace of what is other than ``before`` (a
        Team), and what a member's going brings with it."""
        with transaction.atomic():
            after = Team.of(self.unit)
            people = User.objects.in_bulk({*before.roles, *after.roles})
            for pk in before.roles.keys() - after.roles.keys():
                self._see_off(people[pk])
            for pk, role in after.roles.items():
                if pk not in before.roles:
                    # A row of the form that got another person has the stand-ins of the one before.
                    StandIn.objects.filter(membership__unit=self.unit, membership__user=pk).delete()
                    self.tell(Kind.MEMBER_ADDED, people[pk], role=role)
                elif role != before.roles[pk]:
                    self.tell(Kind.ROLE_CHANGED, people[pk], role=role, before=before.roles[pk])
            if after.needs_approval != before.needs_approval:
                self.tell(Kind.APPROVAL_ON if after.needs_approval else Kind.APPROVAL_OFF)
