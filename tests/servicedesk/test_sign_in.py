"""Signing in as a citizen walks it: number and security code, SMS, code, desk."""

import re

import pytest
from captcha.models import CaptchaStore
from django.contrib.sessions.models import Session

from servicedesk.models import OutgoingMessage, SmsDevice, User
from tests.servicedesk.sign_in_steps import CODE, MOBILE, SIGN_IN, answer_of, ask_for_code, key_on, solved

pytestmark = pytest.mark.django_db


def test_a_citizen_signs_in_with_number_picture_and_code(client):
    asked = client.post(SIGN_IN, solved(client))
    assert (asked.status_code, asked["Location"]) == (303, CODE)
    page = client.get(CODE).content.decode()
    assert "۰۹۱۲ ۱۲۳ ۴۵۶۷" in page
    assert 'autocomplete="one-time-code"' in page
    assert "ورود به سامانه" in page
    code = SmsDevice.objects.get().codes.get().digits
    entered = client.post(CODE, {"code": code})
    assert (entered.status_code, entered["Location"]) == (303, "/desk/")
    assert client.get("/desk/").status_code == 200
    assert User.citizens.get().mobile == MOBILE


def test_the_first_page_carries_the_labels_of_the_guide(client):
    page = client.get(SIGN_IN).content.decode()
    for label in ("شماره تلفن همراه", "کد امنیتی", "دریافت کد", "کد تازه", "نمی‌توانم کد تصویر را بخوانم"):
        assert label in page


@pytest.mark.parametrize(
    "typed", ["09121234567", "9121234567", "+98 912 123 4567", "00989121234567", "۰۹۱۲-۱۲۳-۴۵۶۷", "٠٩١٢١٢٣٤٥٦٧"]
)
def test_every_usual_writing_of_a_number_is_the_same_number(client, typed):
    ask_for_code(client, mobile=typed)
    assert OutgoingMessage.objects.get().recipient == MOBILE


def test_digits_of_any_script_are_understood_in_both_codes(client):
    to_persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    to_arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    fields = solved(client)
    fields["security_code"] = " " + fields["security_code"].translate(to_arabic)
    assert client.post(SIGN_IN, fields).status_code == 303
    code = SmsDevice.objects.get().codes.get().digits.translate(to_persian)
    assert client.post(CODE, {"code": f"{code[:3]} {code[3:]}\u200f"}).status_code == 303


def test_a_wrong_picture_keeps_the_number_and_shows_another_picture(client):
    fields = solved(client, security_code="x")
    fields["security_code"] = "00000" if answer_of(fields["security_code_key"]) != "00000" else "11111"
    answer = client.post(SIGN_IN, fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "این کد با تصویر یکی نبود" in page
    assert 'value="0912 123 4567"' in page
    assert key_on(page) != fields["security_code_key"]
    assert not OutgoingMessage.objects.exists()


def test_a_picture_read_wrongly_cannot_be_tried_again(client):
    fields = solved(client)
    right = fields["security_code"]
    client.post(SIGN_IN, fields | {"security_code": f"{(int(right) + 1) % 100_000:05d}"})
    assert client.post(SIGN_IN, fields).status_code == 422
    assert not OutgoingMessage.objects.exists()


def test_a_wrong_number_spends_no_picture(client):
    fields = solved(client, mobile="0912 123")
    page = client.post(SIGN_IN, fields).content.decode()
    assert "شماره" in page
    assert key_on(page) == fields["security_code_key"]
    assert f'value="{fields["security_code"]}"' in page
    assert client.post(SIGN_IN, fields | {"mobile": "09121234567"}).status_code == 303


def test_without_a_picture_of_ours_nothing_is_sent(client):
    fields = solved(client)
    for key in ("", "0" * 40, "<script>"):
        answer = client.post(SIGN_IN, fields | {"security_code_key": key})
        assert answer.status_code == 422
        assert CaptchaStore.objects.filter(hashkey=key_on(answer.content.decode())).exists()
    assert not OutgoingMessage.objects.exists()


def test_a_known_and_an_unknown_number_get_the_same_answer(client, leila):
    known = "0" + leila.mobile.removeprefix("+98")
    answers = [client.post(SIGN_IN, solved(client, mobile=mobile)) for mobile in (known, "09121234567")]
    assert len({(answer.status_code, answer["Location"], answer.content) for answer in answers}) == 1
    assert User.citizens.count() == 1


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/desk/letters/", "/desk/letters/"),
        ("/en/desk/track/?x=1", "/en/desk/track/?x=1"),
        ("https://evil.example/", "/desk/"),
        ("//evil.example/", "/desk/"),
        (r"\\evil.example", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
        ("nowhere", "/desk/"),
        ("/?q=" + "ی" * 900, "/desk/"),
        ("/" + "a" * 2000, "/desk/"),
    ],
)
def test_after_signing_in_one_goes_on_where_one_wanted_to_if_it_is_ours(client, wanted, leads_to):
    code = ask_for_code(client, next=wanted)
    assert client.post(CODE, {"code": code})["Location"] == leads_to


