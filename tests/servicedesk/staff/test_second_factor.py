"""The second factor: asked for everywhere, taken up once, never passed by anything else."""

import re
from base64 import b32decode
from binascii import hexlify
from urllib.parse import quote

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import get_resolver, reverse
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicedesk.models import SecondFactorReset, SmsDevice
from servicedesk.staff.second_factor import recovery

from .conftest import at, page_of

INBOX = "/admin/desk/"
CHALLENGE = "/admin/second-factor/code/"
ENROL = "/admin/second-factor/set-up/"
MINE = "/admin/second-factor/"
PASSWORD = "correct horse battery"


@pytest.fixture
def app(sara):
    """Sara's authenticator app."""
    return TOTPDevice.objects.create(user=sara, name="authenticator")


def code_of(device, ahead=0):
    return f"{totp(device.bin_key, t0=-30 * ahead):06d}"


def password_sign_in(username="sara", next_page=INBOX):
    browser = Client()
    response = browser.post("/admin/login/", {"username": username, "password": PASSWORD, "next": next_page})
    assert response.status_code == 303
    return browser


def codes_on(page):
    return re.search(r'class="desk-codes"[^>]*>([^<]+)<', page.content.decode()).group(1).split()


def secret_on(page):
    return b32decode(
        re.search(r'desk-secret" dir="ltr">([A-Z2-7 ]+)<', page.content.decode()).group(1).replace(" ", "")
    )


# --- The gate


def test_required_and_not_set_up_leads_to_the_setting_up_and_nowhere_else(sara, letter):
    browser = password_sign_in()
    for address in (INBOX, "/admin/", at("letter", letter), "/admin/pages/", MINE, CHALLENGE, "/admin/nowhere/"):
        response = browser.get(address)
        assert response.status_code == 302
        assert response.url == f"{ENROL}?next={quote(address, safe='')}"
    assert browser.get(ENROL).status_code == 200


def test_optional_asks_those_who_have_it_and_reminds_the_others(settings, sara, omid, app):
    settings.STAFF_SECOND_FACTOR = "optional"
    assert password_sign_in("sara").get(INBOX).url.startswith(CHALLENGE)
    page = password_sign_in("omid").get(INBOX)
    assert page.status_code == 200
    assert "هنوز عامل دوم ندارد" in page_of(page)


def test_with_the_password_alone_one_cannot_put_ones_own_app_in_the_place_of_the_owners(sara, app):
    browser = password_sign_in()
    assert browser.get(ENROL).url.startswith(CHALLENGE)
    assert browser.post(ENROL, {"code": "123456"}).url.startswith(CHALLENGE)
    assert TOTPDevice.objects.get() == app


def test_no_address_of_the_admin_is_forgotten(sara):
    """Every pattern below the admin, Wagtail's and ours, refuses whoever has shown a password only."""
    browser = password_sign_in()
    open_ones = ("/login/", "/logout/", "/password_reset/", "/jsi18n/", "/sprite/", "/second-factor/set-up/")
    addresses = list(_admin_addresses(get_resolver().url_patterns))
    assert len(addresses) > 150
    for address in addresses:
        if any(part in address for part in open_ones):
            continue
        for method in (browser.get, browser.post):
            response = method(address)
            assert response.status_code in (302, 303), address
            assert response.url.startswith(ENROL), address


def _admin_addresses(patterns, before="/"):
    samples = {"int": "1", "str": "x", "slug": "x", "uuid": "8c5b9a4e-7a43-4e0c-8a3e-0d0f2b8f0c11", "path": "x"}
    for pattern in patterns:
        route = getattr(pattern.pattern, "_route", None)
        if route is None:
            continue
        address = before + re.sub(r"<(?:(\w+):)?\w+>", lambda found: samples[found.group(1) or "str"], str(route))
        if hasattr(pattern, "url_patterns"):
            yield from _admin_addresses(pattern.url_patterns, address)
        elif address.startswith("/admin/"):
            yield address


def test_outside_the_admin_a_half_signed_in_clerk_is_a_stranger(signed_in, sara, letter):
    browser = signed_in(sara)
    link = browser.get(at("file", letter, letter.body_file.pk)).url
    assert browser.get(link).status_code == 200
    TOTPDevice.objects.filter(user=sara).delete()
    assert browser.get(link).status_code == 404


def test_an_sms_does_not_pass_the_gate(sara):
    device = SmsDevice.objects.create(name="sms", mobile="+989000000000", language="fa", user=sara)
    browser = password_sign_in()
    _claim(browser, device)
    assert browser.get(INBOX).url.startswith(ENROL)


def test_another_persons_device_does_not_pass_the_gate(sara, omid, app):
    browser = password_sign_in("omid")
    _claim(browser, app)
    assert browser.get(INBOX).url.startswith(ENROL)


