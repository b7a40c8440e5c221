"""Days on which one office or all are closed out of turn (تعطیلی موردی): snow, moving house, a local mourning."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from servicedesk import working_days
from servicedesk.models.unit import Unit
from servicedesk.persian import jalali_date


class ClosureForm(WagtailAdminModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].empty_label = _("The whole organisation")


class Closure(models.Model):
    unit = models.ForeignKey(
        Unit, verbose_name=_("unit"), null=True, blank=True, on_delete=models.CASCADE, related_name="closures"
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), help_text=_("It is closed on this day too."))
    reason = models.CharField(_("reason"), max_length=200)

    panels = [
        FieldPanel("unit"),
        MultiFieldPanel([FieldPanel("first_day"), FieldPanel("last_day")], heading=_("Days")),
        FieldPanel("reason"),
    ]
    base_form_class = ClosureForm

    class Meta:
        ordering = ["-first_day", "-pk"]
        default_permissions = ()
        verbose_name = _("closure")
        verbose_name_plural = _("closures")

    def __str__(self):
        return f"{jalali_date(self.first_day)} · {self.reason}"

    def clean(self):
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day lies before the first one.")})

    @property
    def span(self):
        """The same as the Closure that working days are counted with."""
        return working_days.Closure(self.first_day, self.last_day)
