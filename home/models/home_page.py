"""The home page, built from blocks."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from home.blocks.front import FactsBlock, LeadBlock, ServicesBlock
from home.blocks.live import NewsBlock, UnitsBlock
from home.blocks.text import ContactBlock, FigureBlock, NoticeBlock, QuestionsBlock, StepsBlock, TextBlock


class HomeBlock(StreamBlock):
    lead = LeadBlock()
    notice = NoticeBlock()
    facts = FactsBlock()
    services = ServicesBlock()
    steps = StepsBlock()
    news = NewsBlock()
    questions = QuestionsBlock()
    text = TextBlock()
    figure = FigureBlock()
    units = UnitsBlock()
    contact = ContactBlock()

    class Meta:
        block_counts = {"lead": {"max_num": 1}}


class HomePage(Page):
    body = StreamField(
        HomeBlock(),
        verbose_name=_("body"),
        help_text=_("Put the lead first; the others go in any order."),
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "home.ContentPage",
        "home.GuidePage",
        "home.NewsIndexPage",
        "home.QuestionsPage",
        "servicedesk.ServicePage",
    ]
    template = "home/home_page.html"
    page_description = _("The front door of the site. There is one for each language.")

    content_panels = Page.content_panels + [FieldPanel("body")]
    search_fields = Page.search_fields + [index.SearchField("body")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    @property
    def has_lead(self):
        """Whether the page brings its own main heading."""
        return any(block.block_type == "lead" for block in self.body)
