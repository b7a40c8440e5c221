"""The ordinary page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks.live import CookiesBlock, PromisesBlock, UnitsBlock
from home.blocks.text import ContactBlock, FigureBlock, NoticeBlock, QuestionsBlock, StepsBlock, TextBlock


class ContentBlock(StreamBlock):
    text = TextBlock()
    notice = NoticeBlock()
    figure = FigureBlock()
    steps = StepsBlock()
    questions = QuestionsBlock()
    contact = ContactBlock()
    units = UnitsBlock()
    promises = PromisesBlock()
    cookies = CookiesBlock()


class ContentPage(Page):
    introduction = models.TextField(
        _("introduction"), max_length=400, blank=True, help_text=_("One or two sentences below the title.")
    )
    body = StreamField(ContentBlock(), verbose_name=_("body"))

    parent_page_types = ["home.HomePage", "home.ContentPage"]
    subpage_types = ["home.ContentPage"]
    template = "home/content_page.html"
    page_description = _("An ordinary page: about you, privacy, anything that wants a place of its own.")

    content_panels = Page.content_panels + [FieldPanel("introduction"), FieldPanel("body")]
    search_fields = Page.search_fields + [index.SearchField("introduction"), index.SearchField("body")]

    class Meta:
        verbose_name = _("ordinary page")
        verbose_name_plural = _("ordinary pages")
