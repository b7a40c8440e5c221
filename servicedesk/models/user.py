"""One table, two worlds: staff sign in with a password and a second factor, citizens with an SMS code.

``User.objects`` holds staff only, so nothing that lists, edits or grants rights to users can meet a
citizen; citizens come through ``User.citizens`` and a sign-in backend of their own.
"""

import uuid

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from servicedesk.models.words import DigitParts, begins_words
from servicedesk.roles import Act, roles_with


class StaffManager(UserManager):
    def get_queryset(self):
        return super().get_queryset().filter(mobile__isnull=True)

    def answering_in(self, units):
        """Those who may answer letters of one of these units (ids), by name."""
        memberships = {"memberships__unit__in": units, "memberships__role__in": roles_with(Act.ANSWER)}
        people = self.filter(is_active=True, **memberships).distinct()
        return people.order_by("last_name", "first_name", "username")


class CitizenManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(mobile__isnull=False)

    def owning(self, mobile):
        """The account of a mobile number (E.164), made at its first sign-in or paper letter; safe in parallel."""
        known = self.filter(mobile=mobile).first()
        if known:
            return known
        fresh = self.model(
            mobile=mobile,
            username=f"citizen-{uuid.uuid4().hex}",
            # What set_unusable_password() writes, in a form that the constraint below can check.
            password=UNUSABLE_PASSWORD_PREFIX + uuid.uuid4().hex,
        )
        with transaction.atomic():
            self.lock_number(mobile)
            # Not get_or_create: PostgreSQL would write the loser of a race into its log, with the number.
            self.bulk_create([fresh], ignore_conflicts=True)
            return self.get(mobile=mobile)

    def with_digits(self, *parts):
        """Those in whose number one of ``parts`` (at most twelve digits each, 0-9) stands somewhere."""
        return self.filter(begins_words(DigitParts("mobile"), *([part] for part in parts)))

    def lock_number(self, mobile):
        """Until the transaction ends nobody else gives this number to an account, new or old."""
        digest = salted_hmac("number-of-an-account", mobile, algorithm="sha256").digest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])


class User(AbstractUser):
    mobile = models.CharField(
        _("mobile number"),
        max_length=16,
        null=True,
        unique=True,
        editable=False,
        help_text="E.164, citizens only",
    )
    last_name_used = models.CharField(max_length=500, blank=True, editable=False)

    objects = StaffManager()
    citizens = CitizenManager()

    class Meta(AbstractUser.Meta):
        abstract = False
        swappable = "AUTH_USER_MODEL"
        # Staff look for letters by any part of the number.
        indexes = [GinIndex(DigitParts("mobile"), name="citizens_by_digits", condition=Q(mobile__isnull=False))]
        constraints = [
            models.CheckConstraint(
                name="citizens_have_no_powers",
                condition=Q(mobile__isnull=True)
                | Q(is_staff=False, is_superuser=False, password__startswith=UNUSABLE_PASSWORD_PREFIX),
            )
        ]

    def __str__(self):
        return self.display_name

    @property
    def is_citizen(self):
        return self.mobile is not None

    @property
    def display_name(self):
        """A person's name for staff pages; never the mobile number."""
        if self.is_citizen:
            return str(_("Citizen"))
        return self.get_full_name() or self.get_username()
