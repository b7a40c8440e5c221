"""What a superuser takes away from a member of staff is away at that person's next click, in whatever browser."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicedesk.middleware import BEGAN
from servicedesk.models import SecondFactorReset, User
from servicedesk.staff.second_factor import enrol
from tests import factories

from .conftest import at
from .test_second_factor import ENROL, INBOX, PASSWORD, password_sign_in, secret_on


@pytest.fixture
def clerks(db):
    """The group that opens the admin, as organisations use it."""
    group = Group.objects.create(name="کارشناس")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return group


@pytest.fixture
def nima(water, clerks):
    """A clerk who may open the admin by the group alone."""
    person = factories.make_staff("nima", water)
    person.user_permissions.clear()
    person.groups.add(clerks)
    return person


@pytest.fixture
def edit(signed_in, admin_user, nima, clerks):
    """``edit(is_active="")``: a superuser sends Wagtail's form of a user with that changed."""
    boss = signed_in(admin_user)

    def send(**changed):
        standing = {"username": "nima", "email": "n@example.ir", "first_name": "نیما", "last_name": "ن"}
        fields = {**standing, "is_active": "on", "groups": [clerks.pk], **changed}
        response = boss.post(reverse("wagtailusers_users:edit", args=[nima.pk]), fields)
        assert response.status_code == 303, response.content.decode()

    return send


def is_in(browser):
    return browser.get(INBOX).status_code == 200


# --- The users screen


def test_a_deactivated_account_is_out_and_stays_out_when_it_is_opened_again(signed_in, nima, edit):
    browser = signed_in(nima)
    assert is_in(browser)
    edit(is_active="")
    edit(is_active="on")
    assert not is_in(browser)


def test_many_deactivated_at_once_are_out_as_well(signed_in, nima, admin_user, edit):
    browser = signed_in(nima)
    assert is_in(browser)
    bulk = f"{reverse('wagtail_bulk_action', args=['servicedesk', 'user', 'set_active_state'])}?id={nima.pk}"
    signed_in(admin_user).post(bulk, {"mark_as_active": "False"})
    assert not User.objects.get(pk=nima.pk).is_active
    edit(is_active="on")
    assert not is_in(browser)


def test_deactivated_nothing_is_open_outside_of_the_admin_either(signed_in, nima, edit, leila, water, service):
    letter = factories.make_letter(leila, water, service=service)
    browser = signed_in(nima)
    link = browser.get(at("file", letter, letter.body_file.pk)).url
    assert browser.get(link).status_code == 200
    edit(is_active="")
    assert browser.get(link).status_code == 404
    assert browser.get(INBOX).status_code == 302


def test_without_the_admins_door_neither_the_admin_nor_a_letters_file_is_open(
    signed_in, nima, edit, leila, water, service
):
    letter = factories.make_letter(leila, water, service=service)
    browser = signed_in(nima)
    link = browser.get(at("file", letter, letter.body_file.pk)).url
    assert browser.get(link).status_code == 200
    edit(groups=[])
    assert not is_in(browser)
    assert browser.get(link).status_code == 404


def test_a_new_password_from_a_superuser_ends_every_session(signed_in, nima, edit):
    browsers = [signed_in(nima), signed_in(nima)]
    assert all(map(is_in, browsers))
    edit(password1="another horse battery", password2="another horse battery")
    assert not any(map(is_in, browsers))


def test_a_superuser_no_more_sees_other_units_letters_no_more(signed_in, nima, edit, leila, roads, service):
    User.objects.filter(pk=nima.pk).update(is_superuser=True)
    letter = factories.make_letter(leila, roads, service=service)
    browser = signed_in(nima)
    assert browser.get(at("letter", letter)).status_code == 200
    edit(is_superuser="")
    assert browser.get(at("letter", letter)).status_code == 404


