"""What editors change about the site as a whole: its look, its menus, and how the organisation is reached."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import ColorInput
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Orderable, Page

from home.colours import DEFAULT_COLOUR, validate_colour
from servicedesk.bilingual import Bilingual


@dataclass(frozen=True)
class MenuLink:
    """One entry as shown. ``url`` is an address of this site or a foreign one. ``current`` is what ``aria-current``
    says of it: "page", "true" above the page that is shown, or ""."""

    label: str
    url: str
    current: str = ""


# Places that are no pages: name → (what editors read, its address, what visitors read).
DESTINATIONS = {
    "desk": (_("Service desk"), "desk:home", _("Service desk")),
    "track": (_("Tracking"), "desk:track", _("Tracking")),
}


@register_setting(icon="site", order=10)
class SiteSettings(Bilingual, BaseGenericSetting, ClusterableModel):
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("A square picture, at least 160 pixels wide. Without one, the site shows its own sign."),
    )
    colour = models.CharField(
        _("main colour"),
        max_length=7,
        default=DEFAULT_COLOUR,
        validators=[validate_colour],
        help_text=_(
            "For headings and buttons, such as #12395b. It must be dark enough to be read on white; the lighter one "
            "for dark screens is made from it. Blue, green, amber and red are kept for the state of letters."
        ),
    )
    footer_text = models.TextField(_("text at the foot"), max_length=400, blank=True)
    footer_text_en = models.TextField(_("text at the foot, in English"), max_length=400, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    address_en = models.CharField(_("address in English"), max_length=300, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    telephone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    opening_hours_en = models.CharField(_("opening hours in English"), max_length=200, blank=True)

    edit_handler = TabbedInterface(
        [
            ObjectList([FieldPanel("logo"), FieldPanel("colour", widget=ColorInput)], heading=_("Look")),
            ObjectList(
                [
                    FieldPanel(name)
                    for name in (
                        "address",
                        "address_en",
                        "postal_code",
                        "telephone",
                        "email",
                        "opening_hours",
                        "opening_hours_en",
                    )
                ],
                heading=_("Organisation"),
            ),
            ObjectList(
                [
                    InlinePanel("menu_items", heading=_("Menus"), label=_("Entry")),
                    MultiFieldPanel([FieldPanel("footer_text"), FieldPanel("footer_text_en")], heading=_("Foot")),
                ],
                heading=_("Menus and foot"),
            ),
        ]
    )

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")

    def __str__(self):
        return str(self._meta.verbose_name)

    def menu(self, request=None):
        """[(place, MenuLink)]: the menu entries that lead somewhere in the language in use, in their order. One whose
        page is not live in that language, or belongs to no site, is left out."""
        items = self.menu_items.select_related("page")
        keys = [item.page.translation_key for item in items if item.page]
        pages = Page.objects.live().filter(translation_key__in=keys, locale__language_code=get_language())
        pages = {page.translation_key: page for page in pages} if keys else {}
        links = ((item.place, item.link(request, pages)) for item in items)
        return [(place, link) for place, link in links if link]


class MenuItem(Orderable):
    """An entry of the main menu or of the foot: a page, a place of the desk, or another address."""

    PLACES = [("main", _("main menu")), ("foot", _("foot of the page"))]
    LANGUAGES = [("", _("in every language")), ("fa", _("only in Persian")), ("en", _("only in English"))]

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="menu_items")
    place = models.CharField(_("place"), max_length=10, choices=PLACES, default="main")
    page = models.ForeignKey(
        Page,
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("In another language it leads to the translation of the page."),
    )
    destination = models.CharField(
        _("or a place of the desk"),
        max_length=10,
        blank=True,
        choices=[(name, words) for name, (words, _view, _label) in DESTINATIONS.items()],
    )
    url = models.URLField(_("or another address"), blank=True)
    label = models.CharField(
        _("words"), max_length=60, blank=True, help_text=_("Left empty, they come from the page or the place.")
    )
    language = models.CharField(_("language"), max_length=2, blank=True, choices=LANGUAGES)

    panels = [FieldPanel(name) for name in ("place", "page", "destination", "url", "label", "language")]

    class Meta(Orderable.Meta):
        verbose_name = _("menu entry")
        verbose_name_plural = _("menu entries")

    def __str__(self):
        return self.label or self.destination or self.url or str(self.page)

    def clean(self):
        super().clean()
        if sum(map(bool, (self.page, self.destination, self.url))) != 1:
            raise ValidationError(_("Choose one: a page, a place of the desk, or another address."))
        if self.url and not self.label:
            raise ValidationError({"label": _("An address needs words that people read.")})

    def link(self, request, pages):
        """This entry as a ``MenuLink``, or None; see ``SiteSettings.menu``, which reads ``pages``."""
        language = get_language()
        if self.language and self.language != language:
            return None
        if self.destination:
            _words, view, label = DESTINATIONS[self.destination]
            return MenuLink(self.label or str(label), reverse(view))
        if self.url:
            return MenuLink(self.label, self.url)
        page = pages.get(self.page.translation_key)
        url = page.get_url(request) if page else None
        return MenuLink(self.label or page.title, url) if url else None
