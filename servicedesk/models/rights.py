"""What one person of the staff may do with letters, by the table of ``servicedesk.roles``."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from servicedesk.models.membership import UnitMembership
from servicedesk.models.opinion import LetterCopy, Opinion
from servicedesk.models.unit import Unit
from servicedesk.roles import EVERYTHING, OF_AUDITOR, OF_CONSULTED, OF_REGISTRAR, OF_ROLE, Act, Role

# Permissions of the whole organisation, given through groups.
REGISTRAR, AUDITOR = "servicedesk.keep_registry", "servicedesk.audit_letters"


def sees_all(user):
    """Whether somebody of the staff may read the letters of every unit."""
    return user.is_superuser or user.has_perm(REGISTRAR) or user.has_perm(AUDITOR)


class Rights:
    """The rights of a person at this moment. Made anew for each request: what was taken away counts at the next one."""

    def __init__(self, user, memberships=None):
        """``memberships``: those in force for the user, where somebody has fetched them already."""
        self.user = user
        everywhere = set(EVERYTHING) if user.is_superuser else set()
        if not user.is_superuser:
            everywhere |= OF_REGISTRAR if user.has_perm(REGISTRAR) else set()
            everywhere |= OF_AUDITOR if user.has_perm(AUDITOR) else set()
        self.everywhere = frozenset(everywhere)
        if memberships is None:
            memberships = UnitMembership.objects.in_force_for(user)
        # {unit's id: its Acts}
        self.in_units = {}
        for one in memberships:
            self.in_units[one.unit_id] = self.in_units.get(one.unit_id, frozenset()) | OF_ROLE[Role(one.role)]

    def on(self, letter):
        """The Acts that this person may do with a letter now."""
        acts = self.everywhere | self.in_units.get(letter.unit_id, frozenset())
        # Only of units by which he could do more.
        shown_to = units_shown(letter, [unit for unit, own in self.in_units.items() if OF_CONSULTED & (own - acts)])
        return acts.union(*(OF_CONSULTED & self.in_units[unit] for unit in shown_to))

    def may(self, act, letter=None):
        """Whether the act may be done with this letter; without one, with the letters of any unit."""
        if letter is not None:
            return act in self.on(letter)
        return act in self.everywhere or any(act in acts for acts in self.in_units.values())

    def may_speak_for(self, unit_id):
        """Whether this person may say the opinion of a unit: by a part in it, not by one in the whole organisation."""
        return self.user.is_superuser or Act.NOTE in self.in_units.get(unit_id, ())

    def units_spoken_for(self):
        """Their ids, of which ``may_speak_for`` is true; None for all units."""
        return None if self.user.is_superuser else self.own_units_for(Act.NOTE)

    def units_for(self, act):
        """The ids of the units on whose letters the act may be done; None for all units."""
        return None if act in self.everywhere else self.own_units_for(act)

    def own_units_for(self, act):
        """The ids of those in which a part of one's own allows it, whatever one may do everywhere."""
        return [unit for unit, acts in self.in_units.items() if act in acts]


def with_units_shown(letters):
    """The letters (a queryset) with what ``units_shown`` would ask of each."""
    of_letter = {"letter": OuterRef("pk")}
    asked, informed = (
        ArraySubquery(model.objects.filter(**of_letter).values("unit")) for model in (Opinion, LetterCopy)
    )
    return letters.annotate(asked_units=asked, informed_units=informed)


def units_shown(letter, units):
    """Which of these units (ids) got a copy of the letter or were asked for their opinion."""
    if not units:
        return []
    if hasattr(letter, "asked_units"):
        return [unit for unit in units if unit in (*letter.asked_units, *letter.informed_units)]
    asked, informed = (
        Exists(model.objects.filter(letter=letter, unit=OuterRef("pk"))) for model in (Opinion, LetterCopy)
    )
    return list(Unit.objects.filter(asked | informed, pk__in=units).order_by().values_list("pk", flat=True))
