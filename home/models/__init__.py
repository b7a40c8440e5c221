"""Pages, one kind a file, and what editors change about the site as a whole."""

from home.models.banner import Banner
from home.models.content_page import ContentPage
from home.models.guide_page import GuidePage
from home.models.home_page import HomePage
from home.models.news_page import NewsIndexPage, NewsPage
from home.models.questions_page import QuestionsPage
from home.models.search_entry import SearchEntry, SearchWord
from home.models.site_settings import MenuItem, SiteSettings

__all__ = [
    "Banner",
    "ContentPage",
    "GuidePage",
    "HomePage",
    "MenuItem",
    "NewsIndexPage",
    "NewsPage",
    "QuestionsPage",
    "SearchEntry",
    "SearchWord",
    "SiteSettings",
]
