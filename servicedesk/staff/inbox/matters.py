"""What letters of the inbox can be asked for since somebody has to see to something in them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from servicedesk.models import AnswerDraft, Attachment, Opinion, OutgoingMessage
from servicedesk.models.attachment import FINDING_IS_LISTED
from servicedesk.roles import Act
from servicedesk.workflow import OPEN

APPROVAL, OPINION = "approval", "opinion"
_OF_THE_LETTER = {"letter": OuterRef("pk")}


@dataclass(frozen=True)
class Matter:
    name: str
    label: str
    # Of an OwnDesk: the condition of its letters.
    where: Callable


def matters_of(desk):
    """{name: Matter} of what somebody can be concerned with."""
    offered = {APPROVAL: desk.rights.may(Act.APPROVE), OPINION: bool(desk.speaks_for)}
    return {matter.name: matter for matter in _MATTERS if offered.get(matter.name, True)}


def awaits_approval(desk):
    """An answer was handed in, and this person may let it out."""
    units = desk.rights.units_for(Act.APPROVE)
    handed_in = Q(Exists(AnswerDraft.objects.filter(handed_in_at__isnull=False, **_OF_THE_LETTER)))
    return handed_in if units is None else handed_in & Q(unit__in=units)


def awaits_opinion(desk):
    """One of this person's units was asked for its opinion and has not said it. After the letter's end nobody waits
    for it."""
    asked = Opinion.objects.filter(given_at=None, unit__in=desk.speaks_for, **_OF_THE_LETTER)
    return Q(Exists(asked), status__in=OPEN)


def _has_undelivered(desk):
    return Q(Exists(OutgoingMessage.objects.unattended().about_letters().filter(**_OF_THE_LETTER)))


def _has_unscanned(desk):
    return Q(Exists(Attachment.objects.late().filter(**_OF_THE_LETTER)))


def _has_finding(desk):
    return Q(Exists(Attachment.objects.found_since(Now() - FINDING_IS_LISTED).filter(**_OF_THE_LETTER)))


_MATTERS = (
    Matter(APPROVAL, _("An answer waits for your approval"), awaits_approval),
    Matter(OPINION, _("Your unit is asked for its opinion"), awaits_opinion),
    Matter("undelivered", _("An SMS reached nobody"), _has_undelivered),
    Matter("unscanned", _("A file could not be checked yet"), _has_unscanned),
    Matter("found", _("Something was found in a file lately"), _has_finding),
)
