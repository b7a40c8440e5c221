"""Signing in by SMS: a django-otp device that lives for one sign-in of one browser.

django-otp's own SideChannelDevice keeps the code in plain text and neither throttles nor locks when its
``verify_token`` is called directly, so this device derives its codes and counts guesses under a row lock.
"""

import math
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from servicedesk.models.limit import LIMITS, LimitHit
from servicedesk.models.outbox import OutgoingMessage
from servicedesk.models.user import User

CODE_DIGITS = 6
CODE_LIFE = timedelta(seconds=120)
SIGN_IN_LIFE = timedelta(minutes=15)
MOST_GUESSES = 5
# One solved security code buys one sign-in: its first code and two more, should the SMS not come.
MOST_CODES = 3
PAUSE = LIMITS["send-code-to-number"][0][1]  # seconds between two codes


class SignInOver(Exception):
    """This sign-in takes no further code: spent, too old, out of guesses or out of codes."""


class Outcome(models.TextChoices):
    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"


class SmsDevice(Device):
    """One sign-in: a mobile number, its codes, and the guesses spent on them together.

    The browser session that asked holds its id; no other browser can name it. ``user`` stays empty until
    a code is spent, so a number that never proved itself has no account.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
    mobile = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    guesses = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    spent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("SMS sign-in")

    def __str__(self):
        return f"SmsDevice {self.pk}"

    @classmethod
    def begin(cls, mobile, address, share=1):
        """A new sign-in and its first code, owed as an SMS. Raises LimitReached; then nothing is kept.

        ``address`` is the client's; ``share`` divides the limits for those who solved no security code.
        """
        with transaction.atomic():
            device = cls.objects.create(name="sms", mobile=mobile, language=translation.get_language())
            device.send_code(address, share)
        return device

    @classmethod
    def still_open(cls, pk):
        """The sign-in ``pk`` unless it is spent or older than 15 minutes, else None."""
        return cls.objects.filter(pk=pk, spent_at=None, created_at__gt=Now() - SIGN_IN_LIFE).first()

    def send_another(self, address, share=1):
        """Owes one more code at the person's wish; ``share`` as it began. Raises SignInOver or LimitReached."""
        with transaction.atomic():
            device = type(self).objects.select_for_update().filter(pk=self.pk, spent_at=None).first()
            if device is None or device.guesses >= MOST_GUESSES or device.codes.count() >= MOST_CODES:
                raise SignInOver
            device.send_code(address, share)

    def is_exhausted(self):
        """Whether every guess is spent, as the database knows it now."""
        return type(self).objects.filter(pk=self.pk, guesses__gte=MOST_GUESSES).exists()

    def seconds_left(self):
        """Whole seconds, by the database's clock: until the newest code lapses, and until another may be asked for."""
        newest = self.codes.annotate(now=Now()).latest("pk")
        life, pause = newest.expires_at - newest.now, newest.created_at + timedelta(seconds=PAUSE) - newest.now
        return max(0, math.ceil(life.total_seconds())), max(0, math.ceil(pause.total_seconds()))

    def send_code(self, address, share=1):
        """Owes one more code. The earlier ones live out their own time: SMS arrive out of order."""
        with transaction.atomic():
            LimitHit.take("send-code-to-number", self.mobile, share)
            LimitHit.take("send-code-from-address", address.host, share)
            LimitHit.take("send-code-from-network", address.network, share)
            code = SmsCode.objects.create(device=self)
            code.refresh_from_db()
            with translation.override(self.language):
                text = render_to_string(
                    "servicedesk/messages/code.sms.txt",
                    {"code": OutgoingMessage.CODE_PLACE, "host": settings.PUBLIC_HOST},
                )
            OutgoingMessage.owe(
                kind=OutgoingMessage.Kind.CODE,
                recipient=self.mobile,
                text=text.strip(),
                language=self.language,
                dedupe_key=f"code:{code.pk}",
                sms_code=code,
                not_after=code.expires_at,
            )
        return code

    def check_code(self, typed):
        """Spends one guess on ``typed`` (ASCII digits) and says what it was worth: an Outcome.

        At most five guesses are evaluated over all codes of the sign-in, in whatever parallel, and a right
        code is right exactly once.
        """
        with transaction.atomic():
            device = (
                type(self)
                .objects.select_for_update()
                .filter(pk=self.pk, spent_at=None, created_at__gt=Now() - SIGN_IN_LIFE)
                .first()
            )
            if device is None:
                return Outcome.EXPIRED
            if device.guesses >= MOST_GUESSES:
                return Outcome.EXHAUSTED
            live = list(device.codes.filter(expires_at__gt=Now()))
            if not live:
                return Outcome.EXPIRED
            type(self).objects.filter(pk=self.pk).update(guesses=F("guesses") + 1)
            # Each code is compared, found or not, so that time tells nothing.
            if not any([constant_time_compare(code.digits, typed) for code in live]):
                return Outcome.WRONG if device.guesses + 1 < MOST_GUESSES else Outcome.EXHAUSTED
            user = User.citizens.owning(device.mobile)
            type(self).objects.filter(pk=self.pk).update(spent_at=Now(), user=user)
            self.user = user
            return Outcome.RIGHT

    def verify_token(self, token):
        """django-otp's question: whether the token is right. Spends a guess."""
        return self.check_code(token) == Outcome.RIGHT

    @classmethod
    def purge(cls):
        """Removes sign-ins, and with them their codes, a day after they began."""
        return cls.objects.filter(created_at__lt=Now() - timedelta(days=1)).delete()[0]


def _code_end():
    return Now() + CODE_LIFE


class SmsCode(models.Model):
    """One code of a sign-in: its seed is random, the digits are derived from it and the secret key only
    while sending and checking."""

    device = models.ForeignKey(SmsDevice, on_delete=models.CASCADE, related_name="codes")
    seed = models.CharField(max_length=64, default=secrets.token_hex)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(db_default=_code_end())

    def __str__(self):
        return f"SmsCode {self.pk}"

    @property
    def digits(self):
        """The six digits, as text."""
        digest = salted_hmac("servicedesk.sms-code", f"{self.pk}:{self.seed}", algorithm="sha256").digest()
        return f"{int.from_bytes(digest) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
