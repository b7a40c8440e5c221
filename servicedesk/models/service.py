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
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index

from servicedesk.bilingual import PERSIAN
from servicedesk.models.choices_field import ChoicesField
from servicedesk.models.desk_settings import KILOBYTE, KindsField
from servicedesk.models.message_text import OWN_WORDS
from servicedesk.models.opening import OpeningTimes
from servicedesk.models.service_editing import (
    CompletenessPanel,
    FormProblemsPanel,
    FormRefused,
    ServicePageForm,
    problems_by_field,
)
from servicedesk.models.service_texts import ServiceTexts
from servicedesk.models.unit import Unit
from servicedesk.page_cache import holds_until
from servicedesk.questions.file import MOST_KILOBYTES
from servicedesk.questions.form_blocks import FormField
from servicedesk.questions.outline import StandardField, outline_of
from servicedesk.questions.routing import RoutingField, routes_of
from servicedesk.uploads.inspection import Rules
from servicedesk.uploads.kinds import known_kinds

DEFAULT_RETENTION_MONTHS = 24
TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link", "h3"]


# The fields and choices of the national service sheet (شناسنامه خدمت); the names are kept, the labels are shown.
RELATIONS = [
    ("g2c", _("to citizens (G2C)")),
    ("g2b", _("to businesses (G2B)")),
    ("g2g", _("to other public bodies (G2G)")),
]
NATURES = [("sovereign", _("sovereign")), ("commercial", _("commercial"))]
LEVELS = [
    ("national", _("national")),
    ("regional", _("regional")),
    ("provincial", _("provincial")),
    ("urban", _("urban")),
    ("rural", _("rural")),
]
STARTS = [
    ("request", _("somebody asks for it")),
    ("date", _("a certain date comes")),
    ("event", _("something happens")),
    ("organisation", _("the organisation finds it due")),
]
CHANNELS = [
    ("online", _("this site")),
    ("mobile", _("mobile app")),
    ("telephone", _("telephone")),
    ("office", _("service offices")),
    ("in-person", _("in person")),
]


class ServiceQuerySet(PageQuerySet):
    def offered(self):
        """The services that any citizen can start now, in the language in use where there is one; none whose page only
        some people may read."""
        live = self.live().public().filter(accepts_letters=True)
        own = live.filter(locale__language_code=get_language())
        in_persian = live.filter(locale__language_code=PERSIAN)
        if get_language() == PERSIAN:
            return in_persian
        return own if own.exists() else in_persian


ASKED = [("required", _("asked and required")), ("optional", _("asked, may stay empty")), ("none", _("not asked"))]
LONGEST_LABEL = 100


