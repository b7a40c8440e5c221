"""What people who read English read of units; where only Persian was written, the page says so to screen readers."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from home.blocks.live import UnitsBlock
from servicedesk.forms import MOST_RADIOS
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def words(water):
    water.name_en, water.description_en = "Water and sewers", "Leaks and blockages"
    water.description, water.address, water.address_en = "نشتی و گرفتگی", "خیابان رودکنار", "Riverside Street"
    water.opening_hours, water.opening_hours_en = "شنبه‌ها", "Saturdays"
    water.save()


def in_english(browser, name, *args):
    with translation.override("en"):
        return browser.get(reverse(name, args=args)).content.decode()


def test_the_form_the_letter_and_the_receipt_name_the_unit_in_the_language_of_the_page(
    signed_in, leila, water, roads, service
):
    letter = factories.make_letter(leila, water, service=service)
    browser = signed_in(leila)
    form = in_english(browser, "desk:letter-new")
    assert re.search(r'Water and sewers<span class="choice-hint">Leaks and blockages</span>', form)
    assert f'<span lang="fa" dir="rtl">{roads.name}</span>' in form
    pages = [in_english(browser, name, letter.reference) for name in ("desk:letter", "desk:receipt")]
    pages.append(in_english(browser, "desk:letters"))
    for page in pages:
        assert "Water and sewers" in page
        assert water.name not in page
    with translation.override("fa"):
        form = browser.get(reverse("desk:letter-new")).content.decode()
    assert water.name in form
    assert "نشتی و گرفتگی" in form
    assert "Water" not in form
    assert 'lang="fa" dir="rtl">' not in form


def test_a_long_list_says_the_language_of_each_name(signed_in, leila, roads, service):
    for number in range(MOST_RADIOS):
        factories.make_unit(f"واحد {number}")
    form = in_english(signed_in(leila), "desk:letter-new")
    assert re.search(r'<option value="\d+">Water and sewers</option>', form)
    assert re.search(rf'<option [^>]*lang="fa">{roads.name}</option>', form)


def test_the_contact_page_tells_all_of_it_in_english(water, roads):
    roads.description_en, roads.address_en, roads.opening_hours_en = "Potholes", "Long Street", "Sundays"
    roads.save()
    with translation.override("en"):
        page = UnitsBlock().render(UnitsBlock().to_python({"heading": "Our units"}))
    for words in ("Water and sewers", "Leaks and blockages", "Riverside Street", "Saturdays"):
        assert words in page
    # Of this one nobody has written the Persian yet.
    for words in ("Potholes", "Long Street", "Sundays"):
        assert words in page
    assert f'<h3><span lang="fa" dir="rtl">{roads.name}</span></h3>' in page


def test_ones_letters_are_found_by_the_english_name(signed_in, leila, water, service):
    letter = factories.make_letter(leila, water, service=service)
    with translation.override("en"):
        address = reverse("desk:letters")
    found = signed_in(leila).get(address, {"q": "sewers"}).content.decode()
    assert letter.subject in found
    assert letter.subject not in signed_in(leila).get(address, {"q": "lamps"}).content.decode()
