"""The inbox shows a clerk the letters of his units and nobody else's."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from servicedesk.models import Letter
from tests import factories

from .conftest import page_of

INBOX = "/admin/desk/"


def subjects(response):
    return re.findall(r'desk-cell-subject"><a [^>]*><bdi>([^<]+)', response.content.decode())


def age(letter, days):
    Letter.objects.filter(pk=letter.pk).update(submitted_at=timezone.now() - timedelta(days=days))


@pytest.fixture
def three(leila, water, service):
    letters = [
        factories.make_letter(leila, water, service=service, subject=f"نامهٔ {n}") for n in ("نو", "کهنه", "میانه")
    ]
    for letter, days in zip(letters, (0, 9, 4), strict=True):
        age(letter, days)
    return letters


def test_oldest_open_letters_come_first_with_their_age_in_words(signed_in, sara, three):
    response = signed_in(sara).get(INBOX)
    assert response.status_code == 200
    assert subjects(response) == ["نامهٔ کهنه", "نامهٔ میانه", "نامهٔ نو"]
    assert "۹ روز" in page_of(response)
    assert "امروز" in page_of(response)


def test_letters_of_other_units_are_not_there(signed_in, omid, three):
    response = signed_in(omid).get(INBOX, {"tab": "all"})
    assert subjects(response) == []
    assert "نامهٔ" not in page_of(response)


def test_a_superuser_sees_every_unit(signed_in, admin_user, three, leila, roads, service):
    factories.make_letter(leila, roads, service=service, subject="چاله")
    assert len(subjects(signed_in(admin_user).get(INBOX))) == 4


def test_an_answered_letter_moves_to_its_tab_and_the_counts_follow(signed_in, sara, three):
    three[0].answer(by=sara, text="انجام شد.")
    browser = signed_in(sara)
    assert subjects(browser.get(INBOX)) == ["نامهٔ کهنه", "نامهٔ میانه"]
    answered = browser.get(INBOX, {"tab": "answered"})
    assert subjects(answered) == ["نامهٔ نو"]
    counts = re.findall(r'desk-count">([^<]+)', answered.content.decode())
    assert counts == ["۲", "۱", "۳"]


def test_an_editor_without_a_unit_meets_a_friendly_page_and_no_menu_item(signed_in, editor):
    browser = signed_in(editor)
    assert "عضو هیچ واحدی نیستید" in page_of(browser.get(INBOX))
    assert INBOX not in browser.get("/admin/").content.decode()


def test_the_menu_counts_open_letters(signed_in, sara, three):
    home = signed_in(sara).get("/admin/").content.decode()
    assert "\\u0645\\u06cc\\u0632 \\u062e\\u062f\\u0645\\u062a (\\u06f3)" in home or "میز خدمت (۳)" in home


@pytest.mark.parametrize("who", ["leila", None])
def test_strangers_and_citizens_are_sent_to_the_sign_in_of_the_admin(client, signed_in, leila, who):
    browser = signed_in(leila) if who else client
    response = browser.get(INBOX)
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


@pytest.mark.parametrize(
    "query",
    [{"unit": "999999"}, {"unit": "abc"}, {"status": "burnt"}, {"tab": "x"}],
)
def test_a_filter_that_does_not_exist_says_so_and_shows_nothing(signed_in, sara, three, query):
    response = signed_in(sara).get(INBOX, query)
    assert response.status_code == 400
    assert subjects(response) == []
    assert "این فیلتر وجود ندارد" in page_of(response)


def test_the_unit_filter_offers_only_ones_own_units(signed_in, sara, roads, three):
    response = signed_in(sara).get(INBOX, {"unit": roads.pk})
    assert response.status_code == 400
    assert subjects(response) == []


def test_filters_by_unit_and_status(signed_in, admin_user, sara, roads, leila, service, three):
    factories.make_letter(leila, roads, service=service, subject="چاله")
    browser = signed_in(admin_user)
    assert subjects(browser.get(INBOX, {"unit": roads.pk})) == ["چاله"]
    assert subjects(browser.get(INBOX, {"tab": "all", "status": "answered"})) == []


@pytest.mark.parametrize(
    ("subject", "query"),
    [
        ("لوله‌کشی کوچهٔ یاس ۱۲", "لوله کشي"),
        ("لوله‌کشی کوچهٔ یاس ۱۲", "كوچه ياس 12"),
        ("لوله‌کشی کوچهٔ یاس ۱۲", "یاس ١٢"),
        ("آب قطع است", "اب قطع"),
        ("مسئول پاسخ‌گو", "مسیول پاسخ گو"),
        ("Broken PIPE", "pipe"),
    ],
)
def test_search_meets_other_spellings(signed_in, sara, leila, water, service, three, subject, query):
    factories.make_letter(leila, water, service=service, subject=subject)
    assert subjects(signed_in(sara).get(INBOX, {"q": query})) == [subject]


def test_search_by_code_name_and_mobile_in_any_writing(signed_in, sara, water, service, three):
    citizen = factories.make_citizen(mobile="+989123456780")
    letter = factories.make_letter(citizen, water, service=service, subject="یافتنی", sender_name="کیان یوسفی")
    browser = signed_in(sara)
    code = letter.reference
    spaced = f"{code[:3]} {code[3:6]} {code[6:]}".translate({ord(str(n)): "۰۱۲۳۴۵۶۷۸۹"[n] for n in range(10)})
    for query in (code, spaced, "كيان", "یوسفی کیان", "09123456780", "۰۹۱۲ ۳۴۵ ۶۷۸۰", "+989123456780", "3456780"):
        assert subjects(browser.get(INBOX, {"q": query})) == ["یافتنی"], query


def test_search_does_not_reach_into_other_units(signed_in, omid, three):
    assert subjects(signed_in(omid).get(INBOX, {"q": three[0].reference})) == []


def test_a_percent_sign_is_no_wildcard(signed_in, sara, three):
    assert subjects(signed_in(sara).get(INBOX, {"q": "%"})) == []


def test_pages_of_twenty_five_keep_the_filters(signed_in, sara, leila, water, service):
    template = factories.make_letter(leila, water, service=service)
    for number in range(29):
        template.pk, template.reference = None, f"{1_000_000_000 + number}"
        template.form_key = f"00000000-0000-0000-0000-{number:012d}"
        template._state.adding = True
        template.save()
    browser = signed_in(sara)
    first = browser.get(INBOX, {"status": "in-review"})
    assert len(subjects(first)) == 25
    assert "status=in-review&amp;page=2" in first.content.decode()
    assert len(subjects(browser.get(INBOX, {"page": "۲"}))) == 5


def test_the_inbox_asks_no_more_of_the_database_for_more_letters(
    signed_in, sara, three, leila, water, service, django_assert_max_num_queries
):
    browser = signed_in(sara)
    browser.get(INBOX)
    with django_assert_max_num_queries(18):
        browser.get(INBOX)


def test_nothing_but_reading_is_allowed(signed_in, sara):
    assert signed_in(sara).post(INBOX).status_code == 405
