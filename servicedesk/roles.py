"""Who may do what with a letter, as one table. Imports nothing of ours."""

from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member of a unit is there, from the smallest to the largest."""

    READER = "reader", _("Reader")
    CLERK = "clerk", _("Clerk")
    APPROVER = "approver", _("Approver")
    HEAD = "head", _("Head")


class Act(Enum):
    """One kind of thing to do with a letter."""

    READ = "read"
    # A note for colleagues, an opinion that another unit asked for.
    NOTE = "note"
    # To the citizen: answers, questions, the end, a later day.
    ANSWER = "answer"
    # Lets the answers of others out, and one's own without asking.
    APPROVE = "approve"
    # Into whose hands it goes: another unit, a person, a copy, the right service.
    HAND_ON = "hand-on"
    # Its official number.
    NUMBER = "number"
    # Taking letters out in a table.
    EXPORT = "export"
    # The unit's members, and reports by person.
    LEAD = "lead"


_READER = {Act.READ}
_CLERK = _READER | {Act.NOTE, Act.ANSWER, Act.HAND_ON, Act.NUMBER, Act.EXPORT}
_APPROVER = _CLERK | {Act.APPROVE}

# What each role of a unit may do with that unit's letters.
OF_ROLE = {
    Role.READER: frozenset(_READER),
    Role.CLERK: frozenset(_CLERK),
    Role.APPROVER: frozenset(_APPROVER),
    Role.HEAD: frozenset(_APPROVER | {Act.LEAD}),
}
# What people of the whole organisation may do with every letter: the registry (دبیرخانه) sends letters on their way
# and numbers them, the auditor reads and counts.
OF_REGISTRAR = frozenset({Act.READ, Act.NOTE, Act.HAND_ON, Act.NUMBER})
OF_AUDITOR = frozenset({Act.READ})
# A unit that was asked for its opinion, or got a copy, reads the letter and may say something of it.
OF_CONSULTED = frozenset({Act.READ, Act.NOTE})
EVERYTHING = frozenset(Act)


def roles_with(act):
    """The roles of a unit whose members may do this with its letters."""
    return [role for role in Role if act in OF_ROLE[role]]
