"""What an organisation's own people change about the desk, in the admin, at once and for all processes."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from servicedesk.bilingual import Bilingual
from servicedesk.models.choices_field import ChoicesField
from servicedesk.models.limit import LIMITS
from servicedesk.uploads.inspection import Rules
from servicedesk.uploads.kinds import kind_choices, known_kinds

# What the columns hold; the limit below may not go beyond it.
LONGEST_TEXT = 500
KILOBYTE = 1024


def default_kinds():
    return ["png", "zip", "pdf", "jpg"]


class KindsField(ChoicesField):
    """Several kinds of file; only a kind that has an inspector is on offer."""

    def __init__(self, verbose_name=None, **kwargs):
        super().__init__(verbose_name, several=kind_choices, **kwargs)


def validate_addresses(text):
    for line in text.split():
        validate_email(line)


@register_setting(icon="cogs")
class DeskSettings(Bilingual, BaseGenericSetting):
    organisation_name = models.CharField(_("organisation's name"), max_length=120, default="میز خدمت الکترونیک")
    organisation_name_en = models.CharField(_("organisation's name in English"), max_length=120, blank=True)
    organisation_short_name = models.CharField(
        _("short name"), max_length=20, blank=True, help_text=_("For SMS texts, where each letter counts.")
    )
    body_file_kilobytes = models.PositiveIntegerField(
        _("largest body file, in kilobytes"),
        default=1024,
        validators=[MinValueValidator(10), MaxValueValidator(20 * KILOBYTE)],
        help_text=_("1024 kilobytes are one megabyte. The form, the check, the error and the guide follow at once."),
    )
    body_file_kinds = KindsField(
        _("kinds of body file"), base_field=models.CharField(max_length=10), default=default_kinds
    )
    text_length = models.PositiveIntegerField(
        _("longest name and subject, in characters"),
        default=200,
        validators=[MinValueValidator(20), MaxValueValidator(LONGEST_TEXT)],
    )
    sms_budget_minute = models.PositiveIntegerField(
        _("codes by SMS in a minute, at most"),
        default=LIMITS["sms-budget"][0][0],
        validators=[MinValueValidator(10), MaxValueValidator(100_000)],
        help_text=_(
            "For the whole desk. Four tenths of it are kept for people whom the desk knows, so that an attack does "
            "not shut them out. At half of it the administrators are told."
        ),
    )
    sms_budget_day = models.PositiveIntegerField(
        _("codes by SMS in 24 hours, at most"),
        default=LIMITS["sms-budget"][1][0],
        validators=[MinValueValidator(100), MaxValueValidator(10_000_000)],
        help_text=_("What an attack can cost you in a day at the most. Letters' own messages are not counted."),
    )
    general_service = models.ForeignKey(
        "servicedesk.ServicePage",
        verbose_name=_("service of the general letter"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    alarm_addresses = models.TextField(
        _("e-mail addresses for alarms"),
        blank=True,
        help_text=_("One address a line. While it is empty, alarms go to every active superuser with an address."),
        validators=[validate_addresses],
    )
    morning_digest = models.BooleanField(
        _("morning digest for heads"),
        default=True,
        help_text=_(
            "On each working day of his unit a head gets one e-mail where something waits there: letters that are "
            "overdue, messages that reached nobody, files that could not be checked. It holds numbers, and no names."
        ),
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("organisation_name"),
                FieldPanel("organisation_name_en"),
                FieldPanel("organisation_short_name"),
            ],
            heading=_("Organisation"),
        ),
        MultiFieldPanel(
            [FieldPanel("body_file_kilobytes"), FieldPanel("body_file_kinds"), FieldPanel("text_length")],
            heading=_("Rules for letters"),
        ),
        FieldPanel("general_service"),
        MultiFieldPanel([FieldPanel("morning_digest")], heading=_("Heads of units")),
        FieldPanel("alarm_addresses", permission="superuser"),
        MultiFieldPanel(
            [
                FieldPanel("sms_budget_minute", permission="superuser"),
                FieldPanel("sms_budget_day", permission="superuser"),
            ],
            heading=_("Budget for codes by SMS"),
        ),
    ]

    class Meta:
        verbose_name = _("desk")
        verbose_name_plural = _("desk")

    def __str__(self):
        return self.organisation_name

    def clean(self):
        super().clean()
        unknown = set(self.body_file_kinds or ()) - set(known_kinds())
        if unknown:
            raise ValidationError({"body_file_kinds": _("There is no inspector for this kind of file.")})

    @property
    def body_file_rules(self):
        """The rules that the form, the inspection, the error and the guide share."""
        return Rules(
            kinds=frozenset(self.body_file_kinds) & frozenset(known_kinds()),
            max_bytes=self.body_file_kilobytes * KILOBYTE,
        )

    @property
    def name(self):
        """The organisation's name in the language in use, as far as there is one."""
        return self.in_language("organisation_name")

    @property
    def short_name(self):
        return self.organisation_short_name or self.organisation_name
