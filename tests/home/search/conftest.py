"""Searching as a visitor does, and reading the answer as he does."""

import html
import re
from dataclasses import dataclass

import pytest

from home.models import ContentPage


@pytest.fixture(autouse=True)
def read_at_once(monkeypatch):
    """However busy the machine is; what one request reads is tried by a test of its own."""
    monkeypatch.setattr("home.search.view.MOST_READ", 100)
    monkeypatch.setattr("home.search.view.READING_SECONDS", 60)


@dataclass
class Answer:
    """``results``: [(address, title, snippet)] with their marks; ``words``: all that is read."""

    response: object
    page: str
    words: str
    results: list

    @property
    def addresses(self):
        return [address for address, _title, _snippet in self.results]

    @property
    def marks(self):
        shown = " ".join(f"{title} {snippet}" for _address, title, snippet in self.results)
        return [html.unescape(mark) for mark in re.findall(r"<mark>(.*?)</mark>", shown)]


@pytest.fixture
def find(client):
    """``find("کد")``: the answer of the search; English under ``address="/en/search/"``."""

    def ask(typed, address="/search/", **more):
        response = client.get(address, {"q": typed, **more})
        page = response.content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        listed = main.partition('<ol class="results')[2].partition("</ol>")[0]
        results = [
            (
                html.unescape(re.search(r'href="([^"]*)"', item).group(1)),
                re.search(r"<h3><a[^>]*>(.*?)</a></h3>", item, re.S).group(1),
                (re.findall(r"<p>(.*?)</p>", item, re.S) or [""])[-1],
            )
            for item in re.findall(r"<li>.*?</li>", listed, re.S)
        ]
        words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", main)))
        return Answer(response, page, words, results)

    return ask


@pytest.fixture
def write(home):
    """``write("عنوان", "متن")``: a published page; its text is rich text."""

    def add(title, text="", slug=None, **values):
        number = ContentPage.objects.count()
        body = [{"type": "text", "value": {"heading": "", "text": text}}] if text else []
        page = ContentPage(title=title, slug=slug or f"page-{number}", body=body, locale=home.locale, **values)
        home.refresh_from_db()
        home.add_child(instance=page)
        page.save_revision().publish()
        page.refresh_from_db()
        return page

    return add
