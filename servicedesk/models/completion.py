"""«درخواست تکمیل»: what the organisation asks the citizen for in the course of a letter, and what came."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class CompletionRequest(models.Model):
    """A question with the files that are wanted; at most one of a letter is open. Its answer stands with it."""

    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.PROTECT, related_name="completion_requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("servicedesk.Unit", on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    # What the wanted files are called, a list of texts.
    wanted = models.JSONField(default=list)
    asked_at = models.DateTimeField(db_default=Now())
    # Frozen from the service: when the citizen is reminded, and when the letter is closed without an answer.
    remind_on = models.DateField(null=True)
    close_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    # The citizen's words; his files are attachments.
    text = models.TextField(blank=True)
    # Nobody waits for its answer any more: taken back, or the letter went on without it.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(answered_at=None, ended_at=None),
                name="one_open_request_per_letter",
            )
        ]
        indexes = [
            models.Index(
                fields=["close_on"], condition=Q(answered_at=None, ended_at=None), name="open_completion_requests"
            )
        ]

    def __str__(self):
        return f"CompletionRequest {self.pk}"

    @property
    def is_open(self):
        return self.answered_at is None and self.ended_at is None

    # What a page has fetched already with the letter's.
    fetched_files = None

    @property
    def files(self):
        """What came with the answer; of one that the scanner removed the notice, until another came."""
        files = self.attachments.all() if self.fetched_files is None else self.fetched_files
        files = sorted(files, key=lambda file: file.created_at)
        replaced = {file.replaces for file in files}
        return [file for file in files if file.pk not in replaced]
