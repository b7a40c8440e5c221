"""Clerks find letters by what was answered to a service's questions, and narrow the inbox by it."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from servicedesk.models import FormVersion, Letter
from tests import factories
from tests.questions import answered_letter, make_form_service, question, section

from .conftest import page_of
from .test_inbox import INBOX, subjects

pytestmark = pytest.mark.django_db


@pytest.fixture
def permit():
    """The questions of a service, by name, all but the last marked for searching."""
    return {
        "trade": question("choice", "نوع کار", choices={"bakery": "نانوایی", "barber": "آرایشگاه"}, searchable=True),
        "days": question("choices", "روزهای کار", choices={"sat": "شنبه", "sun": "یکشنبه"}, searchable=True),
        "partner": question("yes_no", "شریک دارید؟", searchable=True),
        "shop": question("short_text", "نام مغازه", searchable=True),
        "national": question("national_id", "کد ملی", searchable=True),
        "mobile": question("mobile", "شماره مغازه", searchable=True),
        "area": question("number", "مساحت", unit="متر مربع", searchable=True, decimals=1),
        "rent": question("money", "اجاره", searchable=True),
        "since": question("jalali_date", "تاریخ شروع", searchable=True),
        "promise": question("declaration", "شرایط را می‌پذیرم", required=False, searchable=True),
        "secret": question("short_text", "توضیح محرمانه"),
    }


@pytest.fixture
def service(permit):
    return make_form_service(section(*permit.values()))


@pytest.fixture
def letters(leila, water, roads, service, permit):
    """Two letters to the water unit and one to the roads."""
    first = {
        "trade": "bakery",
        "days": ["sat"],
        "partner": "yes",
        "shop": "نان‌سرای گل‌یاس (شعبهٔ ۱۲)",
        "national": "0084575948",
        "mobile": "+989121112233",
        "area": "42.5",
        "rent": 1_250_000,
        "since": "2026-11-23",
        "promise": True,
        "secret": "رازآلود",
    }
    second = {
        "trade": "barber",
        "days": ["sat", "sun"],
        "partner": "no",
        "shop": "آرایش کیان",
        "national": "0012345679",
        "area": "7",
        "rent": 900_000,
        "since": "2025-03-21",
    }
    return {
        subject: answered_letter(leila, unit, service, permit, answers, subject=subject)
        for subject, unit, answers in (("نخست", water, first), ("دوم", water, second), ("دیگری", roads, first))
    }


def found(browser, **asked):
    response = browser.get(INBOX, {"tab": "all", **asked})
    assert response.status_code == 200, page_of(response)
    return set(subjects(response))


@pytest.mark.parametrize(
    "query",
    [
        "گل یاس",
        "گل‌ياس",
        "نان",
        "شعبه 12",
        "(شعبه",
        "0084575948",
        "۰۰۸۴۵۷۵۹۴۸",
        "٠٠٨٤ ٥٧٥ ٩٤٨",
        "00845",
        "09121112233",
        "+98 912 111 2233",
        "۰۹۱۲ ۱۱۱ ۲۲۳۳",
        "1250000",
        "۱٬۲۵۰٬۰۰۰",
        "1405/09/02",
        "۲ آذر ۱۴۰۵",
        "نانوایی",
        "نخست نانوایی ۰۰۸۴۵",
    ],
)
def test_the_search_finds_answers_in_any_script_within_ones_units(signed_in, sara, letters, query):
    assert found(signed_in(sara), q=query) == {"نخست"}


def test_a_superuser_finds_them_in_every_unit(signed_in, admin_user, letters):
    assert found(signed_in(admin_user), q="نان‌سرای") == {"نخست", "دیگری"}


@pytest.mark.parametrize("query", ["رازآلود", "گل نیست", "84575948", "' | 'x", "\\", "!", "%"])
def test_what_is_not_marked_or_not_there_is_not_found(signed_in, sara, letters, query):
    assert found(signed_in(sara), q=query) == set()


def test_very_long_words_hold_up_no_letter(signed_in, sara, leila, water, service, permit):
    answered_letter(leila, water, service, permit, {"shop": "ب" * 5000}, subject="دراز")
    assert found(signed_in(sara), q="ب" * 90) == {"دراز"}


def name(permit, key, more=""):
    return f"a-{permit[key]['id']}{more}"


@pytest.mark.parametrize(
    ("key", "more", "value", "expected"),
    [
        ("trade", "", "bakery", {"نخست"}),
        ("days", "", "sat", {"نخست", "دوم"}),
        ("days", "", "sun", {"دوم"}),
        ("partner", "", "no", {"دوم"}),
        ("promise", "", "yes", {"نخست"}),
        ("promise", "", "no", {"دوم"}),
        ("shop", "", "کيان", {"دوم"}),
        ("shop", "", "نانوایی", set()),
        ("national", "", "۰۰۱۲۳", {"دوم"}),
        ("mobile", "", "0912 111 2233", {"نخست"}),
        ("area", "-from", "۱۰", {"نخست"}),
        ("area", "-from", "۴۲٫۵", {"نخست"}),
        ("area", "-to", "۴۲", {"دوم"}),
        ("rent", "-from", "1,000,000", {"نخست"}),
        ("rent", "-to", "۹۰۰۰۰۰ ریال", {"دوم"}),
        ("since", "-from", "۱۴۰۵/۹/۲", {"نخست"}),
        ("since", "-to", "1404/01/01", {"دوم"}),
    ],
)
def test_filters_by_answers(signed_in, sara, letters, permit, service, key, more, value, expected):
    assert found(signed_in(sara), service=service.pk, **{name(permit, key, more): value}) == expected


def test_filters_go_together_and_stay_in_the_address(signed_in, sara, letters, permit, service):
    browser = signed_in(sara)
    asked = {
        "service": service.pk,
        name(permit, "area", "-from"): "۱",
        name(permit, "area", "-to"): "۵۰",
        name(permit, "days"): "sun",
    }
    assert found(browser, **asked) == {"دوم"}
    page = browser.get(INBOX, asked).content.decode()
    assert 'value="۵۰"' in page
    assert re.search(r'<option value="sun" selected>', page)
    tab = re.search(r'<a href="([^"]*tab=answered[^"]*)"', page).group(1)
    assert urlencode({name(permit, "area", "-from"): "۱"}) in tab


def test_without_a_service_no_questions_are_offered_and_with_one_those_that_are_marked(
    signed_in, sara, letters, service, permit
):
    browser = signed_in(sara)
    page = browser.get(INBOX).content.decode()
    assert f'<option value="{service.pk}">درخواست پروانه</option>' in page
    assert "روزهای کار" not in page
    page = browser.get(INBOX, {"service": service.pk}).content.decode()
    assert "روزهای کار" in page
    assert "توضیح محرمانه" not in page


def test_services_of_other_units_are_not_offered(signed_in, sara, omid, leila, water, letters, service):
    Letter.objects.update(unit=water)
    assert f'<option value="{service.pk}"' not in signed_in(omid).get(INBOX).content.decode()
    assert signed_in(omid).get(INBOX, {"service": service.pk}).status_code == 400


@pytest.mark.parametrize(
    ("key", "more", "value", "sentence"),
    [
        ("trade", "", "butcher", "نوع کار: این گزینه وجود ندارد."),
        ("area", "-from", "بسیار", "مساحت: این عدد نیست"),
        ("since", "-to", "1405/13/1", "تاریخ شروع: "),
        ("rent", "-from", "x", "اجاره: "),
        ("secret", "", "رازآلود", "چنین پرسشی ندارد"),
    ],
)
def test_a_filter_that_is_wrong_says_so_and_shows_nothing(
    signed_in, sara, letters, permit, service, key, more, value, sentence
):
    response = signed_in(sara).get(INBOX, {"service": service.pk, name(permit, key, more): value})
    assert response.status_code == 400
    assert subjects(response) == []
    assert sentence in page_of(response)


def test_a_range_that_ends_before_it_begins_says_so(signed_in, sara, letters, permit, service):
    asked = {name(permit, "area", "-from"): "10", name(permit, "area", "-to"): "9"}
    response = signed_in(sara).get(INBOX, {"service": service.pk, **asked})
    assert response.status_code == 400
    assert "پایان بازه پیش از آغاز آن است" in page_of(response)


def test_questions_without_their_service_are_no_filter_that_is_silently_gone(signed_in, sara, letters, permit):
    assert signed_in(sara).get(INBOX, {name(permit, "shop"): "کیان"}).status_code == 400


def test_whoever_chooses_another_service_leaves_the_questions_behind(
    signed_in, sara, leila, water, letters, service, permit
):
    other = factories.make_service("خدمت دیگر", "other")
    factories.make_letter(leila, water, service=other, subject="از خدمت دیگر")
    asked = {"of": service.pk, name(permit, "shop"): "کیان"}
    assert found(signed_in(sara), service=other.pk, **asked) == {"از خدمت دیگر"}
    assert found(signed_in(sara), service=service.pk, **asked) == {"دوم"}


def test_choices_of_old_versions_are_offered_and_the_newest_label_counts(
    signed_in, sara, leila, water, letters, service, permit
):
    trade = permit["trade"]
    newer = question("choice", "رشتهٔ کار", id=trade["id"], choices={"barber": "پیرایش"}, searchable=True)
    service.form = [section(newer)]
    service.save()
    FormVersion.objects.update(shown_at="2026-01-01T00:00Z")
    answered_letter(leila, water, service, {"trade": newer}, {"trade": "barber"}, subject="تازه")
    browser = signed_in(sara)
    page = browser.get(INBOX, {"service": service.pk}).content.decode()
    assert "رشتهٔ کار" in page
    assert "نوع کار" not in page
    assert "پیرایش" in page
    assert '<option value="bakery">نانوایی (دیگر انتخاب نمی‌شود)</option>' in page
    # What only the old version asked is offered too.
    assert "نام مغازه" in page
    assert found(browser, service=service.pk, **{name(permit, "trade"): "bakery"}) == {"نخست"}
    assert found(browser, service=service.pk, **{name(permit, "trade"): "barber"}) == {"دوم", "تازه"}


def test_letters_of_a_translated_page_belong_to_the_same_service(
    signed_in, sara, leila, water, letters, service, permit
):
    english = service.copy_for_translation(_english())
    english.title, english.live = "Permit", True
    english.save()
    answered_letter(leila, water, english, permit, {"shop": "Kian bakery"}, subject="in English")
    for page in (service, english):
        assert found(signed_in(sara), service=page.pk) == {"نخست", "دوم", "in English"}
    assert "Permit" not in signed_in(sara).get(INBOX).content.decode()


def _english():
    return Locale.objects.get_or_create(language_code="en")[0]


def test_an_answer_that_is_no_number_breaks_no_range(signed_in, sara, letters, permit, service):
    letters["دوم"].answers.filter(question=permit["area"]["id"]).update(type="short_text", value="زیاد")
    assert found(signed_in(sara), service=service.pk, **{name(permit, "area", "-from"): "1"}) == {"نخست"}


def asked_of_the_database(browser, **asked):
    browser.get(INBOX, asked), browser.get(INBOX, asked)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(INBOX, asked).status_code == 200
    return len(caught)


def test_answers_and_filters_cost_the_inbox_nothing(signed_in, sara, letters, service, permit):
    """A chosen service costs the look at its versions, a search the look for its words."""
    browser = signed_in(sara)
    assert asked_of_the_database(browser) <= 15
    chosen = asked_of_the_database(browser, service=service.pk)
    assert chosen <= 15
    filters = {name(permit, "trade"): "bakery", name(permit, "area", "-from"): "1", name(permit, "shop"): "نان"}
    searching = asked_of_the_database(browser, service=service.pk, q="نان")
    assert searching <= 15
    assert asked_of_the_database(browser, service=service.pk, **filters) == searching - 1
