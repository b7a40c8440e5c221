"""Words that would be markup, in every field an editor can write: they are read, and run nowhere."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.db.models import CharField, TextField
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from home.models import Banner, GuidePage, SiteSettings
from home.printing.sheet import Sheet
from home.search import index
from servicedesk.models import DeskSettings, ServicePage, Unit
from tests import factories

pytestmark = pytest.mark.django_db
WORDS = "\"'><script>alert(1)</script><!--"
# What an editor chooses, and what is checked for being something else than words.
NO_WORDS = {
    "slug",
    "url_path",
    "path",
    "colour",
    "postal_code",
    "email",
    "kind",
    "language",
    "place",
    "destination",
    "url",
}


def spoiled(value):
    """Data of a stream with every running text in it replaced: neither names of blocks nor rich text."""
    if isinstance(value, dict):
        return {key: inner if key in ("type", "id") else spoiled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [spoiled(inner) for inner in value]
    is_words = isinstance(value, str) and not value.isascii() and not value.lstrip().startswith("<")
    return WORDS if is_words else value


def _is_words(field):
    is_text = isinstance(field, CharField | TextField) and not isinstance(field, RichTextField)
    has_room = (field.max_length or 999) >= len(WORDS)
    return is_text and has_room and not field.choices and field.name not in NO_WORDS


def spoil(thing):
    """Past all forms, as a broken import or another release might have left it."""
    values = {}
    for field in type(thing)._meta.concrete_fields:
        if isinstance(field, StreamField):
            values[field.name] = spoiled(list(getattr(thing, field.name).raw_data))
        elif _is_words(field):
            values[field.name] = WORDS
    type(thing).objects.filter(pk=thing.pk).update(
        **{name: json.dumps(value) if isinstance(value, list) else value for name, value in values.items()}
    )
    return set(values)


@pytest.fixture
def everywhere(filled):
    factories.make_unit("آب")
    Banner.objects.create(text="اطلاعیه")
    settings = [SiteSettings.load(), DeskSettings.load()]
    settings[0].menu_items.create(place="foot", url="https://example.ir/", label="پیوند")
    written = set()
    for thing in [*settings, *settings[0].menu_items.all(), *Banner.objects.all(), *Unit.objects.all()]:
        written |= spoil(thing)
    for page in Page.objects.filter(depth__gt=1).specific():
        written |= spoil(page)
    assert {"title", "introduction", "body", "sections", "summary", "text", "label", "organisation_name"} <= written
    index.rebuild()


def test_they_run_nowhere_and_end_nothing(client, everywhere, signed_in, leila):
    places = [page.get_url() for page in Page.objects.live().filter(depth__gt=1)]
    places += ["/search/?q=script", "/search/?q=alert", "/nowhere/script/", "/desk/sign-in/", "/guide/pdf/"]
    places += ["/en/search/?q=alert"]
    looked_at = 0
    for browser, addresses in ((client, places), (signed_in(leila), ["/", "/desk/", "/desk/letters/new/"])):
        for address in addresses:
            page = browser.get(address).content.decode()
            assert "script>alert(1)" not in re.sub(r"&lt;/?script&gt;|<mark>|</mark>", "", page), address
            looked_at += "alert" in page
            for graph in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL):
                json.loads(graph)
    assert looked_at > 20
    found = client.get("/search/?q=alert").content.decode()
    assert "<mark>alert</mark>" in found


def test_feed_map_and_paper_too(client, everywhere):
    feed = ElementTree.fromstring(client.get("/news/rss/").content)
    assert WORDS in [item.findtext("title") for item in feed.iter("item")]
    ElementTree.fromstring(client.get("/sitemap.xml").content)
    paper = Sheet(GuidePage.objects.get(locale__language_code="fa")).html
    assert "<script" not in paper
    assert "&lt;script&gt;" in paper
    assert ServicePage.objects.filter(title=WORDS).exists()
