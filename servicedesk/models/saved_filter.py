"""Filters of the inbox that somebody keeps under a name."""

from django.conf import settings
from django.db import models

MOST_FILTERS, LONGEST_NAME, LONGEST_QUERY = 20, 60, 2_000


class SavedFilter(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=LONGEST_NAME)
    # The inbox's address behind the question mark.
    query = models.CharField(max_length=LONGEST_QUERY)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_saved_filter_per_name")]

    def __str__(self):
        return self.name
