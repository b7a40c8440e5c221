"""Tracking by code and mobile number without signing in: status and dates, counted tries."""

import pytest

from tests.factories import make_answered_letter, make_letter


@pytest.fixture
def letter(leila, water, service):
    return make_letter(leila, water, service=service, subject="موضوع محرمانه", sender_name="نام محرمانه")


def track(client, letter, mobile, **headers):
    return client.post("/desk/track/", {"reference": letter.reference, "mobile": mobile}, **headers)


def test_code_and_number_show_status_and_dates_only(client, leila, letter, water):
    page = track(client, letter, "0" + leila.mobile.removeprefix("+98"))
    assert page.status_code == 200
    text = page.content.decode()
    assert "در حال بررسی" in text
    for secret in ("محرمانه", water.name, "نامه.png"):
        assert secret not in text


def test_an_answer_is_announced_but_not_shown(client, leila, water, sara, service):
    letter = make_answered_letter(leila, water, sara, text="متن محرمانه", service=service)
    text = track(client, letter, leila.mobile).content.decode()
    assert "پاسخ داده شد" in text
    assert "متن محرمانه" not in text


def test_a_wrong_number_and_an_unknown_code_get_the_same_words(client, kaveh, letter):
    wrong = track(client, letter, kaveh.mobile)
    letter.reference = "1000000004" if letter.reference != "1000000004" else "1000000013"
    assert wrong.status_code == 422
    assert "هر دو را بازبینی کنید" in wrong.content.decode()


def test_ten_tries_from_one_address_and_no_more(client, kaveh, leila, letter):
    for _ in range(10):
        assert track(client, letter, kaveh.mobile).status_code == 422
    assert track(client, letter, leila.mobile).status_code == 429
    # The limit on the number is used up for this address's victim too, but not for other numbers elsewhere.
    assert track(client, letter, leila.mobile, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_forged_forwarded_addresses_change_nothing(client, kaveh, letter):
    for number in range(10):
        track(client, letter, kaveh.mobile, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert track(client, letter, kaveh.mobile, HTTP_X_FORWARDED_FOR="198.51.100.77").status_code == 429
