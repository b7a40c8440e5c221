"""What the page of a service tells: the national service sheet (شناسنامه خدمت)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from servicedesk.models.choices_field import ChoicesField
from servicedesk.models.service_editing import CompletenessPanel

TEXT_FEATURES = ["bold", "ol", "ul", "link", "document-link", "h3"]

# The choices of the sheet: the names are kept, the labels are shown.
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


# What the sheet states in few words, below its texts.
FACTS = ("relations", "nature", "level", "starts", "yearly_count", "frequency", "channels")


class ServiceSheet(models.Model):
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

    sheet_panels = [
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
            [FieldPanel(name) for name in ("code", "provider", "parent_service", *FACTS)], heading=_("Service sheet")
        ),
    ]
    sheet_search_fields = [
        index.SearchField(name) for name in ("summary", "description", "audience", "what_to_prepare", "steps")
    ]

    class Meta:
        abstract = True

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
        *FACTS,
    )

    def missing_from_sheet(self):
        """The names that people read of the fields which are still empty. A zero is an answer."""
        return [self._meta.get_field(name).verbose_name for name in self.SHEET if getattr(self, name) in (None, "", [])]

    def relation_labels(self):
        return self._meta.get_field("relations").labels(self.relations)

    def start_labels(self):
        return self._meta.get_field("starts").labels(self.starts)

    def channel_labels(self):
        return self._meta.get_field("channels").labels(self.channels)
