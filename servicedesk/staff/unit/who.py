"""Who manages which unit, and whose second factor a head may reset."""

from servicedesk.models import Rights, UnitMembership
from servicedesk.models.rights import AUDITOR, REGISTRAR
from servicedesk.roles import Act, Role

# Whoever has one of these reaches beyond any unit, so no head decides about him.
BEYOND_UNITS = (
    REGISTRAR,
    AUDITOR,
    "servicedesk.change_unit",
    "servicedesk.add_user",
    "servicedesk.change_user",
    "auth.change_group",
)


def led_units(rights):
    """The ids of the units that a person leads, as a member or for one who is away."""
    return rights.own_units_for(Act.LEAD)


def leads(rights, unit_id):
    """Whether its people and settings are his to manage: those of heads and superusers."""
    return Act.LEAD in rights.everywhere or unit_id in led_units(rights)


def numbers_all(rights):
    """Whether the rules by which letters are numbered are his to keep, of every unit: those of the registry."""
    return Act.NUMBER in rights.everywhere


def may_reset(user, person):
    """Whether ``user`` may take the second factor of ``person`` away: superusers anybody's, a head those of the people
    of his unit who reach no further than he does. Nobody his own."""
    if person == user:
        return False
    if user.is_superuser:
        return True
    led = led_units(Rights(user))
    parts = list(UnitMembership.objects.filter(user=person))
    is_in_unit = any(part.unit_id in led for part in parts)
    leads_elsewhere = any(part.role == Role.HEAD and part.unit_id not in led for part in parts)
    reaches_beyond = person.is_superuser or any(person.has_perm(right) for right in BEYOND_UNITS)
    return is_in_unit and not leads_elsewhere and not reaches_beyond
