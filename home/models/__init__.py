"""Pages, one kind a file."""

from home.models.content_page import ContentPage
from home.models.guide_page import GuidePage
from home.models.home_page import HomePage

__all__ = ["ContentPage", "GuidePage", "HomePage"]
