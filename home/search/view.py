"""The page of the search: a form that works without a script, and what was found, ten at a time."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db import OperationalError
from django.shortcuts import render
from django.urls.base import translate_url
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, get_language_info
from django.views.decorators.http import require_safe
from wagtail.models import Page

from home.models import GuidePage, QuestionsPage, SearchEntry
from home.models.search_entry import Kind
from home.search.finding import MOST_FOUND, Found, find
from home.search.index import refresh
from home.search.marking import marked, snippet
from home.search.words import LONGEST_QUERY
from servicedesk import references
from servicedesk.persian import only_digits, tidy

RESULTS_A_PAGE = 10
# What one request reads of pages that were just published; the timetable reads the rest.
MOST_READ, READING_SECONDS = 10, 0.3
# Just after an import or an upgrade; «nothing found» shall be true.
MOST_READ_FOR_NOTHING, READING_SECONDS_FOR_NOTHING = 60, 2


@dataclass(frozen=True)
class Result:
    """``title`` and ``snippet`` are HTML with marks. ``number``: of a section, as a tuple of texts, or empty."""

    entry: SearchEntry
    url: str
    title: str
    snippet: str
    number: tuple[str, ...]
    is_part: bool


@require_safe
def search(request):
    """GET /search/?q=…&page=…; a search that the database cannot answer in time says so, with 503."""
    typed = tidy(request.GET.get("q", "")[: 2 * LONGEST_QUERY])[:LONGEST_QUERY]
    is_code = references.is_valid(only_digits(typed))
    is_busy, found = False, Found("nothing", None, [])
    # No page holds a tracking code; and it shall go no further than it was typed.
    if typed and not is_code:
        try:
            refresh(most=MOST_READ, seconds=READING_SECONDS)
            found = find(typed)
            if not found.pks and refresh(most=MOST_READ_FOR_NOTHING, seconds=READING_SECONDS_FOR_NOTHING):
                found = find(typed)
        except OperationalError:
            is_busy = True
    pages = Paginator(found.pks, RESULTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "q": typed,
        "is_code": is_code,
        "is_busy": is_busy,
        "found": found,
        "count": len(found.pks),
        "is_cut": len(found.pks) == MOST_FOUND,
        "page_obj": pages,
        "results": _results(pages.object_list, found.query, request),
        "ways": _ways(request),
        "other_language": _other_language(request),
    }
    response = render(request, "home/search.html", context, status=503 if is_busy else 200)
    patch_cache_control(response, private=True, no_cache=True)
    # What was typed stays in this address: it may be a code or a name.
    response["Referrer-Policy"] = "origin"
    return response


def _results(pks, query, request):
    entries = SearchEntry.objects.select_related("page__locale").in_bulk(pks)
    return [_result(entries[pk], query, request) for pk in pks if pk in entries]


def _result(entry, query, request):
    return Result(
        entry=entry,
        url=(entry.page.get_url(request) or "") + (f"#{entry.anchor}" if entry.anchor else ""),
        title=marked(entry.title, query),
        snippet=snippet(entry.text, query),
        number=tuple(entry.number.split("-")) if entry.number else (),
        is_part=entry.kind in (Kind.SECTION, Kind.QUESTION, Kind.PART),
    )


def _ways(request):
    """[(title, address)] of the pages that help where the search does not."""
    live = Page.objects.live().public().filter(locale__language_code=get_language())
    helpful = live.type(GuidePage) | live.type(QuestionsPage) | live.filter(slug="contact")
    return [(page.title, page.get_url(request)) for page in helpful.order_by("path")[:4]]


def _other_language(request):
    """The same search in the next language."""
    code = "en" if get_language() == "fa" else "fa"
    url = translate_url(request.get_full_path(), code)
    return {"code": code, "label": get_language_info(code)["name_local"], "url": url}
