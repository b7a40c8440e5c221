"""News: an index by date, and its entries."""

from datetime import datetime, time

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.search import index

from home.blocks.text import FigureBlock, NoticeBlock, TextBlock
from servicedesk.persian import tidy

ENTRIES_A_PAGE = 10
ENTRIES_IN_FEED = 20


class NewsBodyBlock(StreamBlock):
    text = TextBlock()
    figure = FigureBlock()
    notice = NoticeBlock()


class PictureBlock(StreamBlock):
    """At most one picture, with words for those who cannot see it."""

    picture = ImageBlock(label=_("Picture"))

    class Meta:
        max_num = 1
        required = False


class NewsIndexPage(RoutablePageMixin, Page):
    introduction = models.TextField(_("introduction"), max_length=400, blank=True)

    parent_page_types = ["home.HomePage"]
    subpage_types = ["home.NewsPage"]
    max_count_per_parent = 1
    template = "home/news_index_page.html"
    page_description = _("The list of the news, newest first, with its feed (RSS).")

    content_panels = Page.content_panels + [FieldPanel("introduction")]
    search_fields = Page.search_fields + [index.SearchField("introduction")]

    class Meta:
        verbose_name = _("news index")
        verbose_name_plural = _("news indexes")

    def entries(self):
        """The live news below this page that anybody may read, newest first."""
        return NewsPage.objects.child_of(self).live().public().order_by("-date", "-pk")

    @path("rss/", name="rss")
    def rss(self, request):
        """The twenty newest entries as RSS 2.0. XML knows no control characters, which a word processor's line breaks
        are: one in a title would take the whole feed away."""
        feed = Rss201rev2Feed(
            title=tidy(self.title),
            link=self.get_full_url(request),
            feed_url=f"{self.get_full_url(request)}rss/",
            description=tidy(self.introduction or self.title),
            language="fa-IR" if self.locale.language_code == "fa" else self.locale.language_code,
        )
        for entry in self.entries()[:ENTRIES_IN_FEED]:
            address = entry.get_full_url(request)
            noon = datetime.combine(entry.date, time(12), tzinfo=timezone.get_default_timezone())
            words = tidy(entry.title), address, tidy(entry.introduction)
            feed.add_item(*words, unique_id=address, pubdate=noon)
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)

    def get_context(self, request, *args, **kwargs):
        """Adds ``entries``, one page of the paginator; a number that is none shows the first."""
        pages = Paginator(self.entries(), ENTRIES_A_PAGE)
        return {**super().get_context(request, *args, **kwargs), "entries": pages.get_page(request.GET.get("page"))}


class NewsPage(Page):
    date = models.DateField(_("date"), default=timezone.localdate)
    introduction = models.TextField(
        _("introduction"), max_length=400, help_text=_("One or two sentences; the list shows them too.")
    )
    picture = StreamField(PictureBlock(), verbose_name=_("picture"), blank=True)
    body = StreamField(NewsBodyBlock(), verbose_name=_("body"), blank=True)

    parent_page_types = ["home.NewsIndexPage"]
    subpage_types = []
    template = "home/news_page.html"
    page_description = _("One piece of news.")

    content_panels = Page.content_panels + [
        FieldPanel("date"),
        FieldPanel("introduction"),
        FieldPanel("picture"),
        FieldPanel("body"),
    ]
    search_fields = Page.search_fields + [index.SearchField("introduction"), index.SearchField("body")]

    class Meta:
        verbose_name = _("news entry")
        verbose_name_plural = _("news entries")
