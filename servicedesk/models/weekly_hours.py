"""The weekly hours of an office (ساعت کار هفتگی), each week with the day from which it holds."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from servicedesk.fields.clock import ClockField
from servicedesk.models.unit import Unit
from servicedesk.persian import jalali_date
from servicedesk.working_days import USUAL_WEEK, Hours, Week

# In the order of an Iranian week, which working_days keeps too.
WEEKDAYS = (
    ("saturday", _("Saturday")),
    ("sunday", _("Sunday")),
    ("monday", _("Monday")),
    ("tuesday", _("Tuesday")),
    ("wednesday", _("Wednesday")),
    ("thursday", _("Thursday")),
    ("friday", _("Friday")),
)
CLOCKS = [f"{day}_{end}" for day, _label in WEEKDAYS for end in ("opens", "closes")]


class WeekPanel(MultiFieldPanel):
    """The seven days as one table, each with from and to."""

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "servicedesk/staff/week.html"

        @cached_property
        def days(self):
            """[(the day's name, its two bound fields)]"""
            return [(label, [self.form[f"{day}_opens"], self.form[f"{day}_closes"]]) for day, label in WEEKDAYS]


class WeeklyHoursForm(WagtailAdminModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for day, label in WEEKDAYS:
            for end, words in (("opens", _("%(day)s from")), ("closes", _("%(day)s to"))):
                usual = self._meta.model._meta.get_field(f"{day}_{end}").default
                self.fields[f"{day}_{end}"] = ClockField(label=words % {"day": label}, initial=usual, required=False)
        self.fields["unit"].empty_label = _("The whole organisation")


def _clock(day, end):
    usual = USUAL_WEEK[[name for name, _label in WEEKDAYS].index(day)]
    return models.TimeField(null=True, blank=True, default=getattr(usual, end, None))


class WeeklyHours(models.Model):
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="weekly_hours",
        help_text=_("Where a unit has hours of its own, those of the organisation do not count for it."),
    )
    first_day = models.DateField(_("holds from"))
    last_day = models.DateField(
        _("holds until"),
        null=True,
        blank=True,
        help_text=_("Leave it empty, and it holds until another one begins. For Ramadan, give the last day."),
    )
    saturday_opens, saturday_closes = _clock("saturday", "opens"), _clock("saturday", "closes")
    sunday_opens, sunday_closes = _clock("sunday", "opens"), _clock("sunday", "closes")
    monday_opens, monday_closes = _clock("monday", "opens"), _clock("monday", "closes")
    tuesday_opens, tuesday_closes = _clock("tuesday", "opens"), _clock("tuesday", "closes")
    wednesday_opens, wednesday_closes = _clock("wednesday", "opens"), _clock("wednesday", "closes")
    thursday_opens, thursday_closes = _clock("thursday", "opens"), _clock("thursday", "closes")
    friday_opens, friday_closes = _clock("friday", "opens"), _clock("friday", "closes")

    panels = [
        FieldPanel("unit"),
        MultiFieldPanel([FieldPanel("first_day"), FieldPanel("last_day")], heading=_("When it holds")),
        WeekPanel(
            [FieldPanel(name) for name in CLOCKS],
            heading=_("Hours of the week"),
            help_text=_("Leave both boxes of a day empty when the office is closed."),
        ),
    ]
    base_form_class = WeeklyHoursForm

    class Meta:
        ordering = ["-first_day", "-pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "first_day"],
                nulls_distinct=False,
                name="one_week_per_office_and_day",
                violation_error_message=_("Hours that hold from this day are there already. Change those instead."),
            )
        ]
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")

    def __str__(self):
        return _("%(office)s from %(day)s") % {
            "office": self.unit or _("The whole organisation"),
            "day": jalali_date(self.first_day),
        }

    def clean(self):
        super().clean()
        errors = {}
        for day, _label in WEEKDAYS:
            opens, closes = getattr(self, f"{day}_opens"), getattr(self, f"{day}_closes")
            if (opens is None) != (closes is None):
                errors[f"{day}_closes"] = _("Fill in both boxes, or leave both empty.")
            elif opens and opens >= closes:
                errors[f"{day}_closes"] = _("The office must open before it closes.")
        if not errors and not any(self.days):
            errors["saturday_opens"] = _("The office must be open on one day at least.")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            errors["last_day"] = _("The last day lies before the first one.")
        if errors:
            raise ValidationError(errors)

    @property
    def days(self):
        """Seven Hours or None, Saturday first."""
        clocks = [(getattr(self, f"{day}_opens"), getattr(self, f"{day}_closes")) for day, _label in WEEKDAYS]
        return tuple(Hours(opens, closes) if opens and closes else None for opens, closes in clocks)

    @property
    def week(self):
        """The same as the Week that working days are counted with."""
        return Week(self.first_day, self.days, self.last_day, is_own=self.unit_id is not None)
