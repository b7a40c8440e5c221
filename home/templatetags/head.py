"""What stands in the head of a public page for search engines and for those who share it."""

from django import template

from home import pictures
from home.models import NewsIndexPage, NewsPage
from home.neighbours import translations
from home.structured_data import absolute, of_page, picture_url, written
from servicedesk.models import DeskSettings

register = template.Library()


@register.inclusion_tag("home/head.html", takes_context=True)
def page_head(context, page):
    """Description, canonical address, translations, social tags, feed and structured data of ``page``."""
    request, site = context["request"], context["site"]
    desk = context.get("desk") or DeskSettings.load()
    description = page.search_description or getattr(page, "introduction", "") or getattr(page, "summary", "")
    picture = picture_url(page)
    if not picture and site.logo:
        picture = pictures.url_if_ready(site.logo, pictures.fallback(site.logo))
    number = request.GET.get("page", "")
    address = page.get_full_url(request)
    return {
        "page": page,
        "desk_name": desk.name,
        "description": description,
        # The second part of a list is a page of its own.
        "canonical": f"{address}?page={number}" if number.isdecimal() and number not in ("0", "1") else address,
        "translations": _translations(page, request),
        "picture": absolute(picture) if picture else "",
        "is_article": isinstance(page, NewsPage),
        "feed": f"{address}rss/" if isinstance(page, NewsIndexPage) else "",
        "graphs": [written(graph) for graph in of_page(page, site, desk, request)],
    }


def _translations(page, request):
    """[(language code, address)] of the page and its live translations; empty where there is none."""
    found = [(one.locale.language_code, one.get_full_url(request)) for one in translations(page, request)]
    return [(page.locale.language_code, page.get_full_url(request)), *found] if found else []
