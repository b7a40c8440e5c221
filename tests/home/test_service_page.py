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