def test_the_page_one_was_sent_from_is_carried_by_the_form(client):
    turned_away = client.get("/desk/letters/")
    page = client.get(turned_away["Location"]).content.decode()
    assert 'name="next" value="/desk/letters/"' in page
    assert "next=%2Fdesk%2Fletters%2F" in page  # A fresh picture without JavaScript does not lose it.


def test_whoever_is_signed_in_need_not_sign_in(signed_in, leila):
    browser = signed_in(leila)
    assert browser.get(SIGN_IN)["Location"] == "/desk/"
    assert browser.get(f"{SIGN_IN}?next=/desk/track/")["Location"] == "/desk/track/"
    assert browser.get(f"{SIGN_IN}?next=nowhere")["Location"] == "/desk/"
    assert browser.get(CODE)["Location"] == "/desk/"


def test_staff_who_sign_in_as_citizens_are_no_longer_staff_in_that_browser(signed_in, sara):
    browser = signed_in(sara)
    browser.session["of_staff"] = "x"
    code = ask_for_code(browser)
    browser.post(CODE, {"code": code})
    assert browser.session["_auth_user_id"] == str(User.citizens.get().pk)
    assert "of_staff" not in browser.session
    assert browser.get("/admin/").status_code == 302
    assert Session.objects.count() == 1


def test_each_step_gives_the_session_a_new_name(client):
    planted = client.session
    planted["by"] = "somebody else"
    planted.save()
    names = [planted.session_key]
    code = ask_for_code(client)
    names.append(client.session.session_key)
    client.post(CODE, {"code": code})
    names.append(client.session.session_key)
    assert len(set(names)) == 3
    assert Session.objects.count() == 1


def test_signing_out_ends_the_session_and_a_link_does_not(signed_in, leila):
    browser = signed_in(leila)
    browser.get("/desk/sign-out/")
    assert browser.get("/desk/").status_code == 200
    out = browser.post("/desk/sign-out/")
    assert out.status_code == 303
    assert "خارج شدید" in browser.get(out["Location"]).content.decode()
    assert browser.get("/desk/").status_code == 302
    assert not Session.objects.exists()


@pytest.mark.parametrize("path", [SIGN_IN, CODE, "/desk/sign-in/fresh/", "/desk/sign-in/challenge/"])
def test_no_cache_keeps_the_pages_of_a_sign_in(client, path):
    ask_for_code(client)
    assert "no-store" in client.get(path)["Cache-Control"]


def test_the_desk_also_signs_in_in_english(client):
    key = key_on(client.get("/en/desk/sign-in/").content.decode())
    fields = {"mobile": "09121234567", "security_code": answer_of(key), "security_code_key": key}
    asked = client.post("/en/desk/sign-in/", fields)
    assert asked["Location"] == "/en/desk/sign-in/code/"
    assert OutgoingMessage.objects.get().language == "en"
    assert "Enter the system" in client.get(asked["Location"]).content.decode()


LETTER_FORM = "/desk/letters/new/"


@pytest.fixture
def left_behind(signed_in, leila, service, water):
    """A browser in which leila's session ended while she wrote: her form was posted too late."""
    browser = signed_in(leila)
    page = browser.get(LETTER_FORM).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    browser.cookies.clear()
    turned_away = browser.post(LETTER_FORM, hidden | {"sender_name": "لیلا نمونه", "subject": "موضوعِ نیمه‌کاره"})
    assert "نوشته‌هایتان را نگه داشته‌ایم" in browser.get(turned_away["Location"]).content.decode()
    return browser


def come_back(browser, citizen):
    """Signs in with this citizen's number; the page of the letter form afterwards."""
    mobile = "0" + citizen.mobile.removeprefix("+98")
    code = ask_for_code(browser, mobile=mobile, next=LETTER_FORM)
    return browser.get(browser.post(CODE, {"code": code})["Location"]).content.decode()


def test_what_was_typed_too_late_is_there_after_signing_in_again(left_behind, leila):
    page = come_back(left_behind, leila)
    assert "موضوعِ نیمه‌کاره" in page
    assert "لیلا نمونه" in page


def test_the_next_person_at_the_computer_does_not_get_it(left_behind, kaveh):
    page = come_back(left_behind, kaveh)
    assert "موضوعِ نیمه‌کاره" not in page
    assert "لیلا نمونه" not in page
    assert "late_post" not in left_behind.session
