"""An answer that is being written, or that waits for approval."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AnswerDraft(models.Model):
    """What one clerk has written to a letter and not sent; kept while it is typed. Its file waits under the same
    ``form_key``. Handed in, it waits for somebody who may let it out; of a letter one at a time does."""

    class Kind(models.TextChoices):
        FINAL = "final", _("Final answer")
        INTERIM = "interim", _("Interim answer")
        CORRECTION = "correction", _("Corrected answer")

    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.CASCADE, related_name="answer_drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="answer_drafts")
    form_key = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FINAL)
    text = models.TextField(blank=True)
    updated_at = models.DateTimeField(db_default=Now())
    handed_in_at = models.DateTimeField(null=True)
    # It was sent back, by whom and with what word.
    sent_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    remark = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "author"], name="one_answer_draft_per_author"),
            models.UniqueConstraint(
                fields=["letter"], condition=Q(handed_in_at__isnull=False), name="one_answer_in_approval"
            ),
        ]

    def __str__(self):
        return f"AnswerDraft {self.pk}"

    @property
    def awaits_approval(self):
        return self.handed_in_at is not None

    @classmethod
    def keep(cls, *, letter, author, text, kind, form_key):
        """Keeps what is typed; gives whether it did. What is handed in already stays as it is."""
        values = {"text": text, "kind": kind, "form_key": form_key, "updated_at": Now()}
        draft, made = cls.objects.get_or_create(letter=letter, author=author, defaults=values)
        return made or bool(cls.objects.filter(pk=draft.pk, handed_in_at=None).update(**values))
