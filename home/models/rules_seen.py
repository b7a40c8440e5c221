"""The rules for sending as they were, each from when it was noticed: for «what has changed» in the guide.

Settings keep no history of their own. The worker that looks after the guide looks each minute and writes a row when
the rules are not those of the last row.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servicedesk.models import DeskSettings


class RulesSeen(models.Model):
    seen_at = models.DateTimeField(default=timezone.now)
    max_bytes = models.PositiveIntegerField()
    extensions = ArrayField(models.CharField(max_length=10))
    text_length = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("rules for sending as they were")
        verbose_name_plural = _("rules for sending as they were")
        ordering = ["-seen_at", "-pk"]

    def __str__(self):
        return f"{self.seen_at:%Y-%m-%d} {self.max_bytes}"

    @classmethod
    def look(cls):
        """Write down the rules that are in force, where they are new."""
        desk = DeskSettings.load()
        rules = desk.body_file_rules
        now = {
            "max_bytes": rules.max_bytes,
            "extensions": list(rules.extensions),
            "text_length": desk.text_length,
        }
        last = cls.objects.first()
        if last is None or any(getattr(last, name) != value for name, value in now.items()):
            cls.objects.create(**now)
