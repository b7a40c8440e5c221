"""Public pages, kept whole for visitors of whom we know nothing.

Kept is what a view marked by ``servicedesk.page_cache.kept_for_strangers`` answered to a stranger: no session came
with the question. What was kept counts only while ``servicedesk.page_generation`` is what it was *before* the page was
made. That mark is read from the database each time (one small query, the only one of a hit) and renewed by it in the
transaction of each change, so that it is true whatever happens to the cache: Valkey may forget, hang, or have been
away while somebody published.

There is one entry for an address, not one for each generation, and none for addresses with a query or a host that is
not written out in the settings: Valkey also holds the broker's queues and throws nothing away, so strangers must not
decide how much lies in it.
"""

import gzip
import hashlib
import logging
from datetime import timedelta
from functools import cache as once
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_path
from wagtail.models import Site

from servicedesk import page_generation
from servicedesk.page_cache import end_of

log = logging.getLogger(__name__)

LONGEST = timedelta(hours=1)
# What browsers do: keep it, and ask each time whether it is still so.
ALWAYS_ASK = "public, no-cache"
PERSONAL = "private, no-store"
# LocaleMiddleware names the last one at every address without a language in it, where the language is always Persian.
HARMLESS_VARY = {"cookie", "accept-encoding", "accept-language"}
# Written anew for each answer, here or by the middleware outside.
OWN_HEADERS = {"content-length", "content-encoding", "vary", "etag", "cache-control"}
# Marks that views leave on an answer for the middleware outside; they would be lost.
MARKS_FOR_OTHERS = ("_csp_config", "_csp_ro_config", "xframe_options_exempt")
# Whose contents decide how a page looks that the database alone does not.
SOURCES = ("config", "home", "servicedesk", "templates", "site/locale", "requirements.txt")


class KeptPage(NamedTuple):
    """etag: weak, of the text, so that it is the same compressed or not. small: gzip, or b"" where it does not pay."""

    etag: str
    headers: list[tuple[str, str]]
    content: bytes
    small: bytes


class PageCache:
    """Stands outside of everything that could set a cookie, and inside of what writes headers for all answers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if getattr(request, "is_dummy", False) or not _asks_for_kept(request):
            return self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return _personal(self.get_response(request))
        return self._for_stranger(request)

    def _for_stranger(self, request):
        # Whoever develops wants to see the template that was saved just now.
        key = _key(request) if _has_a_place(request) else None
        generation = _generation() if key else None
        if generation and (kept := _kept(key, generation)):
            return _answer(request, kept)
        if generation:
            # Wagtail drops its own note in the middle of its transaction, where it may be written again at once, and
            # not at all while Valkey is away.
            Site.clear_site_root_paths_cache()
        response = self.get_response(request)
        if not _is_everybodys(request, response):
            return _personal(response) if response.status_code == 200 else response
        page = _page(response)
        seconds = _seconds_to_keep(request)
        if generation and request.method == "GET" and seconds:
            cache.set(key, (generation, tuple(page)), seconds)
        # Of an answer to a question with words in it, the length would be somebody's business: compressed elsewhere.
        return _answer(request, page if key else page._replace(small=b""))


def _asks_for_kept(request):
    if request.method not in ("GET", "HEAD"):
        return False
    # LocaleMiddleware, further inside, decides the same.
    with translation.override(get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        try:
            view = resolve(request.path_info).func
        except Resolver404:
            return False
    return getattr(view, "is_kept_for_strangers", False)


def _has_a_place(request):
    """Whether strangers can think of no second address for the same page. Of hosts Django takes any port, and any name
    below one that is written with a dot."""
    if settings.DEBUG or request.META.get("QUERY_STRING"):
        return False
    return request.get_host() in {urlsplit(settings.PUBLIC_URL).netloc, *settings.ALLOWED_HOSTS}


def _kept(key, generation):
    """The page as it was kept, or None."""
    match cache.get(key):
        case [str(mark), [str(), list(), bytes(), bytes()] as page] if mark == generation:
            return KeptPage(*page)
    return None


def _key(request):
    place = f"{request.scheme}://{request.get_host()}{request.path_info}"
    return f"page:{release()}:{hashlib.sha256(place.encode()).hexdigest()}"


def _generation():
    try:
        return page_generation.current()
    except DatabaseError as error:
        # The page itself will say it in its own words.
        log.warning("pages are not kept: %s", type(error).__name__)
        return None


def _is_everybodys(request, response):
    """Whether the answer may be given to any other stranger too."""
    return not (
        response.status_code != 200
        or response.streaming
        or response.cookies
        or response.has_header("Content-Encoding")
        or {"private", "no-store"} & _words(response, "Cache-Control")
        or _words(response, "Vary") - HARMLESS_VARY
        or any(hasattr(response, mark) for mark in MARKS_FOR_OTHERS)
        or getattr(request, "is_preview", False)
        # True once it stands in the page. Kept, it would be everybody's: whoever smuggles in a script knows it.
        or bool(getattr(request, "_csp_nonce", False))
    )


def _words(response, header):
    return {word.strip().lower() for word in response.get(header, "").split(",") if word.strip()}


def _page(response):
    content = response.content
    small = gzip.compress(content, mtime=0)
    return KeptPage(
        etag=f'W/"{hashlib.sha256(content).hexdigest()[:32]}"',
        headers=[(name, value) for name, value in response.items() if name.lower() not in OWN_HEADERS],
        content=content,
        small=small if len(small) < len(content) else b"",
    )


def _seconds_to_keep(request):
    """Whole seconds, rounded down; 0: not at all."""
    end = end_of(request)
    left = LONGEST if end is None else min(LONGEST, end - timezone.now())
    return max(0, int(left.total_seconds()))


def _answer(request, page):
    is_small = page.small and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(page.small if is_small else page.content, headers=dict(page.headers))
    response["Content-Length"] = str(len(response.content))
    if is_small:
        response["Content-Encoding"] = "gzip"
    response["ETag"] = page.etag
    response["Cache-Control"] = ALWAYS_ASK
    patch_vary_headers(response, ("Cookie", "Accept-Encoding"))
    return get_conditional_response(request, etag=page.etag, response=response)


def _personal(response):
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = PERSONAL
    return response


@once
def release():
    """A mark of the code, templates, translations and static files that this process runs with: a page of the last
    release would ask for style sheets that are gone."""
    digest = hashlib.sha256()
    found = [settings.BASE_DIR / name for name in SOURCES]
    files = [inner for path in found for inner in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    for path in [*files, settings.STATIC_ROOT / "staticfiles.json"]:
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.name.encode() + path.read_bytes())
    digest.update(repr([settings.PUBLIC_URL, settings.ADMIN_PATH, settings.DEBUG]).encode())
    return digest.hexdigest()[:16]