def test_a_new_name_ends_nobodys_session(signed_in, nima, edit):
    browser = signed_in(nima)
    assert is_in(browser)
    edit(first_name="نیما دوم")
    assert is_in(browser)


def test_no_longer_staff_by_other_ways_than_the_screen_is_out_at_the_next_click(signed_in, nima):
    browser = signed_in(nima)
    assert is_in(browser)
    User.objects.filter(pk=nima.pk).update(is_active=False)
    assert not is_in(browser)


# --- The second factor's reset


def test_a_reset_ends_every_session_of_that_person_and_of_nobody_else(signed_in, sara, omid, admin_user):
    thief, elsewhere, other = signed_in(sara), signed_in(sara), signed_in(omid)
    assert all(map(is_in, (thief, elsewhere, other)))
    SecondFactorReset.reset(user=sara, by=admin_user, reason="telephone stolen")
    for browser in (thief, elsewhere):
        assert browser.get(ENROL).url.startswith("/admin/login/")
        assert not is_in(browser)
    assert is_in(other)
    assert not TOTPDevice.objects.filter(user=sara).exists()


def test_a_session_that_ended_while_it_enrolled_takes_nothing_up(sara, admin_user, monkeypatch):
    """The reset comes between the look at the session and the new app."""
    browser = password_sign_in()
    key = secret_on(browser.get(ENROL))
    confirmed = enrol._confirmed

    def slow(*given):
        device = confirmed(*given)
        SecondFactorReset.reset(user=sara, by=admin_user, reason="telephone stolen")
        return device

    monkeypatch.setattr(enrol, "_confirmed", slow)
    browser.post(ENROL, {"code": f"{totp(key):06d}"})
    assert not TOTPDevice.objects.exists()


# --- The first app


def _older(browser, seconds):
    session = browser.session
    session[BEGAN] -= seconds
    session.save()


def test_right_after_the_password_a_first_app_asks_for_it_no_second_time(sara):
    browser = password_sign_in()
    page = browser.get(ENROL)
    assert 'name="password"' not in page.content.decode()
    _older(browser, enrol.PASSWORD_IS_FRESH - 30)
    assert browser.post(ENROL, {"code": f"{totp(secret_on(page)):06d}"}).status_code == 200
    assert TOTPDevice.objects.filter(user=sara).exists()


def test_an_older_session_takes_up_a_first_app_for_the_password_only(sara):
    browser = password_sign_in()
    page = browser.get(ENROL)
    _older(browser, enrol.PASSWORD_IS_FRESH + 1)
    code = f"{totp(secret_on(page)):06d}"
    assert 'name="password"' in browser.get(ENROL).content.decode()
    for fields in ({}, {"password": "wrong"}):
        asked = browser.post(ENROL, {"code": code, **fields})
        assert asked.status_code == 422
        assert 'name="password"' in asked.content.decode()
    assert not TOTPDevice.objects.exists()
    assert browser.post(ENROL, {"code": code, "password": PASSWORD}).status_code == 200
    assert TOTPDevice.objects.filter(user=sara).exists()


def test_an_older_session_is_no_place_to_try_passwords(sara):
    browser = password_sign_in()
    key = secret_on(browser.get(ENROL))
    _older(browser, enrol.PASSWORD_IS_FRESH + 1)
    for _try in range(10):
        assert browser.post(ENROL, {"code": "000000", "password": "wrong"}).status_code == 422
    browser.post(ENROL, {"code": f"{totp(key):06d}", "password": PASSWORD})
    assert not TOTPDevice.objects.exists()


def test_optional_an_unlocked_browser_is_no_place_to_lock_its_owner_out(settings, sara):
    settings.STAFF_SECOND_FACTOR = "optional"
    browser = password_sign_in()
    assert is_in(browser)
    _older(browser, 3600)
    key = secret_on(browser.get(ENROL))
    assert browser.post(ENROL, {"code": f"{totp(key):06d}"}).status_code == 422
    assert not TOTPDevice.objects.exists()
