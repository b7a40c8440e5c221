"""Who has passed the second factor, and what stands before the others."""

from enum import Enum

from django.conf import settings
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice


class Step(Enum):
    """What somebody with a right password still has to do; the value is the name of its view."""

    CHALLENGE = "second-factor:challenge"
    ENROL = "second-factor:enrol"


def authenticator_of(user):
    """The TOTPDevice that this person has confirmed, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def has_passed(user):
    """Whether this session has shown an authenticator's or a recovery code. ``is_verified()`` would accept
    any device, that of an SMS too."""
    return isinstance(getattr(user, "otp_device", None), (TOTPDevice, StaticDevice))


def step_before(user):
    """The Step between this signed-in staff member and the admin, or None."""
    if has_passed(user):
        return None
    if authenticator_of(user):
        return Step.CHALLENGE
    return Step.ENROL if settings.STAFF_SECOND_FACTOR == "required" else None


def is_unprotected(user):
    """Whether a banner should ask this person to enrol."""
    return not has_passed(user) and authenticator_of(user) is None
