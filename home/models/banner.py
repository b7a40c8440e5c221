"""A warning above every page (closed today, SMS trouble), for a span of time."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from servicedesk.bilingual import Bilingual


class BannerQuerySet(models.QuerySet):
    def now_and_next(self):
        """(those that visitors see now, warnings first; when by time alone they become others, or None)."""
        now = timezone.now()
        ahead = self.filter(Q(ends_at=None) | Q(ends_at__gt=now), is_on=True).select_related("page")
        changes = [moment for one in ahead for moment in (one.starts_at, one.ends_at) if moment and moment > now]
        shown = [one for one in ahead if not one.starts_at or one.starts_at <= now]
        return sorted(shown, key=lambda one: one.kind != "warning"), min(changes, default=None)


class Banner(Bilingual, models.Model):
    KINDS = [("warning", _("warning")), ("news", _("good to know"))]

    text = models.CharField(_("text"), max_length=300)
    text_en = models.CharField(
        _("text in English"), max_length=300, blank=True, help_text=_("Left empty, the English pages show the other.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS, default="warning")
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page with more about it"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_on = models.BooleanField(_("switched on"), default=True)
    starts_at = models.DateTimeField(_("from"), null=True, blank=True, help_text=_("Left empty: at once."))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Left empty: until switched off."))

    objects = BannerQuerySet.as_manager()

    panels = [
        FieldPanel("text"),
        FieldPanel("text_en"),
        FieldPanel("kind"),
        FieldPanel("page"),
        MultiFieldPanel([FieldPanel("is_on"), FieldPanel("starts_at"), FieldPanel("ends_at")], heading=_("When")),
    ]

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("banner")
        verbose_name_plural = _("banners")

    def __str__(self):
        return self.text

    def clean(self):
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end must come after the beginning.")})
