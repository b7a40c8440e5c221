"""Saved texts (متن‌های آماده): what clerks write again and again, with places that the letter fills."""

import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicedesk import persian
from servicedesk.models.service import ServicePage
from servicedesk.models.unit import Unit

LONGEST_TITLE, LONGEST_TEXT = 80, 5_000
# What clerks write for what differs from letter to letter, in either language.
PLACES = {
    "نام": "name",
    "کد": "code",
    "موضوع": "subject",
    "خدمت": "service",
    "واحد": "unit",
    "تاریخ": "date",
    "امروز": "today",
    "شماره": "number",
}
PLACE = re.compile(r"\{([^{}]*)\}")


class SavedTextQuerySet(models.QuerySet):
    def fitting(self, letter):
        """Those for the letter's unit or all units, and for its service, in whatever language its page is, or all
        services; what is meant most closely first."""
        pages = ServicePage.objects.filter(
            translation_key__in=ServicePage.objects.filter(pk=letter.service_id).values("translation_key")
        )
        fitting = self.filter(Q(unit=letter.unit_id) | Q(unit=None), Q(service__in=pages) | Q(service=None))
        return fitting.order_by(
            models.F("service").asc(nulls_last=True), models.F("unit").asc(nulls_last=True), "title", "pk"
        )


class SavedText(models.Model):
    title = models.CharField(gettext_lazy("title"), max_length=LONGEST_TITLE)
    text = models.TextField(gettext_lazy("text"))
    # Empty: for all.
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="saved_texts")
    service = models.ForeignKey(ServicePage, null=True, on_delete=models.SET_NULL, related_name="saved_texts")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())

    objects = SavedTextQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = gettext_lazy("saved text")
        verbose_name_plural = gettext_lazy("saved texts")

    def __str__(self):
        return self.title

    def filled_for(self, letter):
        """The text with its places filled from a letter. What the letter lacks, and what is no place, stays as it was
        written, so that the clerk sees it."""
        values = {
            "name": letter.sender_name,
            "code": persian.in_language(letter.reference),
            "subject": letter.subject,
            "service": letter.service_title,
            "unit": str(letter.unit),
            "date": persian.jalali_short(letter.submitted_at),
            "today": persian.jalali_short(timezone.now()),
            "number": persian.in_language(letter.official_number),
        }
        return PLACE.sub(lambda found: values.get(_place(found[1])) or found[0], self.text)


def _place(name):
    name = persian.tidy(name).replace("ك", "ک")
    return PLACES.get(name, name)


def unknown_places(text):
    """A sentence for each place in a text that stands for nothing."""
    unknown = [name for name in PLACE.findall(text) if _place(name) not in PLACES.values()]
    return [_("“{%(place)s}” stands for nothing.") % {"place": name} for name in unknown]
