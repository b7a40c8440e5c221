"""Mobile numbers are given to other people after a while: who comes back after a year has to show that the older
letters are his."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest, Now

from servicedesk.models.user import User

LONG = timedelta(days=365)


class LongAbsenceQuerySet(models.QuerySet):
    def unproven(self):
        return self.filter(proven_at=None)


class LongAbsence(models.Model):
    """An account that nobody had used for twelve months was used again at ``ended_at``.

    Until ``proven_at`` its letters from before that moment are shown to nobody but staff. A number may change hands
    several times: each absence hides what is older than itself.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="long_absences")
    ended_at = models.DateTimeField(db_default=Now())
    proven_at = models.DateTimeField(null=True)

    objects = LongAbsenceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "ended_at"])]

    def __str__(self):
        return f"LongAbsence {self.pk}"

    @classmethod
    def notice(cls, user):
        """At a sign-in, or when a clerk enters a paper letter with the number: whether the citizen was away for long,
        then written down, and the remembered name forgotten."""
        came_back = cls.objects.filter(user=OuterRef("pk")).order_by("-ended_at").values("ended_at")[:1]
        last_seen = Greatest(Coalesce("last_login", "date_joined"), Subquery(came_back))
        away = User.citizens.alias(last_seen=last_seen).filter(pk=user.pk, last_seen__lt=Now() - LONG)
        if not away.update(last_name_used=""):
            return False
        cls.objects.create(user=user)
        return True

    @classmethod
    def hiding(cls, user, moment):
        """For a query: the absences that hide from ``user`` (a person or an OuterRef) what is each row's, made at
        ``moment`` (the name of the row's field)."""
        return cls.objects.unproven().filter(user=user, ended_at__gt=OuterRef(moment))

    @classmethod
    def hiding_letters_of(cls, user):
        """For a query over letters: the absences that hide the letter of each row from ``user``."""
        return cls.hiding(user, "submitted_at")

    @classmethod
    def hides(cls, letter):
        """Whether the letter's own citizen does not see it."""
        older = cls.objects.unproven().filter(user__letters=letter.pk, user__letters__submitted_at__lt=F("ended_at"))
        return older.exists()

    @classmethod
    def hides_any_of(cls, user):
        """Whether there are letters that their own citizen does not see."""
        return cls.objects.unproven().filter(user=user, user__letters__submitted_at__lt=F("ended_at")).exists()

    @classmethod
    def prove(cls, letter):
        """The tracking code of ``letter`` was given: what is as old as it or younger is its citizen's again."""
        ended_later = cls.objects.unproven().filter(user=letter.citizen, ended_at__gt=letter.submitted_at)
        return ended_later.update(proven_at=Now())
