"""Letters that another unit may read: for its opinion (نظرخواهی), or for information (رونوشت)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Opinion(models.Model):
    """What one unit asks of another inside the house, and what that one says. No citizen sees it."""

    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.PROTECT, related_name="opinions")
    unit = models.ForeignKey("servicedesk.Unit", on_delete=models.PROTECT, related_name="opinions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    question = models.TextField()
    due_on = models.DateField(null=True)
    text = models.TextField(blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "unit"], condition=Q(given_at=None), name="one_open_opinion_per_unit"
            )
        ]
        indexes = [models.Index(fields=["unit", "given_at"], name="opinions_by_unit")]

    def __str__(self):
        return f"Opinion {self.pk}"


class LetterCopy(models.Model):
    """That a unit got a copy of a letter for information."""

    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.PROTECT, related_name="copies")
    unit = models.ForeignKey("servicedesk.Unit", on_delete=models.PROTECT, related_name="copies")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "unit"], name="one_copy_per_unit")]

    def __str__(self):
        return f"LetterCopy {self.pk}"
