"""The help guide (راهنما): numbered sections, a table of contents, a version and the date of its last change."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamValue, StructValue
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks.guide import SectionsBlock


@dataclass
class Section:
    """A section or sub-section as shown. number: (2,) or (2, 1). anchor: its id in the page."""

    number: tuple[int, ...]
    anchor: str
    title: str
    content: StreamValue
    subsections: list["Section"] = field(default_factory=list)


class GuidePage(Page):
    introduction = models.TextField(
        _("introduction"), max_length=400, blank=True, help_text=_("One or two sentences below the title.")
    )
    version = models.CharField(
        _("version of the guide"), max_length=20, blank=True, help_text=_("Such as 1.2; the date comes by itself.")
    )
    sections = StreamField(SectionsBlock(), verbose_name=_("sections"))

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    template = "home/guide_page.html"
    page_description = _("The help guide: numbered sections, a table of contents, and the live rules.")

    content_panels = Page.content_panels + [
        FieldPanel("introduction"),
        FieldPanel("version"),
        FieldPanel("sections"),
    ]
    search_fields = Page.search_fields + [index.SearchField("introduction"), index.SearchField("sections")]

    class Meta:
        verbose_name = _("help guide")
        verbose_name_plural = _("help guides")

    @property
    def revised_at(self):
        """When what is shown was published; for a draft that never was, when it was last saved; or None."""
        return self.last_published_at or self.latest_revision_created_at

    def numbered_sections(self):
        """The sections as a list of ``Section``, numbered from 1."""
        numbered = []
        for number, block in enumerate(self.sections, start=1):
            section = _section((number,), block.value, block.id)
            children = block.value["subsections"].bound_blocks
            section.subsections = [
                _section((number, place), child.value, child.original_id)
                for place, child in enumerate(children, start=1)
            ]
            numbered.append(section)
        return numbered


def _section(number: tuple[int, ...], value: StructValue, block_id: str | None) -> Section:
    # A block's own id survives renaming and reordering; one that was never saved has none yet.
    own = f"s-{block_id[:8]}" if block_id else "s-" + "-".join(map(str, number))
    return Section(number, value["anchor"] or own, value["title"], value["content"])
