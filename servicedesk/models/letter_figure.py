"""What reports count of one letter: its row of the summary table.

``servicedesk.figures`` writes it from the letter and its timeline; it knows nothing more than they do, so it can be
thrown away and made anew.
"""

from django.conf import settings
from django.db import models

from servicedesk.models.letter import Letter
from servicedesk.models.unit import Unit


class LetterFigureQuerySet(models.QuerySet):
    def in_units(self, units):
        """Those of the letters that are with these units (ids) now; None for all units."""
        return self if units is None else self.filter(unit__in=units)


class LetterFigure(models.Model):
    letter = models.OneToOneField(Letter, primary_key=True, on_delete=models.CASCADE, related_name="figure")
    # The letter's ``moved_at`` when it was counted: where that differs by now, this row is out of date.
    moved_at = models.DateTimeField(db_index=True)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey("servicedesk.ServicePage", null=True, on_delete=models.SET_NULL, related_name="+")
    service_title = models.CharField(max_length=255)
    # Who ended it; of an open letter whose it is.
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    came_at = models.DateTimeField()
    # By the organisation's clock: 0 for Saturday to 6 for Friday, and 0 to 23.
    weekday = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    # When the citizen first heard of somebody who had read it; and after how many minutes of opening hours.
    reacted_at = models.DateTimeField(null=True)
    reaction_minutes = models.PositiveIntegerField(null=True)
    # The final answer that holds; and the minutes of opening hours in which the letter lay with the organisation.
    answered_at = models.DateTimeField(null=True)
    answer_minutes = models.PositiveIntegerField(null=True)
    # By answer, without one, or by its citizen. None: it is open.
    ended_at = models.DateTimeField(null=True)
    # Its citizen took it back: the organisation neither answered nor closed it.
    is_withdrawn = models.BooleanField(default=False)
    # Whether the answer came by the day that was promised first, moved by days of rest alone. None without answer or
    # promise.
    is_in_time = models.BooleanField(null=True)
    # By these an open letter is late, as in the inbox.
    due_on = models.DateField(null=True)
    rests_since = models.DateTimeField(null=True)

    objects = LetterFigureQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["unit", "came_at"]),
            models.Index(fields=["came_at"]),
            models.Index(fields=["ended_at"]),
        ]

    def __str__(self):
        return f"LetterFigure {self.pk}"
