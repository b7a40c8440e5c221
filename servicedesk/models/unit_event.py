"""What happened to a unit itself: its people, who stands in for whom, its settings. Appended, never changed."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from servicedesk import persian
from servicedesk.models.unit import Unit
from servicedesk.roles import Role


class Kind(models.TextChoices):
    """Each with its sentence; ``UnitEvent.in_words`` fills it."""

    MEMBER_ADDED = "member-added", _("%(person)s became a member, as %(role)s.")
    ROLE_CHANGED = "role-changed", _("%(person)s was %(before)s and is %(role)s now.")
    TAKEN_OUT = "taken-out", _("%(person)s is no longer a member. Letters that became nobody's: %(letters)s.")
    STAND_IN_SET = "stand-in-set", _("%(substitute)s stands in for %(person)s from %(first_day)s to %(last_day)s.")
    STAND_IN_ENDED = "stand-in-ended", _("%(substitute)s no longer stands in for %(person)s.")
    FACTOR_RESET = "factor-reset", _("The second factor of %(person)s was reset.")
    APPROVAL_ON = "approval-on", _("From now on answers need approval.")
    APPROVAL_OFF = "approval-off", _("Answers no longer need approval.")
    NUMBERING_SET = "numbering-set", _("Letters are numbered like %(pattern)s.")
    NUMBERING_ENDED = "numbering-ended", _("Letters are no longer numbered by a rule.")


class TraceIsWritten(Exception):
    """Somebody tried to change or remove a line of a unit's trace."""


class UnitEventQuerySet(models.QuerySet):
    def with_names(self):
        return self.select_related("actor", "person", "substitute")

    def update(self, **values):
        raise TraceIsWritten

    def delete(self):
        raise TraceIsWritten


class UnitEvent(models.Model):
    # Only a unit that never had a letter can go, and its trace with it.
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The colleague whom it is about.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # What else the sentence names: roles by their values, days as YYYY-MM-DD, a number of letters, a pattern.
    detail = models.JSONField(default=dict)

    objects = UnitEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["unit", "-at", "-id"], name="trace_of_unit")]

    def __str__(self):
        return f"{self.kind} {self.at}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TraceIsWritten
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TraceIsWritten

    def in_words(self):
        """Its sentence, in the language in use."""
        people = {name: one.display_name for name in ("person", "substitute") if (one := getattr(self, name))}
        return self.get_kind_display() % (
            people | {name: _in_words(name, value) for name, value in self.detail.items()}
        )


def _in_words(name, value):
    if name in ("role", "before"):
        return f"«{Role(value).label}»"
    if name in ("first_day", "last_day"):
        return persian.jalali_date(datetime.date.fromisoformat(value))
    # A pattern is isolated, and runs as its own first letter does.
    return f"\u2068{value}\u2069" if name == "pattern" else persian.in_language(value)
