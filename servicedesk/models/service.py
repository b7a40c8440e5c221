"""A service (خدمت) is a Wagtail page: what it is for, and how its letters are sent."""

from django import forms
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index

from servicedesk.models.unit import Unit

DEFAULT_RETENTION_MONTHS = 24
TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link", "h3"]


class ServiceQuerySet(PageQuerySet):
    def offered(self):
        """The services that a citizen can start now, in the language in use where there is one."""
        live = self.live().filter(accepts_letters=True)
        own = live.filter(locale__language_code=get_language())
        return own if own.exists() else live.filter(locale__language_code="fa")


class ServicePage(Page):
    summary = models.CharField(
        _("summary"), max_length=300, help_text=_("One or two sentences: what the citizen gets here.")
    )
    audience = models.CharField(_("for whom"), max_length=300, blank=True)
    what_to_prepare = RichTextField(_("what to prepare"), features=TEXT_FEATURES, blank=True)
    steps = RichTextField(_("steps"), features=TEXT_FEATURES, blank=True)
    time_needed = models.CharField(_("time to the answer"), max_length=200, blank=True)
    cost = models.CharField(_("cost"), max_length=200, blank=True)
    legal_basis = RichTextField(_("legal basis"), features=TEXT_FEATURES, blank=True)
    units = ParentalManyToManyField(
        Unit,
        verbose_name=_("units to choose from"),
        blank=True,
        help_text=_("None chosen means every unit that receives letters."),
    )
    accepts_letters = models.BooleanField(
        _("accepts letters"), default=True, help_text=_("Off: the page stays, its button goes.")
    )

    retention_months = models.PositiveSmallIntegerField(
        _("months for which letters are kept"),
        default=DEFAULT_RETENTION_MONTHS,
        validators=[MaxValueValidator(1200)],
        help_text=_(
            "Counted from the final answer or the end of a letter. Then name, subject, answers and files are removed "
            "for good; what is left counts in figures only. 0: kept without end."
        ),
    )

    objects = PageManager.from_queryset(ServiceQuerySet)()

    template = "servicedesk/service_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = []
    page_description = _("A service that citizens can start: what it is for, and its letter form.")

    content_panels = Page.content_panels + [
        FieldPanel("summary"),
        FieldPanel("audience"),
        FieldPanel("what_to_prepare"),
        FieldPanel("steps"),
        MultiFieldPanel([FieldPanel("time_needed"), FieldPanel("cost")], heading=_("Time and cost")),
        FieldPanel("legal_basis"),
        MultiFieldPanel(
            [
                FieldPanel("accepts_letters"),
                FieldPanel("units", widget=forms.CheckboxSelectMultiple),
                # Fewer months remove letters for good within the hour.
                FieldPanel("retention_months", permission="superuser"),
            ],
            heading=_("Letters"),
        ),
    ]
    search_fields = Page.search_fields + [
        index.SearchField("summary"),
        index.SearchField("audience"),
        index.SearchField("what_to_prepare"),
        index.SearchField("steps"),
    ]

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    @property
    def start_url(self):
        """Where a citizen starts this service."""
        return f"{reverse('desk:letter-new')}?service={self.slug}"

    def receiving_units(self):
        """The units that a letter of this service may go to."""
        # By their ids: in a draft that is not saved yet, the relation is a plain list.
        chosen = Unit.objects.receiving().filter(pk__in=[unit.pk for unit in self.units.all()])
        return chosen if chosen.exists() else Unit.objects.receiving()
