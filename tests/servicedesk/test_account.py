"""One's own sessions: seen in words, ended one by one or all together, and worth nothing afterwards."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from servicedesk.browsers import in_words, kind_of
from servicedesk.models import LimitHit, UserSession
from tests.servicedesk.sign_in_steps import CODE, SIGN_IN, ask_for_code

pytestmark = pytest.mark.django_db

PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"
)
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0"
SESSIONS = "/desk/account/sessions/"
AGENTS = {
    PHONE: "اندروید، کروم",
    LAPTOP: "ویندوز، فایرفاکس",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 "
    "Mobile/15E148 Safari/604.1": "آیفون یا آیپد، سافاری",
    "Mozilla/5.0 (Linux; Android 13; SM-A536E) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 "
    "Chrome/115.0.0.0 Mobile Safari/537.36": "اندروید، مرورگر سامسونگ",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
    "Safari/537.36 Edg/120.0.0.0": "ویندوز، اج",
    "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko": "ویندوز، اینترنت اکسپلورر",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 "
    "Safari/605.1.15": "مک، سافاری",
    "curl/8.5.0": "مرورگری که نمی‌شناسیم",
    "": "مرورگری که نمی‌شناسیم",
}


@pytest.mark.parametrize(("agent", "words"), AGENTS.items())
def test_a_browser_in_two_words(agent, words):
    assert in_words(*kind_of(agent)) == words


def test_a_browser_that_says_very_much_of_itself_costs_nothing():
    assert kind_of("Version/" * 100_000) == ("unknown", "unknown")


def sign_in(**headers):
    browser = Client(headers=headers)
    LimitHit.objects.all().delete()
    assert browser.post(CODE, {"code": ask_for_code(browser)}).status_code == 303
    return browser


@pytest.fixture
def phone():
    return sign_in(user_agent=PHONE)


@pytest.fixture
def laptop(phone):
    return sign_in(user_agent=LAPTOP)


def is_in(browser):
    return browser.get("/desk/").status_code == 200


def test_the_list_names_each_browser_and_marks_this_one(phone, laptop):
    page = phone.get(SESSIONS).content.decode()
    headings = re.findall(r"<h2>(.*?)</h2>(.*?)</li>", page, re.S)
    assert [words for words, _ in headings] == ["اندروید، کروم", "ویندوز، فایرفاکس"]
    assert ["همین مرورگر" in rest for _, rest in headings] == [True, False]
    assert "Mozilla" not in page


def test_the_list_is_there_from_the_moment_of_the_sign_in(phone):
    assert UserSession.objects.count() == 1
    assert not [field for field in UserSession._meta.fields if "address" in field.name or "agent" in field.name]


def test_one_session_is_ended_and_cannot_be_used_any_more(phone, laptop):
    row = UserSession.objects.get(browser="firefox")
    assert "آن نشست بسته شد" in phone.post(SESSIONS, {"end": row.pk}, follow=True).content.decode()
    kept = laptop.cookies["session"].value
    assert not is_in(laptop)
    laptop.cookies["session"] = kept
    assert not is_in(laptop)
    assert is_in(phone)


def test_all_others_are_ended(phone, laptop):
    phone.post(SESSIONS, {"end": "others"})
    assert (is_in(phone), is_in(laptop)) == (True, False)


def test_all_are_ended(phone, laptop):
    assert phone.post(SESSIONS, {"end": "all"})["Location"] == "/desk/sign-out/"
    assert (is_in(phone), is_in(laptop)) == (False, False)


def test_ending_this_one_is_signing_out(phone):
    row = UserSession.objects.get()
    assert phone.post(SESSIONS, {"end": row.pk})["Location"] == "/desk/sign-out/"
    assert not is_in(phone)


def test_nobody_ends_somebody_elses(phone, signed_in, leila):
    other = signed_in(leila)
    other.get("/desk/")
    for which in (UserSession.objects.get(browser="chrome").pk, "others", "x", "٣", "9" * 30, ""):
        assert other.post(SESSIONS, {"end": which}).status_code == 303
    assert is_in(phone)


def test_signing_out_takes_it_off_the_list(phone, laptop):
    laptop.post("/desk/sign-out/")
    assert UserSession.objects.get().browser == "chrome"


def test_a_link_ends_nothing(phone):
    phone.get(SESSIONS, {"end": "all"})
    assert is_in(phone)


def test_a_closed_account_is_out_for_good_even_when_it_is_opened_again(signed_in, leila):
    browser = signed_in(leila)
    assert is_in(browser)
    for is_active in (False, True):
        leila.is_active = is_active
        leila.save()
        assert not is_in(browser)


def test_rows_whose_time_is_over_are_neither_shown_nor_kept(phone, laptop):
    UserSession.objects.filter(browser="firefox").update(seen_at="2020-01-01T00:00Z")
    assert "فایرفاکس" not in phone.get(SESSIONS).content.decode()
    assert UserSession.purge() == 1
    assert is_in(phone)


def test_the_account_page_leads_to_what_belongs_to_it(phone):
    page = phone.get("/desk/account/").content.decode()
    assert "۰۹۱۲ ۱۲۳ ۴۵۶۷" in page
    for address in (SESSIONS, "/desk/account/number/"):
        assert f'href="{address}"' in page
    assert "older-letters" not in page


class TestStrangersSessions:
    LATE_FORM = {"form_key": "a" * 5, "sender_name": "n" * 10_000, "subject": "s" * 10_000, "owner": "o" * 10_000}

    def test_they_end_after_two_hours_and_the_ones_of_citizens_do_not(self):
        browser = Client()
        code = ask_for_code(browser)
        assert browser.session.get_expiry_age() <= 2 * 3600
        browser.post(CODE, {"code": code})
        assert browser.session.get_expiry_age() > 2 * 3600

    def test_an_address_leaves_twenty_drafts_an_hour_and_small_ones(self, service):
        for _ in range(25):
            assert Client().post("/desk/letters/new/", self.LATE_FORM)["Location"].startswith(SIGN_IN)
        assert Session.objects.count() == 20
        assert max(len(row.session_data) for row in Session.objects.all()) < 4000
        assert Client(REMOTE_ADDR="192.0.2.9").post("/desk/letters/new/", self.LATE_FORM).status_code == 303
        assert Session.objects.count() == 21
