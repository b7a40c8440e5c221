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

from servicedesk.models.absence import LongAbsence
from servicedesk.models.code_permission import Wish, count_asking, permit, sending
from servicedesk.models.limit import LIMITS
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

    class Purpose(models.TextChoices):
        SIGN_IN = "sign-in"
        CHANGE_NUMBER = "change-number"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
    mobile = models.CharField(max_length=16)
    purpose = models.CharField(max_length=15, choices=Purpose, default=Purpose.SIGN_IN)
    # Its first code came from what is kept for owners: the page says «if», whether there is an account or not.
    from_reserve = models.BooleanField(default=False)
    language = models.CharField(max_length=8)
    guesses = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    spent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("SMS sign-in")

    def __str__(self):
        return f"SmsDevice {self.pk}"

    @classmethod
    def begin(cls, mobile, address, share=1, browser="", purpose=Purpose.SIGN_IN):
        """A new sign-in and its first code, owed as an SMS. Raises LimitReached; then nothing is kept but the asking.

        What is asked for is a Wish.
        """
        wish = Wish(mobile, address, share, browser)
        count_asking(wish)
        with sending():
            return cls.begin_all([wish], purpose)[0]

    @classmethod
    def begin_all(cls, wishes, purpose):
        """One new device and its first code for each wish, in the open transaction: all, or LimitReached is raised."""
        permissions = permit(*wishes)
        values = {"name": "sms", "language": translation.get_language(), "purpose": purpose}
        devices = [cls.objects.create(mobile=wish.mobile, **values) for wish in wishes]
        for device, permission in zip(devices, permissions, strict=True):
            device._owe_code(permission)
        return devices

    @classmethod
    def still_open(cls, pk, purpose=Purpose.SIGN_IN):
        """The sign-in ``pk`` unless it is spent or older than 15 minutes, else None."""
        young = cls.objects.filter(pk=pk, purpose=purpose, created_at__gt=Now() - SIGN_IN_LIFE)
        return young.filter(spent_at=None).first()

    def send_another(self, address, share=1, browser=""):
        """Owes one more code at the person's wish; ``share`` as it began. Raises SignInOver or LimitReached."""
        wish = Wish(self.mobile, address, share, browser)
        count_asking(wish)
        with sending():
            device = type(self).objects.select_for_update().filter(pk=self.pk, spent_at=None).first()
            if device is None or device.guesses >= MOST_GUESSES or device.codes.count() >= MOST_CODES:
                raise SignInOver
            [permission] = permit(wish)
            device._owe_code(permission)

    def is_exhausted(self):
        """Whether every guess is spent, as the database knows it now."""
        return type(self).objects.filter(pk=self.pk, guesses__gte=MOST_GUESSES).exists()

    def seconds_left(self):
        """Whole seconds, by the database's clock: until the newest code lapses, and until another may be asked for."""
        newest = self.codes.annotate(now=Now()).latest("pk")
        life, pause = newest.expires_at - newest.now, newest.created_at + timedelta(seconds=PAUSE) - newest.now
        return max(0, math.ceil(life.total_seconds())), max(0, math.ceil(pause.total_seconds()))

    def _owe_code(self, permission):
        """Owes one more code. The earlier ones live out their own time: SMS arrive out of order."""
        if permission.from_reserve:
            type(self).objects.filter(pk=self.pk).update(from_reserve=True)
            self.from_reserve = True
        code = SmsCode.objects.create(device=self, withheld=permission.withheld)
        code.refresh_from_db()
        self._owe(code)

    def _owe(self, code):
        """Owes the SMS of a code. A code that is withheld makes a message that has lapsed already, so that whoever
        measures finds the same work done for numbers with and without an account."""
        with translation.override(self.language):
            text = render_to_string(
                "servicedesk/messages/code.sms.txt",
                {
                    "code": OutgoingMessage.CODE_PLACE,
                    "host": settings.PUBLIC_HOST,
                    "is_for_change": self.purpose == self.Purpose.CHANGE_NUMBER,
                },
            )
        OutgoingMessage.owe(
            kind=OutgoingMessage.Kind.CODE,
            recipient=self.mobile,
            text=text.strip(),
            language=self.language,
            dedupe_key=f"code:{code.pk}",
            sms_code=code,
            not_after=code.created_at if code.withheld else code.expires_at,
        )

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
            # Each code is compared, found or not, so that time tells nothing. One that nobody got is never right.
            if not any([constant_time_compare(code.digits, typed) and not code.withheld for code in live]):
                return Outcome.WRONG if device.guesses + 1 < MOST_GUESSES else Outcome.EXHAUSTED
            if device.purpose == self.Purpose.SIGN_IN:
                self.user = User.citizens.owning(device.mobile)
                if LongAbsence.notice(self.user):
                    # What still waits names the codes of letters that are hidden from now on.
                    OutgoingMessage.objects.filter(letter__citizen=self.user).call_off()
            type(self).objects.filter(pk=self.pk).update(spent_at=Now(), user=self.user)
            return Outcome.RIGHT

    def verify_token(self, token):
        """django-otp's question: whether the token is right. Spends a guess."""
        return self.check_code(token) == Outcome.RIGHT

    @classmethod
    def hold(cls, **which):
        """Locks these sign-ins, for a moment in which no code of theirs is checked; gives them to be deleted."""
        held = cls.objects.select_for_update().filter(**which).order_by("pk").values_list("pk", flat=True)
        return cls.objects.filter(pk__in=list(held))

    @classmethod
    def purge(cls):
        """Removes sign-ins, and with them their codes, a day after they began."""
        with transaction.atomic():
            return cls.hold(created_at__lt=Now() - timedelta(days=1)).delete()[0]


def _code_end():
    return Now() + CODE_LIFE


class SmsCode(models.Model):
    """One code of a sign-in: its seed is random, the digits are derived from it and the secret key only
    while sending and checking."""

    device = models.ForeignKey(SmsDevice, on_delete=models.CASCADE, related_name="codes")
    seed = models.CharField(max_length=64, default=secrets.token_hex)
    # Nobody gets this one: see code_permission.
    withheld = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(db_default=_code_end())

    def __str__(self):
        return f"SmsCode {self.pk}"

    @property
    def digits(self):
        """The six digits, as text."""
        digest = salted_hmac("servicedesk.sms-code", f"{self.pk}:{self.seed}", algorithm="sha256").digest()
        return f"{int.from_bytes(digest) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