def _claim(browser, device):
    session = browser.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()


def test_a_citizens_session_never_opens_the_admin(signed_in, leila, sara):
    for address in ("/admin/", INBOX, MINE, ENROL, CHALLENGE):
        response = signed_in(leila).get(address)
        assert response.status_code == 302
        assert response.url.startswith("/admin/login/"), address


def test_half_signed_in_one_can_still_sign_out(sara):
    browser = password_sign_in()
    browser.post("/admin/logout/")
    assert SESSION_KEY not in browser.session


# --- The code after the password


def test_the_apps_code_opens_the_admin_under_a_new_session_id(sara, app):
    browser = password_sign_in()
    before = browser.session.session_key
    response = browser.post(f"{CHALLENGE}?next={INBOX}", {"code": code_of(app)})
    assert (response.status_code, response.url) == (303, INBOX)
    assert browser.session.session_key != before
    assert browser.get(INBOX).status_code == 200


def test_persian_digits_and_blanks_are_the_same_code(sara, app):
    code = code_of(app)
    typed = " ".join("۰۱۲۳۴۵۶۷۸۹"[int(digit)] for digit in code)
    assert password_sign_in().post(CHALLENGE, {"code": typed}).status_code == 303


def test_a_used_code_is_worth_nothing(sara, app):
    code = code_of(app)
    password_sign_in().post(CHALLENGE, {"code": code})
    assert password_sign_in().post(CHALLENGE, {"code": code}).status_code == 422


def test_wrong_codes_are_slowed_down_and_then_even_the_right_one_is_not_looked_at(sara, app):
    browser = password_sign_in()
    for _try in range(3):
        TOTPDevice.objects.update(throttling_failure_timestamp=None)
        assert browser.post(CHALLENGE, {"code": "000000"}).status_code in (422, 429)
    response = browser.post(CHALLENGE, {"code": code_of(app)})
    assert response.status_code == 429
    assert re.search("[۱-۴] ثانیه", page_of(response))
    assert browser.get(INBOX).status_code == 302


def test_a_slip_that_cannot_be_a_code_costs_no_try(sara, app):
    page = password_sign_in().post(CHALLENGE, {"code": "12345"})
    assert page.status_code == 422
    app.refresh_from_db()
    assert app.throttling_failure_count == 0


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_back_leads_to_this_site_only(sara, app, target):
    response = password_sign_in().post(CHALLENGE, {"code": code_of(app), "next": target})
    assert response.url == "/admin/"


# --- Setting up


def test_setting_up_shows_ten_codes_once_and_lets_in(sara):
    browser = password_sign_in()
    page = browser.get(ENROL)
    assert "<svg" in page.content.decode()
    key = secret_on(page)
    before = browser.session.session_key
    done = browser.post(ENROL, {"code": f"{totp(key):06d}", "next": INBOX})
    codes = codes_on(done)
    assert done.status_code == 200
    assert len(set(codes)) == 10
    assert browser.session.session_key != before
    assert browser.get(INBOX).status_code == 200
    assert TOTPDevice.objects.get(user=sara).key == hexlify(key).decode()
    assert codes[0] not in browser.get(MINE).content.decode()


def test_a_wrong_code_takes_nothing_up_and_keeps_the_picture(sara):
    browser = password_sign_in()
    key = secret_on(browser.get(ENROL))
    wrong = f"{(totp(key) + 1) % 1_000_000:06d}"
    page = browser.post(ENROL, {"code": wrong})
    assert page.status_code == 422
    assert secret_on(page) == key
    assert not TOTPDevice.objects.exists()


def test_two_settings_up_at_the_same_time_take_up_the_first_only(sara):
    first, second = password_sign_in(), password_sign_in()
    keys = [secret_on(browser.get(ENROL)) for browser in (first, second)]
    first.post(ENROL, {"code": f"{totp(keys[0]):06d}"})
    assert second.post(ENROL, {"code": f"{totp(keys[1]):06d}"}).url.startswith(CHALLENGE)
    assert TOTPDevice.objects.get().key == hexlify(keys[0]).decode()


def test_another_app_wants_the_password_and_ends_the_old_one(sara, app):
    browser, elsewhere = password_sign_in(), password_sign_in()
    browser.post(CHALLENGE, {"code": code_of(app)})
    elsewhere.post(CHALLENGE, {"code": code_of(app, ahead=1)})
    assert elsewhere.get(INBOX).status_code == 200
    key = secret_on(browser.get(ENROL))
    assert browser.post(ENROL, {"code": f"{totp(key):06d}", "password": "wrong"}).status_code == 422
    assert browser.post(ENROL, {"code": f"{totp(key):06d}", "password": PASSWORD}).status_code == 200
    assert TOTPDevice.objects.get(user=sara).pk != app.pk
    assert browser.get(INBOX).status_code == 200
    assert elsewhere.get(INBOX).url.startswith(CHALLENGE)