class ServicePage(ServiceTexts, OpeningTimes, Page):
    summary = models.CharField(
        _("summary"), max_length=300, help_text=_("One or two sentences: what the citizen gets here.")
    )
    description = RichTextField(_("what it is"), features=TEXT_FEATURES, blank=True)
    audience = models.CharField(_("for whom"), max_length=300, blank=True)
    life_event = models.CharField(
        _("life event"),
        max_length=120,
        blank=True,
        help_text=_("When in life one needs it: building a house, moving …"),
    )
    what_to_prepare = RichTextField(_("what to prepare"), features=TEXT_FEATURES, blank=True)
    steps = RichTextField(_("steps"), features=TEXT_FEATURES, blank=True)
    promised_days = models.PositiveSmallIntegerField(
        _("promised working days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("Until the final answer. The statement of service levels reads it from here."),
    )
    time_needed = models.CharField(
        _("time to the answer"), max_length=200, blank=True, help_text=_("In words, where the number alone misleads.")
    )
    visits = models.PositiveSmallIntegerField(_("visits in person"), null=True, blank=True)
    cost = models.CharField(_("cost"), max_length=200, blank=True)
    legal_basis = RichTextField(_("legal basis"), features=TEXT_FEATURES, blank=True)
    code = models.CharField(_("service code"), max_length=60, blank=True)
    provider = models.CharField(
        _("provided by"), max_length=200, blank=True, help_text=_("Left empty, it is your organisation.")
    )
    parent_service = models.CharField(_("belongs to the service"), max_length=200, blank=True)
    relations = ChoicesField(_("kind of service"), several=RELATIONS, default=list, blank=True)
    nature = models.CharField(_("nature"), max_length=20, choices=NATURES, blank=True)
    level = models.CharField(_("level"), max_length=20, choices=LEVELS, blank=True)
    starts = ChoicesField(_("how it starts"), several=STARTS, default=list, blank=True)
    yearly_count = models.PositiveIntegerField(_("times a year"), null=True, blank=True)
    frequency = models.CharField(
        _("how often one needs it"), max_length=120, blank=True, help_text=_("Such as: once, or twice a year.")
    )
    channels = ChoicesField(_("ways to it"), several=CHANNELS, default=list, blank=True)
    units = ParentalManyToManyField(
        Unit,
        verbose_name=_("units to choose from"),
        blank=True,
        help_text=_("None chosen means every unit that receives letters."),
    )
    accepts_letters = models.BooleanField(
        _("accepts letters"), default=True, help_text=_("Off: the page stays, its button goes.")
    )

    # The four fields that every letter has; subject and unit are always asked.
    name_label = models.CharField(_("what the name is called"), max_length=LONGEST_LABEL, blank=True)
    name_asked = models.CharField(_("the name is"), max_length=10, choices=ASKED, default="required")
    subject_label = models.CharField(_("what the subject is called"), max_length=LONGEST_LABEL, blank=True)
    unit_label = models.CharField(_("what the unit is called"), max_length=LONGEST_LABEL, blank=True)
    file_label = models.CharField(_("what the letter's body file is called"), max_length=LONGEST_LABEL, blank=True)
    file_asked = models.CharField(_("the body file is"), max_length=10, choices=ASKED, default="required")
    file_kinds = KindsField(
        _("its kinds"), default=list, blank=True, help_text=_("None chosen: the kinds that the whole desk takes.")
    )
    file_kilobytes = models.PositiveIntegerField(
        _("its largest size, in kilobytes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(MOST_KILOBYTES)],
        help_text=_("Empty: as the whole desk has it. 1024 kilobytes are one megabyte."),
    )
    form = FormField(verbose_name=_("questions"))
    routing = RoutingField(
        verbose_name=_("units by answers"),
        help_text=_(
            "Tried from the top: a letter goes to the first unit whose condition fits. The last stands without a "
            "condition and gets all others. Left empty, citizens choose the unit themselves."
        ),
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

    base_form_class = ServicePageForm
    content_panels = Page.content_panels + [
        CompletenessPanel(heading=_("How complete the sheet is")),
        FieldPanel("summary"),
        FieldPanel("description"),
        MultiFieldPanel([FieldPanel("audience"), FieldPanel("life_event")], heading=_("For whom")),
        FieldPanel("what_to_prepare"),
        FieldPanel("steps"),
        MultiFieldPanel(
            [FieldPanel("promised_days"), FieldPanel("time_needed"), FieldPanel("visits"), FieldPanel("cost")],
            heading=_("Time and cost"),
        ),
        FieldPanel("legal_basis"),
        MultiFieldPanel(
            [
                FieldPanel(name)
                for name in (
                    "code",
                    "provider",
                    "parent_service",
                    "relations",
                    "nature",
                    "level",
                    "starts",
                    "yearly_count",
                    "frequency",
                    "channels",
                )
            ],
            heading=_("Service sheet"),
        ),
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
    ]
    form_panels = [
        FormProblemsPanel(heading=_("Before it can be published")),
        FieldPanel(
            "form",
            help_text=_(
                "Put a section here with +, and the questions into it. A long form is cut by “New step from here”. "
                "The preview shows it as citizens will see it."
            ),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name_label"), FieldPanel("name_asked")]),
                FieldRowPanel([FieldPanel("subject_label"), FieldPanel("unit_label")]),
                FieldRowPanel([FieldPanel("file_label"), FieldPanel("file_asked")]),
                FieldPanel("file_kinds"),
                FieldPanel("file_kilobytes"),
            ],
            heading=_("The four usual fields"),
            help_text=_("Left empty, they are called as everywhere on the desk."),
        ),
        # Below the questions: its conditions ask about those above them.
        FieldPanel("routing"),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("The page")),
            ObjectList(form_panels, heading=_("The form")),
            ObjectList(ServiceTexts.text_panels, heading=_("Texts")),
            ObjectList(Page.promote_panels, heading=_("Promote")),
        ]
    )
    search_fields = Page.search_fields + [
        index.SearchField("summary"),
        index.SearchField("description"),
        index.SearchField("audience"),
        index.SearchField("what_to_prepare"),
        index.SearchField("steps"),
    ]

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    # What a complete sheet tells, in its order.
    SHEET = (
        "summary",
        "description",
        "audience",
        "life_event",
        "what_to_prepare",
        "steps",
        "promised_days",
        "visits",
        "cost",
        "legal_basis",
        "code",
        "relations",
        "nature",
        "level",
        "starts",
        "yearly_count",
        "frequency",
        "channels",
    )

    def missing_from_sheet(self):
        """The names that people read of the fields which are still empty. A zero is an answer."""
        return [self._meta.get_field(name).verbose_name for name in self.SHEET if getattr(self, name) in (None, "", [])]

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

    def relation_labels(self):
        return self._meta.get_field("relations").labels(self.relations)

    def start_labels(self):
        return self._meta.get_field("starts").labels(self.starts)

    def channel_labels(self):
        return self._meta.get_field("channels").labels(self.channels)

    @property
    def start_url(self):
        """Where a citizen starts this service."""
        return f"{reverse('desk:letter-new')}?service={self.slug}"

    def file_rules(self, desk):
        """The rules (uploads' ``Rules``) for the body file of this service's letters: its own, as far as it has them,
        else those of the DeskSettings ``desk``.

        Form, check, error, service page and guide all ask here."""
        usual = desk.body_file_rules
        kinds = frozenset(self.file_kinds or ()) & frozenset(known_kinds())
        return Rules(
            kinds=kinds or usual.kinds,
            max_bytes=self.file_kilobytes * KILOBYTE if self.file_kilobytes else usual.max_bytes,
        )

    def outline(self, sets=None):
        """The Outline of its form as the page stands, with labels in the language in use. ``sets``: see outline_of."""
        return outline_of(
            self.form,
            {
                "sender_name": StandardField(self.name_label or str(_("Full name")), self.name_asked),
                "subject": StandardField(self.subject_label or str(_("Subject of the request"))),
                "unit": StandardField(self.unit_label or str(_("Receiving unit"))),
                "body_file": StandardField(self.file_label or str(_("Upload the letter's body file")), self.file_asked),
            },
            self.routing,
            sets,
        )

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
