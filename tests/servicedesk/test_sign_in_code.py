"""The code of the SMS: what it is worth, how often it may be guessed, and where it is never found."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from servicedesk.models import LimitHit, OutgoingMessage, SmsCode, SmsDevice, User
from tests.servicedesk.sign_in_steps import CODE, MOBILE, RESEND, SIGN_IN, ask_for_code, newest_code, wrong

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(client):
    """A browser that has asked, and the code."""
    return client, ask_for_code(client)


def words(response):
    return response.content.decode()


def later(**time):
    """Lets time pass for everything that a sign-in has written."""
    LimitHit.objects.update(at=F("at") - timedelta(**time))
    SmsDevice.objects.update(created_at=F("created_at") - timedelta(**time))
    SmsCode.objects.update(
        created_at=F("created_at") - timedelta(**time), expires_at=F("expires_at") - timedelta(**time)
    )


def signed_in(browser):
    return browser.get("/desk/").status_code == 200


def test_a_wrong_code_is_said_so_and_the_right_one_still_counts(waiting):
    browser, code = waiting
    answer = browser.post(CODE, {"code": wrong(code)})
    assert answer.status_code == 422
    assert "این کد درست نیست" in words(answer)
    assert browser.post(CODE, {"code": code}).status_code == 303
    assert signed_in(browser)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "۱۲۳"])
def test_what_cannot_be_a_code_costs_no_guess(waiting, typed):
    browser, _code = waiting
    assert browser.post(CODE, {"code": typed}).status_code == 422
    assert SmsDevice.objects.get().guesses == 0


def test_five_wrong_guesses_close_the_sign_in_even_for_the_right_code(waiting):
    browser, code = waiting
    answers = [browser.post(CODE, {"code": wrong(code)}) for _ in range(5)]
    assert "هیچ‌یک از پنج کدی" in words(answers[-1])
    sixth = browser.post(CODE, {"code": code})
    assert sixth.status_code == 422
    assert "هیچ‌یک از پنج کدی" in words(sixth)
    assert not signed_in(browser)
    # A closed sign-in offers no box, no word of a code that is still good, and no waiting before the new beginning.
    for useless in ('name="code"', "data-expires", "data-resend"):
        assert useless not in words(sixth)
    assert "یک بار دیگر رقم‌های تصویر" in words(browser.get(CODE, follow=True))
    # «ارسال دوباره» leads to a new beginning with the number filled in.
    anew = browser.post(RESEND, follow=True)
    assert "یک بار دیگر رقم‌های تصویر" in words(anew)
    assert 'value="۰۹۱۲ ۱۲۳ ۴۵۶۷"' in words(anew)
    assert SmsCode.objects.count() == 1


def test_guesses_count_over_all_codes_of_a_sign_in(waiting):
    browser, code = waiting
    for _ in range(4):
        browser.post(CODE, {"code": wrong(code)})
    later(seconds=61)
    assert browser.post(RESEND).status_code == 303
    browser.post(CODE, {"code": wrong(newest_code())})
    assert browser.post(CODE, {"code": newest_code()}).status_code == 422
    assert not signed_in(browser)


def test_a_code_ends_after_two_minutes(waiting):
    browser, code = waiting
    later(seconds=119)
    assert "معتبر است" in words(browser.get(CODE))
    later(seconds=2)
    answer = browser.post(CODE, {"code": code})
    assert answer.status_code == 422
    assert "این کد دیگر معتبر نیست" in words(answer)
    assert SmsDevice.objects.get().guesses == 0


def test_a_sign_in_ends_after_a_quarter_of_an_hour(waiting):
    browser, _code = waiting
    later(minutes=16)
    assert browser.get(CODE)["Location"].startswith(SIGN_IN)


def test_after_another_code_was_sent_both_are_good(waiting):
    browser, first = waiting
    later(seconds=61)
    sent = browser.post(RESEND)
    assert (sent.status_code, sent["Location"]) == (303, CODE)
    assert "کد تازه‌ای برایتان فرستادیم" in words(browser.get(CODE))
    assert newest_code() != first
    assert OutgoingMessage.objects.count() == 2
    assert browser.post(CODE, {"code": first}).status_code == 303


def test_another_code_within_a_minute_is_refused_with_the_waiting_time(waiting):
    browser, code = waiting
    answer = browser.post(RESEND)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert re.search("[۰-۹]+ ثانیه دیگر می‌توانید", words(answer))
    assert SmsCode.objects.count() == 1
    assert browser.post(CODE, {"code": code}).status_code == 303


def test_one_solved_picture_buys_three_codes_at_the_most(waiting):
    browser, _code = waiting
    for _ in range(2):
        later(seconds=61)
        assert browser.post(RESEND)["Location"] == CODE
    later(seconds=61)
    assert browser.post(RESEND)["Location"].startswith(SIGN_IN)
    assert SmsCode.objects.count() == 3


def test_a_code_is_good_once(waiting):
    browser, code = waiting
    browser.post(CODE, {"code": code})
    again = Client()
    session = again.session
    session["sign_in"] = {"device": SmsDevice.objects.get().pk, "next": ""}
    session.save()
    assert again.post(CODE, {"code": code}).status_code == 303
    assert not signed_in(again)


def test_a_code_works_only_in_the_browser_that_asked(waiting):
    _browser, code = waiting
    stranger = Client()
    assert stranger.post(CODE, {"code": code})["Location"].startswith(SIGN_IN)
    ask_for_code(stranger, mobile="09351234567")
    if newest_code() != code:
        assert stranger.post(CODE, {"code": code}).status_code == 422
    assert not signed_in(stranger)


def test_a_wrong_guess_writes_nothing_into_the_session(waiting):
    browser, code = waiting
    with CaptureQueriesContext(connection) as queries:
        browser.post(CODE, {"code": wrong(code)})
    written = [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert written
    assert not any("session" in sql for sql in written)


def test_a_deactivated_citizen_is_told_and_kept_out(client):
    User.citizens.owning(MOBILE)
    User.citizens.update(is_active=False)
    answer = client.post(CODE, {"code": ask_for_code(client)})
    assert answer.status_code == 403
    assert "این حساب بسته شده است" in words(answer)
    assert not signed_in(client)


def test_a_second_sign_in_finds_the_same_account(waiting):
    browser, code = waiting
    browser.post(CODE, {"code": code})
    later(seconds=61)
    other = Client()
    other.post(CODE, {"code": ask_for_code(other)})
    assert User.citizens.count() == 1
    assert SmsDevice.objects.filter(user=User.citizens.get()).count() == 2


def test_no_account_is_made_before_a_code_is_right(waiting):
    browser, code = waiting
    browser.post(CODE, {"code": wrong(code)})
    assert not User.citizens.exists()


def test_the_code_is_nowhere_in_the_database_nor_the_number_or_code_in_the_logs(client, caplog):
    caplog.set_level(logging.DEBUG)
    code = ask_for_code(client)
    client.post(CODE, {"code": wrong(code)})
    client.post(CODE, {"code": code})
    assert not re.search(f"(?<![0-9a-f]){code}(?![0-9a-f])", whole_database())
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    for secret in (code, "9121234567", "912 123"):
        assert secret not in logged
    assert OutgoingMessage.objects.get().text.count("{code}") == 2


def whole_database():
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        rows = []
        for name in names:
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(name)} t")
            rows += [row for (row,) in cursor.fetchall()]
    assert any(MOBILE in row for row in rows)
    return "\n".join(rows)
