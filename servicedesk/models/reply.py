"""An answer (جوابیه) of the organisation to a letter, interim or final."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class Reply(models.Model):
    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("servicedesk.Unit", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    is_final = models.BooleanField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"Reply {self.pk}"
