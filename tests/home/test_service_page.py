"""The public face of a service (شناسنامه خدمت)."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db

FACTS = {
    "audience": "همهٔ کسب‌وکارها",
    "what_to_prepare": "<p>کارت ملی</p>",
    "steps": "<ol><li>بررسی</li></ol>",
    "time_needed": "سه روز",
    "cost": "رایگان",
    "legal_basis": "<p>مادهٔ یک</p>",
}


def test_shows_every_fact_and_its_button(client, water, roads):
    page = factories.make_service(title="پروانه", slug="permit", **FACTS)
    page.units.add(water)
    page.save()
    words = client.get("/permit/").content.decode()
    for expected in ("همهٔ کسب‌وکارها", "کارت ملی", "بررسی", "سه روز", "رایگان", "مادهٔ یک", water.name):
        assert expected in words
    assert roads.name not in words
    assert f'href="{page.start_url}"' in words


def test_empty_fact_has_no_heading(client):
    factories.make_service(title="پروانه", slug="permit")
    words = client.get("/permit/").content.decode()
    assert "مستند قانونی" not in words
    assert "هزینه" not in words


def test_service_that_rests_has_no_button(client):
    page = factories.make_service(title="پروانه", slug="permit", accepts_letters=False)
    words = client.get("/permit/").content.decode()
    assert page.start_url not in words
    assert "اکنون درخواست نمی‌پذیرد" in words


def test_before_there_is_a_unit_nobody_is_invited_to_write(client, signed_in, leila):
    """A new installation has its services before it has units."""
    page = factories.make_service(title="پروانه", slug="permit")
    waiting = "هنوز واحدی از ما این‌جا نامه نمی‌گیرد"
    browser = signed_in(leila)
    for address in ("/permit/", "/desk/", page.start_url):
        answer = browser.get(address)
        words = answer.content.decode()
        assert answer.status_code == 200
        assert waiting in words, address
        assert 'name="body_file"' not in words
    assert f'href="{page.start_url}"' not in client.get("/permit/").content.decode()
    factories.make_unit("دبیرخانه")
    assert waiting not in browser.get("/permit/").content.decode()
    assert 'name="body_file"' in browser.get(page.start_url).content.decode()


def test_promise_stands_on_the_card_of_the_home_page_and_in_the_statement(client, filled):
    assert "تا ۱۵ روز کاری" in client.get("/").content.decode()
    assert "تا ۱۵ روز کاری" in client.get("/service-level/").content.decode()


def test_long_page_has_links_to_its_parts(client, water):
    factories.make_service(title="پروانه", slug="permit", **FACTS)
    words = client.get("/permit/").content.decode()
    for anchor in ("prepare", "steps", "units", "sheet", "law"):
        assert f'href="#{anchor}"' in words
        assert f'id="{anchor}"' in words
