"""Public holidays (تعطیلی رسمی): the table from which working days are computed, and which administrators keep."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel

from servicedesk.persian import jalali_date


class KeptHolidays(models.Manager):
    """Without those that somebody removed: for everybody but the seeding, they do not exist."""

    def get_queryset(self):
        return super().get_queryset().filter(removed_at=None)


class AllHolidays(models.Manager):
    """With those that somebody removed."""


class HolidayForm(WagtailAdminModelForm):
    def clean(self):
        cleaned = super().clean()
        same = Holiday.objects.filter(date=cleaned.get("date"), name=cleaned.get("name")).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(_("This holiday is in the list already."))
        return cleaned

    def save(self, commit=True):
        # What a person has changed, no seeding changes again.
        if self.has_changed():
            self.instance.source = Holiday.Source.BY_HAND
        return super().save(commit)


class Holiday(models.Model):
    class Source(models.TextChoices):
        SEEDED = "seeded", _("official list")
        BY_HAND = "by-hand", _("by hand")

    date = models.DateField(_("date"))
    name = models.CharField(_("occasion"), max_length=200)
    is_estimated = models.BooleanField(
        _("estimated"),
        default=False,
        help_text=_("A holiday of the lunar calendar may still move by a day or two."),
    )
    source = models.CharField(_("source"), max_length=10, choices=Source, default=Source.BY_HAND, editable=False)
    # Which occasion of the official list this is, and the day that the list gave it, whatever a person made of it.
    official_name = models.CharField(max_length=200, blank=True, editable=False)
    official_date = models.DateField(null=True, editable=False)
    # One of the list that a person removed stays as a row, or the next seeding would bring it back.
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = KeptHolidays()
    with_removed = AllHolidays()

    panels = [FieldPanel("date"), FieldPanel("name"), FieldPanel("is_estimated")]
    base_form_class = HolidayForm

    class Meta:
        ordering = ["date", "pk"]
        # Kept by whoever may change the settings of the desk.
        default_permissions = ()
        indexes = [models.Index(fields=["date"])]
        constraints = [
            models.UniqueConstraint(
                fields=["official_date", "official_name"],
                condition=models.Q(official_date__isnull=False),
                name="one_row_per_official_holiday",
            )
        ]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")

    def __str__(self):
        return f"{jalali_date(self.date)} · {self.name}"

    def remove(self):
        """Takes it from the calendar for good."""
        if self.official_date is None:
            self.delete()
        else:
            type(self).objects.filter(pk=self.pk).update(removed_at=timezone.now())