# --- Recovery codes


def test_a_recovery_code_works_once_in_any_writing(sara, app):
    code = recovery.renew(sara)[0]
    typed = f" {code.upper().replace('-', ' ')} "
    browser = password_sign_in()
    assert browser.post(CHALLENGE, {"code": typed, "next": INBOX}).url == INBOX
    assert browser.get(INBOX).status_code == 200
    assert password_sign_in().post(CHALLENGE, {"code": code}).status_code == 422
    assert recovery.left(sara) == 9


def test_recovery_codes_are_not_kept_in_plain(sara):
    codes = recovery.renew(sara)
    kept = " ".join(StaticToken.objects.values_list("token", flat=True)).lower()
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_a_recovery_code_is_its_owners_alone(sara, omid, app):
    code = recovery.renew(omid)[0]
    assert password_sign_in("sara").post(CHALLENGE, {"code": code}).status_code == 422
    assert recovery.left(omid) == 10


def test_new_codes_cost_the_password_and_end_the_old_ones(sara, app):
    old = recovery.renew(sara)[0]
    browser = password_sign_in()
    browser.post(CHALLENGE, {"code": code_of(app)})
    assert browser.post(MINE, {"password": "wrong"}).status_code == 422
    page = browser.post(MINE, {"password": PASSWORD})
    assert len(codes_on(page)) == 10
    assert password_sign_in().post(CHALLENGE, {"code": old}).status_code == 422


def test_an_unlocked_session_is_no_place_to_try_passwords(sara, app):
    browser = password_sign_in()
    browser.post(CHALLENGE, {"code": code_of(app)})
    for _try in range(10):
        assert browser.post(MINE, {"password": "wrong"}).status_code == 422
    refused = browser.post(MINE, {"password": PASSWORD})
    assert refused.status_code == 422
    assert "دقیقه" in page_of(refused)


# --- Reset


def test_a_reset_leaves_a_trace_and_lets_the_owner_begin_anew(signed_in, sara, admin_user, app):
    recovery.renew(sara)
    session = password_sign_in()
    session.post(CHALLENGE, {"code": code_of(app)})
    boss = signed_in(admin_user)
    address = reverse("second-factor:reset", args=[sara.pk])
    assert boss.get(address).status_code == 200
    assert boss.post(address, {"reason": " "}).status_code == 422
    for _click in range(2):
        assert boss.post(address, {"reason": "تلفنش گم شد"}).status_code == 303
    trace = SecondFactorReset.objects.get()
    assert (trace.user, trace.by, trace.reason) == (sara, admin_user, "تلفنش گم شد")
    assert "تلفنش گم شد" in page_of(boss.get(reverse("second-factor:people")))
    assert recovery.left(sara) == 0
    assert session.get(INBOX).url.startswith("/admin/login/")
    assert password_sign_in().get(INBOX).url.startswith(ENROL)


def test_only_superusers_reset_and_never_themselves(signed_in, sara, omid, editor, admin_user, app):
    for person in (omid, editor):
        browser = signed_in(person)
        assert browser.get(reverse("second-factor:people")).status_code == 302
        assert browser.post(reverse("second-factor:reset", args=[sara.pk]), {"reason": "x"}).status_code == 303
    boss = signed_in(admin_user)
    assert boss.post(reverse("second-factor:reset", args=[admin_user.pk]), {"reason": "x"}).status_code == 404
    assert TOTPDevice.objects.filter(pk=app.pk).exists()
    assert not SecondFactorReset.objects.exists()


def test_citizens_are_not_among_the_staff_whose_factor_is_listed(signed_in, leila, admin_user):
    page = signed_in(admin_user).get(reverse("second-factor:people"))
    assert leila.username not in page.content.decode()
    assert signed_in(admin_user).get(reverse("second-factor:reset", args=[leila.pk])).status_code == 404


# --- Signing in


def test_signing_in_makes_a_new_session(sara):
    browser = Client()
    browser.get("/admin/login/")
    session = browser.session
    session["before"] = "here"
    session.save()
    before = session.session_key
    browser.cookies["session"] = before
    browser.post("/admin/login/", {"username": "sara", "password": PASSWORD})
    assert browser.session.session_key != before


def test_the_sign_in_page_is_persian_and_says_what_is_wrong(sara):
    page = Client().get("/admin/login/")
    assert 'lang="fa" dir="rtl"' in page.content.decode()
    assert "ورود کارکنان" in page_of(page)
    wrong = Client().post("/admin/login/", {"username": "sara", "password": "wrong"})
    assert "با هم نمی‌خوانند" in page_of(wrong)


def test_no_password_signs_a_citizen_in(leila):
    response = Client().post("/admin/login/", {"username": leila.username, "password": "!"})
    assert response.status_code == 200
