"""A service (خدمت) is a Wagtail page: what it is for, and how its letters are sent."""

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page, PageManager, PageQuerySet

from servicedesk.bilingual import PERSIAN
from servicedesk.models.asked_form import AskedForm
from servicedesk.models.message_text import OWN_WORDS
from servicedesk.models.opening import OpeningTimes
from servicedesk.models.service_editing import FormRefused, ServicePageForm, problems_by_field
from servicedesk.models.service_sheet import ServiceSheet
from servicedesk.models.service_texts import ServiceTexts
from servicedesk.models.unit import Unit
from servicedesk.page_cache import holds_until
from servicedesk.questions.routing import routes_of

DEFAULT_RETENTION_MONTHS = 24


class ServiceQuerySet(PageQuerySet):
    def taking_letters(self):
        """The services that any citizen can start now, in all languages; none whose page only some people may read."""
        return self.live().public().filter(accepts_letters=True)

    def offered(self):
        """Those of the language in use, where there is one."""
        live = self.taking_letters()
        own = live.filter(locale__language_code=get_language())
        in_persian = live.filter(locale__language_code=PERSIAN)
        if get_language() == PERSIAN:
            return in_persian
        return own if own.exists() else in_persian


class ServicePage(ServiceSheet, AskedForm, ServiceTexts, OpeningTimes, Page):
    units = ParentalManyToManyField(
        Unit,
        verbose_name=_("units to choose from"),
        blank=True,
        help_text=_("None chosen means every unit that receives letters."),
    )
    accepts_letters = models.BooleanField(
        _("accepts letters"), default=True, help_text=_("Off: the page stays, its button goes.")
    )

    reminder_days = models.PositiveSmallIntegerField(
        _("days until a reminder"),
        null=True,
        blank=True,
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Counted from the day on which a citizen was asked for more. Empty: nobody is reminded."),
    )
    closing_days = models.PositiveSmallIntegerField(
        _("days until a letter without a reply is closed"),
        null=True,
        blank=True,
        default=30,
        validators=[MinValueValidator(2), MaxValueValidator(365)],
        help_text=_("Counted from the same day. Empty: it waits until somebody closes it."),
    )
    postponed_days = models.PositiveSmallIntegerField(
        _("working days added when the promised day is missed"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Once for each letter, and the citizen is told with the reason below. Empty: only by hand."),
    )
    postponed_reason = models.CharField(_("reason that the citizen is told"), max_length=200, blank=True)

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

    base_form_class = ServicePageForm
    content_panels = Page.content_panels + [
        *ServiceSheet.sheet_panels,
        MultiFieldPanel(
            [
                FieldPanel("accepts_letters"),
                FieldPanel("units", widget=forms.CheckboxSelectMultiple),
                # Fewer months remove letters for good within the hour.
                FieldPanel("retention_months", permission="superuser"),
            ],
            heading=_("Letters"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
                FieldRowPanel([FieldPanel("most_letters"), FieldPanel("most_letters_days")]),
            ],
            heading=_("When, and how often"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("reminder_days"), FieldPanel("closing_days")]),
                FieldRowPanel([FieldPanel("postponed_days"), FieldPanel("postponed_reason")]),
            ],
            heading=_("Waiting and being late"),
        ),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("The page")),
            ObjectList(AskedForm.form_panels, heading=_("The form")),
            ObjectList(ServiceTexts.text_panels, heading=_("Texts")),
            ObjectList(Page.promote_panels, heading=_("Promote")),
        ]
    )
    search_fields = Page.search_fields + ServiceSheet.sheet_search_fields

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def parts(self):
        """The parts of its public page that can be jumped to, as [(anchor, title)]."""
        told = [
            ("prepare", _("What to prepare"), self.what_to_prepare),
            ("steps", _("Steps"), self.steps),
            ("units", _("Units that receive it"), self.receiving_units().exists()),
            ("sheet", _("Service sheet in full"), True),
            ("law", _("Legal basis"), self.legal_basis),
        ]
        return [(anchor, title) for anchor, title, there in told if there]

    @property
    def start_url(self):
        """Where a citizen starts this service."""
        return f"{reverse('desk:letter-new')}?service={self.slug}"

    def form_problems(self, sets=None):
        """Sentences about what would make it useless to citizens. ``sets``: see outline_of."""
        texts = {name: getattr(self, name) for name in OWN_WORDS.values()}
        found = problems_by_field(self.outline(sets), texts)
        return [sentence for sentences in found.values() for sentence in sentences]

    def publish(self, revision, *args, **kwargs):
        """Raises FormRefused."""
        if sentences := revision.as_object().form_problems():
            raise FormRefused(self, sentences)
        return super().publish(revision, *args, **kwargs)

    @property
    def preview_modes(self):
        return [
            ("", _("The page")),
            ("form", _("The form, as citizens see it")),
            ("receipt", _("The receipt")),
            ("messages", _("The SMS texts")),
        ]

    # {mode: what serves it, of the page and the request}: given by the views, which know forms and receipts.
    previews = {}

    def serve_preview(self, request, mode_name):
        serve = self.previews.get(mode_name)
        return serve(self, request) if serve else super().serve_preview(request, mode_name)

    def get_context(self, request, *args, **kwargs):
        holds_until(request, self.changes_at)
        return super().get_context(request, *args, **kwargs)

    @cached_property
    def can_start(self):
        """Whether a letter of this service would be taken now and find a unit. A new desk has services before it has
        units; one whose page only some people may read takes no letters (``offered``)."""
        if not (self.accepts_letters and self.is_open):
            return False
        return Unit.objects.receiving().exists() and not self.get_view_restrictions()

    def receiving_units(self):
        """The units that a letter of this service may go to, as the page stands."""
        if routes := routes_of(self.routing):
            routed = Unit.objects.receiving().filter(pk__in={route.unit for route in routes})
            if routed.exists():
                return routed
        # By their ids: in a draft that is not saved yet, the relation is a plain list.
        chosen = Unit.objects.receiving().filter(pk__in=[unit.pk for unit in self.units.all()])
        return chosen if chosen.exists() else Unit.objects.receiving()
