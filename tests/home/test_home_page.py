"""The home page: what an editor entered, the live services, the menu and the other language."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.models import ContentPage
from home.seed.blocks import block, notice, prose, questions, steps, text
from servicedesk.models import ServicePage
from tests import factories

pytestmark = pytest.mark.django_db

LEAD = {"heading": "سرِ صفحه", "text": "متن بالا", "button": "برو به پیشخوان", "track_link": "پیگیری کن"}
CONTACT = {"heading": "کجاییم", "address": "خیابان نخست", "telephone": "۰۲۱-۰۰۰ ۰۰۰۰", "hours": [], "note": ""}


def test_shows_what_an_editor_entered(client, home, publish):
    body = [
        block("lead", **LEAD),
        notice("فردا بسته‌ایم", kind="warning"),
        block("facts", heading="کوتاه", facts=[{"title": "هزینه", "text": prose("رایگان")}]),
        block("services", heading="خدمت‌های ما", text="یکی را برگزینید"),
        steps(("گام یک", "شرح یک"), ("گام دو", ""), heading="راه"),
        questions("پرسش‌ها", ("چرا؟", "زیرا")),
        text("بند آزاد", "متن آزاد"),
        block("contact", **CONTACT),
    ]
    publish(home, body=body)
    page = client.get("/").content.decode()
    for words in ("سرِ صفحه", "متن بالا", "برو به پیشخوان", "فردا بسته‌ایم", "رایگان", "خدمت‌های ما", "گام دو", "شرح یک"):
        assert words in page
    for words in ("چرا؟", "زیرا", "بند آزاد", "متن آزاد", "کجاییم", "خیابان نخست"):
        assert words in page
    assert 'href="/desk/"' in page
    assert 'href="/desk/track/"' in page
    assert 'href="tel:0210000000"' in page


def test_has_a_main_heading_without_a_lead(client, home, publish):
    publish(home, title="بی‌سرآغاز", body=[text("بند", "متن")])
    assert "<h1>بی‌سرآغاز</h1>" in client.get("/").content.decode()


def test_lists_services_that_can_be_started(client, home):
    factories.make_service(title="پروانهٔ ساخت", slug="permit")
    assert "پروانهٔ ساخت" in client.get("/").content.decode()
    ServicePage.objects.filter(slug="permit").update(accepts_letters=False)
    assert "پروانهٔ ساخت" not in client.get("/").content.decode()


def test_queries_do_not_grow_with_services_and_menu(client, home):
    client.get("/")
    before = _queries(client)
    for number in range(5):
        factories.make_service(title=f"خدمت {number}", slug=f"service-{number}")
        home.add_child(instance=ContentPage(title=f"صفحه {number}", slug=f"page-{number}", show_in_menus=True))
    client.get("/")  # Adding pages cleared Wagtail's cache of addresses.
    assert _queries(client) <= before
    # Settings, menus, banners (twice), translations and closed pages are six of them.
    assert before <= 17


def _queries(client):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/?anew")  # Addresses with a query are not kept.
    return len(queries)


def test_menu_lists_marked_live_pages_only(client, home):
    for title, marked, live in (("در فهرست", True, True), ("بیرون", False, True), ("پیش‌نویس", True, False)):
        home.add_child(instance=ContentPage(title=title, show_in_menus=marked, live=live))
    footer = client.get("/guide/").content.decode().partition("<footer")[2]
    assert "در فهرست" in footer
    assert "بیرون" not in footer
    assert "پیش‌نویس" not in footer


def test_error_page_has_the_menu_too(client, home):
    home.add_child(instance=ContentPage(title="در فهرست", show_in_menus=True))
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "در فهرست" in response.content.decode()


def test_language_switch_leads_to_the_same_page(client, home):
    assert 'href="/en/guide/"' in _tools(client, "/guide/")
    assert 'href="/guide/"' in _tools(client, "/en/guide/")
    home.add_child(instance=ContentPage(title="تنها فارسی", slug="only-persian"))
    assert "hreflang" not in _tools(client, "/only-persian/")


def _tools(client, address):
    return re.search(r'<div class="site-tools">.*?</div>', client.get(address).content.decode(), re.S).group()


def test_english_home_is_in_english(client):
    page = client.get("/en/").content.decode()
    assert '<html lang="en" dir="ltr">' in page
    assert "Sign in and send a request" in page


def test_persian_service_on_the_english_page_says_its_language(client):
    assert re.search(
        r'<li [^>]*lang="fa" dir="rtl">\s*<h3><a href="/general-letter/">', client.get("/en/").content.decode()
    )


def test_seeded_english_service_takes_its_place(client, filled):
    page = client.get("/en/").content.decode()
    assert 'href="/en/general-letter/"' in page
    assert 'lang="fa" dir="rtl">' not in page
    assert client.get("/en/general-letter/").status_code == 200
    assert 'href="/general-letter/"' in client.get("/").content.decode()


@pytest.mark.parametrize("address", ["/", "/guide/", "/general-letter/", "/about/", "/privacy/", "/accessibility/"])
def test_keeps_to_the_strict_policy(client, filled, address):
    """No inline style or script, nothing from elsewhere: the browser would refuse it."""
    page = client.get(address).content.decode()
    assert not re.search(r"<[^>]+ (style|on[a-z]+)=", page)
    assert not re.search(r'<style|<script(?![^>]* src=|[^>]* type="application/ld\+json")', page)
    # Its own whole address stands in the head, for those who share it.
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.replace(f'href="{settings.PUBLIC_URL}/', 'href="/'))
