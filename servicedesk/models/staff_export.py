"""Who of the staff took which letters out as a table."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from servicedesk.models.limit import LimitHit


class StaffExport(models.Model):
    """One export. Which letters were in it stands with each of them, as a StaffView, and goes with the letter; this
    stays, and holds nothing about citizens."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey("servicedesk.ServicePage", null=True, on_delete=models.SET_NULL, related_name="+")
    service_title = models.CharField(max_length=255)
    format = models.CharField(max_length=4, choices=Format)
    # How many letters the filters let through when it began.
    letters = models.PositiveIntegerField()
    # What it was narrowed by, in words: units, statuses, labels of questions; never what was typed.
    narrowed_by = models.JSONField(default=list)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"])]

    def __str__(self):
        return f"{self.service_title} {self.at}"

    @classmethod
    def begin(cls, *, user, **what):
        """Counts an export and writes it down before anything goes out; gives it. Raises LimitReached."""
        with LimitHit.counted_or_refused():
            LimitHit.take("export-by-staff", user.pk)
            return cls.objects.create(user=user, **what)
