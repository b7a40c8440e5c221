"""The help guide (راهنما): numbered sections, a table of contents, a version and the date of its last change."""

from dataclasses import dataclass, field

from django.db import models
from django.http import FileResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamValue, StructValue
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks.guide import SectionsBlock
from home.guide_history import history
from home.models.guide_pdf import GuidePdf
from home.printing.sheet import Sheet

WAIT = 4  # seconds until the page that says "in a moment" looks again


@dataclass
class Section:
    """A section or sub-section as shown. number: (2,) or (2, 1). anchor: its id in the page."""

    number: tuple[int, ...]
    anchor: str
    title: str
    content: StreamValue
    block_id: str = ""
    subsections: list["Section"] = field(default_factory=list)


class GuidePage(RoutablePageMixin, Page):
    introduction = models.TextField(
        _("introduction"), max_length=400, blank=True, help_text=_("One or two sentences below the title.")
    )
    version = models.CharField(
        _("version of the guide"), max_length=20, blank=True, help_text=_("Such as 1.2; the date comes by itself.")
    )
    change_note = models.CharField(
        _("what has changed this time"),
        max_length=200,
        blank=True,
        help_text=_("One sentence for readers, if you like. Which sections changed is listed by itself."),
    )
    sections = StreamField(SectionsBlock(), verbose_name=_("sections"))

    parent_page_types = ["home.HomePage"]
    subpage_types = []
    template = "home/guide_page.html"
    page_description = _("The help guide: numbered sections, a table of contents, and the live rules.")

    content_panels = Page.content_panels + [
        FieldPanel("introduction"),
        FieldPanel("version"),
        FieldPanel("change_note"),
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

    @path("pdf/")
    @method_decorator(require_safe)
    def pdf(self, request):
        """The guide as a PDF of what it says now; where that is not printed yet, a page that waits for it."""
        sheet = Sheet(self)
        row = GuidePdf.owe(sheet)
        etag = f'"{row.digest}"'
        if row.made_at and (answer := get_conditional_response(request, etag=etag)):
            return answer
        file = row.open() if row.made_at else None
        if file is None:
            return self._pdf_in_a_moment(request, row)
        answer = FileResponse(file, content_type="application/pdf")
        answer["Content-Disposition"] = content_disposition_header(False, f"{self.title}.pdf")
        # Kept by whoever likes, asked for anew each time: a limit may have changed. One for some people only, by them.
        whose = "private" if self.get_view_restrictions() else "public"
        answer["Cache-Control"], answer["ETag"] = f"{whose}, no-cache", etag
        return answer

    def _pdf_in_a_moment(self, request, row):
        answer = render(request, "home/guide_pdf_wait.html", {"page": self, "given_up": row.is_given_up}, status=202)
        answer["Cache-Control"] = "no-store"
        if row.is_given_up:
            answer.status_code = 503
        else:
            answer["Refresh"] = WAIT
        return answer

    @property
    def pdf_url(self):
        """The address of the PDF, or None where none can be made."""
        return f"{self.url}{self.reverse_subpage('pdf')}" if GuidePdf.can_be_had(self) else None

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

    def all_sections(self):
        """Sections and sub-sections as one list, in the order of reading."""
        return [part for section in self.numbered_sections() for part in (section, *section.subsections)]

    def get_context(self, request, *args, **kwargs):
        """Adds ``history``: what has changed, as ``guide_history.Publication``s."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, "history": history(self)}


def _section(number: tuple[int, ...], value: StructValue, block_id: str | None) -> Section:
    # A block's own id survives renaming and reordering; one that was never saved has none yet.
    own = f"s-{block_id[:8]}" if block_id else "s-" + "-".join(map(str, number))
    return Section(number, value["anchor"] or own, value["title"], value["content"], block_id or "")
