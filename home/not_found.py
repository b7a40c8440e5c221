"""404 with a search, and the pages that the words of the address may have meant. The words are not said back."""

import re
from urllib.parse import unquote

from django.conf import settings
from django.db import DatabaseError
from django.shortcuts import render
from django.urls import reverse
from wagtail.models import Page

from home.search.finding import pages_named_like

MOST_GUESSES = 3
MOST_WORDS, LONGEST_WORDS = 6, 60
# A run of digits may be somebody's code or number: nobody looks for it.
_WORD = re.compile(r"[^\W\d_]{2,}|(?<!\d)\d{1,4}(?!\d)")


def not_found(request, exception):
    """The 404 of the site. It asks the database for what helps, and does without where there is none."""
    words = _words(request.path_info)
    try:
        guesses = _guesses(words, request)
        return render(request, "404.html", {"guesses": guesses}, status=404)
    except DatabaseError:
        # Without a request: the context processors would ask the database.
        return render(None, "404.html", status=404)


def _words(path):
    """«old guide» for /old-guide/; nothing for addresses of the desk and the admin, or of files."""
    private = (reverse("desk:home"), f"/{settings.ADMIN_PATH}", "/desk/", "/media/", "/documents/", "/static/")
    if path.startswith(private) or "." in path.rstrip("/").rpartition("/")[2]:
        return ""
    steps = [step for step in unquote(path).split("/") if step]
    if steps and steps[0] in dict(settings.LANGUAGES):
        steps = steps[1:]
    return " ".join(_WORD.findall(" ".join(steps))[:MOST_WORDS])[:LONGEST_WORDS]


def _guesses(words, request) -> list[tuple[str, str]]:
    """[(title, address)]"""
    pages: list[Page] = pages_named_like(words, most=MOST_GUESSES)
    return [(page.title, url) for page in pages if (url := page.get_url(request))]
