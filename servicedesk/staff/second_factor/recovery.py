"""Ten codes for the day on which the telephone is lost. Each works once; only keyed hashes of them are kept."""

import secrets
from base64 import b32encode

from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from servicedesk.persian import only_digits

HOW_MANY, LENGTH = 10, 10
# Nothing that is read or told wrongly: no 0 o, 1 i l, u v.
ALPHABET = "23456789abcdefghjkmnpqrstwxyz"


def renew(user):
    """Ten new codes as people read them, ``abcde-fghjk``; the old ones are worth nothing from now on."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(HOW_MANY)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery codes")
        StaticToken.objects.bulk_create(StaticToken(device=device, token=_hashed(user, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def is_one(typed):
    """Whether this could be a recovery code at all, so that a slip costs no try."""
    code = plain(typed)
    return len(code) == LENGTH and set(code) <= set(ALPHABET)


def plain(typed):
    """A code as it was made, from however it was typed."""
    return only_digits(typed).lower()


def device_of(user):
    return StaticDevice.objects.filter(user=user).first()


def left(user):
    """How many codes are unused."""
    return StaticToken.objects.filter(device__user=user).count()


def spend(user, typed):
    """The StaticDevice if the code was right and unused, else None; counted and throttled by django-otp."""
    device = device_of(user)
    return device and verify_token(user, device.persistent_id, _hashed(user, plain(typed)))


def _hashed(user, code):
    # Sixteen characters are what the column holds: 80 bits.
    digest = salted_hmac("servicedesk.recovery-code", f"{user.pk}:{code}", algorithm="sha256").digest()
    return b32encode(digest[:10]).decode()
