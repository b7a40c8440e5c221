"""Pages, one kind a file, what editors change about the site as a whole, and what is kept about the guide."""

from home.models.banner import Banner
from home.models.content_page import ContentPage
from home.models.guide_page import GuidePage
from home.models.guide_pdf import GuidePdf
from home.models.home_page import HomePage
from home.models.news_page import NewsIndexPage, NewsPage
from home.models.questions_page import QuestionsPage
from home.models.rules_seen import RulesSeen
from home.models.screen_picture import ScreenPicture
from home.models.search_entry import SearchEntry, SearchWord
from home.models.site_settings import MenuItem, SiteSettings

__all__ = [
    "Banner",
    "ContentPage",
    "GuidePage",
    "GuidePdf",
    "HomePage",
    "MenuItem",
    "NewsIndexPage",
    "NewsPage",
    "QuestionsPage",
    "RulesSeen",
    "ScreenPicture",
    "SearchEntry",
    "SearchWord",
    "SiteSettings",
]
