"""What people must know at once: a condition that lasts, said once when it begins and gone when it ends.

An alarm carries numbers, never people: it stands on the admin's home page and goes out by e-mail.
"""

from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    SMS_BUDGET_HALF = "sms-budget-half", _("Half of the SMS budget is used up")
    SMS_BUDGET_SPENT = "sms-budget-spent", _("The SMS budget is used up")
    GATEWAY_FAILING = "gateway-failing", _("An SMS gateway refuses our account or does not answer")
    MESSAGES_UNDELIVERED = "messages-undelivered", _("Messages could not be delivered")
    SCANNER_LATE = "scanner-late", _("Files have been waiting for the virus scanner for over ten minutes")
    FILE_INFECTED = "file-infected", _("The virus scanner has found something in a file")
    STORE_DIFFERS = "store-differs", _("The database and the file store do not agree")
    RETENTION_OVERDUE = "retention-overdue", _("Letters are kept longer than promised")


class AlarmQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)


class Alarm(models.Model):
    # A Kind; a new one needs no migration.
    kind = models.CharField(max_length=30)
    # What it is about where there may be several, such as a gateway's name; never a person.
    subject = models.CharField(max_length=100, blank=True)
    figures = models.JSONField(default=dict)
    raised_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(settled_at=None), name="one_open_alarm_of_a_kind"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.raised_at}"

    @property
    def label(self):
        """What holds, as a sentence in the active language."""
        return str(Kind(self.kind).label)

    @classmethod
    def sound(cls, kind, subject="", **figures):
        """Says that a condition holds. The first time opens an alarm; later ones bring its ``figures`` up to date."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"alarm:{kind}:{subject}"])
            standing = cls.objects.open().filter(kind=kind, subject=subject)
            if not standing.update(last_at=Now(), figures=figures):
                cls.objects.create(kind=kind, subject=subject, figures=figures)

    @classmethod
    def settle(cls, kind, subject=""):
        """Says that a condition holds no longer."""
        cls.objects.open().filter(kind=kind, subject=subject).update(settled_at=Now())
