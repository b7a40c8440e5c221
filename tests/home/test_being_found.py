"""What search engines, readers of feeds and people who share a page get."""

import json
import re
from datetime import date
from xml.etree import ElementTree

import pytest
from django.conf import settings
from wagtail.models import PageViewRestriction

from home.models import NewsIndexPage, NewsPage, QuestionsPage, SiteSettings
from home.seed.blocks import block, questions
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def news(home):
    index = home.add_child(instance=NewsIndexPage(title="خبرها", slug="news", introduction="تازه‌های شهر"))
    for day in (1, 2):
        entry = NewsPage(title=f"خبر {day}", slug=f"entry-{day}", date=date(2026, 11, day), introduction="خلاصه")
        index.add_child(instance=entry)
    return index


def head_of(client, address):
    return client.get(address).content.decode().partition("</head>")[0]


def graphs_of(client, address):
    """{type: graph} of the structured data in a page."""
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', head_of(client, address))
    return {graph["@type"]: graph for graph in map(json.loads, scripts)}


def test_the_map_names_every_public_page_with_its_translations(client, home, guide, news):
    home.add_child(instance=QuestionsPage(title="پیش‌نویس", slug="draft", live=False))
    members = home.add_child(instance=QuestionsPage(title="برای اعضا", slug="members"))
    PageViewRestriction.objects.create(page=members, restriction_type=PageViewRestriction.LOGIN)
    answer = client.get("/sitemap.xml")
    assert answer.status_code == 200
    tree = ElementTree.fromstring(answer.content)
    places = [node.text for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    public = settings.PUBLIC_URL
    for address in ("/", "/en/", "/guide/", "/en/guide/", "/news/", "/news/entry-1/"):
        assert f"{public}{address}" in places
    assert not any("draft" in place or "members" in place for place in places)
    others = [node.attrib for node in tree.iter("{http://www.w3.org/1999/xhtml}link")]
    assert {"rel": "alternate", "hreflang": "en", "href": f"{public}/en/guide/"} in others


def test_robots_are_led_to_the_map(client):
    answer = client.get("/robots.txt")
    assert f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml" in answer.content.decode()
    assert settings.ADMIN_PATH not in answer.content.decode()


def test_a_page_names_its_own_address_and_its_translations(client, guide):
    head = head_of(client, "/guide/?from=somewhere")
    assert f'<link rel="canonical" href="{settings.PUBLIC_URL}/guide/">' in head
    assert f'hreflang="en" href="{settings.PUBLIC_URL}/en/guide/"' in head
    assert f'<meta property="og:url" content="{settings.PUBLIC_URL}/guide/">' in head
    assert '<meta property="og:title"' in head


def test_the_second_part_of_the_news_is_an_address_of_its_own(client, news):
    for number in range(10):
        news.add_child(instance=NewsPage(title=f"دیگر {number}", slug=f"more-{number}", introduction="خلاصه"))
    assert f'rel="canonical" href="{settings.PUBLIC_URL}/news/?page=2"' in head_of(client, "/news/?page=2")
    assert f'rel="canonical" href="{settings.PUBLIC_URL}/news/"' in head_of(client, "/news/?page=1")


def test_every_page_has_a_description(client, home, guide, news, publish):
    publish(guide, search_description="", introduction="گام به گام")
    assert '<meta name="description" content="گام به گام">' in head_of(client, "/guide/")
    assert '<meta name="description" content="خلاصه">' in head_of(client, "/news/entry-1/")


def test_the_home_page_says_who_the_organisation_is(client, home):
    site = SiteSettings.load()
    site.address, site.telephone = "خیابان نخست", "021-0000"
    site.save()
    organisation = graphs_of(client, "/")["GovernmentOrganization"]
    assert organisation["telephone"] == "021-0000"
    assert organisation["address"]["streetAddress"] == "خیابان نخست"
    assert "email" not in organisation


def test_an_inner_page_says_where_it_stands(client, news):
    way = graphs_of(client, "/news/entry-1/")["BreadcrumbList"]["itemListElement"]
    assert [step["item"] for step in way] == [
        f"{settings.PUBLIC_URL}{address}" for address in ("/", "/news/", "/news/entry-1/")
    ]


def test_questions_are_told_to_machines(client, home, publish):
    asked = "چرا </script><script>alert(1)</script>؟"
    publish(home, body=[questions("پرسش‌ها", (asked, "زیرا </script><script>alert(1)</script>"))])
    [question] = graphs_of(client, "/")["FAQPage"]["mainEntity"]
    assert question["name"] == asked
    assert "زیرا" in question["acceptedAnswer"]["text"]
    assert "<script>alert" not in head_of(client, "/")


def test_questions_by_subject_too(client, home):
    page = QuestionsPage(title="پرسش‌ها", slug="questions")
    page.subjects = json.dumps(
        [block("subject", title="ورود", questions=[{"question": "رمز کجاست؟", "answer": "<p>پیامک می‌شود.</p>"}])]
    )
    home.add_child(instance=page)
    [question] = graphs_of(client, "/questions/")["FAQPage"]["mainEntity"]
    assert question["acceptedAnswer"]["text"] == "پیامک می‌شود."


def test_a_service_says_where_it_starts(client, home):
    factories.make_service(title="پروانه", slug="permit")
    # As on its page: while no unit would get the letter, nowhere.
    assert "availableChannel" not in graphs_of(client, "/permit/")["GovernmentService"]
    factories.make_unit("آب")
    service = graphs_of(client, "/permit/")["GovernmentService"]
    assert service["availableChannel"]["serviceUrl"].startswith(f"{settings.PUBLIC_URL}/desk/letters/new/?service=")


def test_news_are_a_feed(client, news):
    head = head_of(client, "/news/")
    assert f'type="application/rss+xml" title="خبرها" href="{settings.PUBLIC_URL}/news/rss/"' in head
    answer = client.get("/news/rss/")
    assert answer["Content-Type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert channel.findtext("language") == "fa-IR"
    assert [item.findtext("title") for item in channel.iter("item")] == ["خبر 2", "خبر 1"]
    assert [item.findtext("link") for item in channel.iter("item")][0] == f"{settings.PUBLIC_URL}/news/entry-2/"


def test_control_characters_of_a_word_processor_take_no_feed_away(client, news):
    """Word's line break is one, and XML knows none of them."""
    NewsPage.objects.filter(slug="entry-1").update(title="پل\x0bتازه", introduction="باز\x08 شد")
    NewsIndexPage.objects.update(introduction="تازه\x0cها")
    answer = client.get("/news/rss/")
    assert answer.status_code == 200
    assert "پل تازه" in [item.findtext("title") for item in ElementTree.fromstring(answer.content).iter("item")]


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
def test_news_for_some_people_only_are_in_no_list_for_all(client, home, news, publish, kind):
    publish(home, body=[block("news", heading="تازه‌ها", count=3)])
    entry = NewsPage.objects.get(slug="entry-1")
    entry.title, entry.introduction = "خبرِ-قناری", "خلاصهٔ-قناری"
    entry.save_revision().publish()
    places = ("/", "/news/", "/news/rss/", "/news/?page=1", "/sitemap.xml")
    assert "قناری" in client.get("/").content.decode() + client.get("/news/rss/").content.decode()
    lock = PageViewRestriction.objects.create(page=entry, restriction_type=kind, password="sesame")
    assert [place for place in places if "قناری" in client.get(place).content.decode()] == []
    lock.page = news
    lock.save()
    assert [place for place in ("/", "/sitemap.xml") if "قناری" in client.get(place).content.decode()] == []


def test_a_service_for_some_people_only_is_announced_to_nobody_else(client, home, publish, signed_in, leila):
    factories.make_service()
    hidden = factories.make_service(title="خدمتِ-قناری", slug="internal")
    publish(home, body=[block("services", heading="خدمت‌ها", text="")])
    assert "قناری" in client.get("/").content.decode()
    lock = PageViewRestriction.objects.create(page=hidden, restriction_type="password", password="sesame")
    assert "قناری" not in client.get("/").content.decode()
    browser = signed_in(leila)
    assert "قناری" not in browser.get("/desk/").content.decode()
    assert browser.get("/desk/letters/new/?service=internal").status_code == 404
    # Who may read its page is not led there either.
    client.post(f"/_util/authenticate_with_password/{lock.pk}/{hidden.pk}/", {"password": "sesame", "return_url": "/"})
    page = client.get("/internal/").content.decode()
    assert "قناری" in page
    assert "service=internal" not in page
    assert browser.get("/desk/letters/new/").status_code == 200


def test_a_page_that_got_another_address_is_found_at_the_old_one(
    client, news, publish, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        publish(news, slug="tidings")
    answer = client.get("/news/entry-1/")
    assert answer.status_code == 301
    assert answer["Location"].endswith("/tidings/entry-1/")
