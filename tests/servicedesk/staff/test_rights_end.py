"""What a superuser takes away from a member of staff is away at that person's next click, in whatever browser."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicedesk.middleware import BEGAN
from servicedesk.models import LetterCopy, Opinion, SecondFactorReset, StandIn, UnitMembership, User
from servicedesk.models.rights import AUDITOR, REGISTRAR
from servicedesk.roles import Role
from servicedesk.staff.second_factor import enrol
from tests import factories
from tests.access_scene import allow, stand_in

from .conftest import at, keyed
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


# --- Each way to have a right on a letter


class Way:
    """One way: a person of the staff gets a right, and loses it. ``sara`` works in the letter's unit, ``roads`` is
    another one."""

    # What is opened and sent in the person's browser: a verb with its fields; and what is answered afterwards.
    verb, fields, after = "note", {"text": "یادداشتِ دیرآمده"}, 404

    def __init__(self, person, letter, sara, roads):
        self.person, self.letter, self.sara, self.roads = person, letter, sara, roads

    def join(self, unit, role=Role.CLERK):
        return UnitMembership.objects.create(unit=unit, user=self.person, role=role)

    def member(self, **values):
        """Changes the person's membership."""
        self.person.memberships.update(**values)


class Membership(Way):
    def give(self):
        self.join(self.letter.unit)

    def take(self):
        self.person.memberships.all().delete()


class AnotherUnit(Membership):
    def take(self):
        self.member(unit=self.roads)


class ForwardedLetter(Membership):
    def take(self):
        self.letter.forward(by=self.sara, to=self.roads, reason="مربوط به آنجاست")


class LoweredRole(Membership):
    verb, fields, after = "ask", {"question": "چه شد؟"}, 403

    def take(self):
        self.member(role=Role.READER)


class NoApproverAnyMore(Membership):
    verb, fields, after = "send-back", {"remark": "بد است"}, 403

    def give(self):
        self.join(self.letter.unit, Role.APPROVER)
        self.letter.hand_in(by=self.sara, kind="final", text="متن")
        self.fields = {**self.fields, "draft": self.letter.answer_drafts.get().pk}

    def take(self):
        self.member(role=Role.CLERK)


class StandInOver(Way):
    def give(self):
        stand_in(self.person, self.sara, first=-3, last=0)

    def take(self):
        yesterday = timezone.localdate() - timedelta(days=1)
        StandIn.objects.update(last_day=yesterday)


class StandInRemoved(StandInOver):
    def take(self):
        StandIn.objects.all().delete()


class StandInForNobody(StandInOver):
    """Whom he stands in for has left the unit."""

    def take(self):
        self.sara.memberships.all().delete()


class StandInForClosedAccount(StandInOver):
    def take(self):
        User.objects.filter(pk=self.sara.pk).update(is_active=False)


class StandInForReader(StandInOver):
    verb, fields, after = "ask", {"question": "چه شد؟"}, 403

    def take(self):
        self.sara.memberships.update(role=Role.READER)


class Registrar(Way):
    verb, fields = "number", {"official_number": "۱۲"}

    def give(self):
        allow(self.person, REGISTRAR)

    def take(self):
        self.person.user_permissions.remove(permission(REGISTRAR))


class RegistrarGroup(Registrar):
    """By a group that loses the permission."""

    def give(self):
        self.group = Group.objects.create(name="دبیرخانه")
        self.group.permissions.add(permission(REGISTRAR))
        self.person.groups.add(self.group)

    def take(self):
        self.group.permissions.clear()


class OutOfRegistrarGroup(RegistrarGroup):
    def take(self):
        self.person.groups.remove(self.group)


class RegistrarGroupRemoved(RegistrarGroup):
    def take(self):
        self.group.delete()


class Auditor(Registrar):
    verb, fields = "letter", None

    def give(self):
        allow(self.person, AUDITOR)

    def take(self):
        self.person.user_permissions.remove(permission(AUDITOR))


class RegistrarOnlyAudits(Registrar):
    after = 403

    def take(self):
        super().take()
        allow(self.person, AUDITOR)


class Consulted(Way):
    def give(self):
        self.join(self.roads)
        self.letter.consult(by=self.sara, unit=self.roads, question="نظرتان چیست؟")

    def take(self):
        self.person.memberships.all().delete()


class OpinionNotAskedAnyMore(Consulted):
    def take(self):
        Opinion.objects.all().delete()


class ConsultedReader(Consulted):
    after = 403

    def take(self):
        self.member(role=Role.READER)


class Copied(Consulted):
    def give(self):
        self.join(self.roads)
        self.letter.send_copy(by=self.sara, to=self.roads)


class CopyTakenBack(Copied):
    def take(self):
        LetterCopy.objects.all().delete()


class AdminsDoor(Membership):
    after = 302

    def take(self):
        self.person.user_permissions.clear()


class Superuser(Way):
    verb, fields = "ask", {"question": "چه شد؟"}

    def give(self):
        User.objects.filter(pk=self.person.pk).update(is_superuser=True)

    def take(self):
        User.objects.filter(pk=self.person.pk).update(is_superuser=False)


def permission(name):
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def all_ways(kind=Way):
    return [way for direct in kind.__subclasses__() for way in (direct, *all_ways(direct))]


@pytest.mark.parametrize("kind", all_ways(), ids=lambda kind: kind.__name__)
def test_a_right_on_a_letter_is_away_at_the_next_click(kind, signed_in, editor, sara, roads, leila, water, service):
    letter = factories.make_letter(leila, water, service=service)
    way, browser = kind(editor, letter, sara, roads), signed_in(editor)
    way.give()
    assert browser.get(at(way.verb, letter)).status_code == 200
    link = browser.get(at("file", letter, letter.body_file.pk)).url
    assert browser.get(link).status_code == 200
    way.take()
    events = letter.events.count()
    assert browser.get(at(way.verb, letter)).status_code == way.after
    if way.fields:
        sent = browser.post(at(way.verb, letter), keyed(**way.fields))
        assert sent.status_code == way.after or (way.after, sent.status_code) == (302, 303)
    assert letter.events.count() == events
    # What he may still read stays open to him, in the same session; and he is in as before.
    still_reads = way.after == 403
    assert browser.get(link).status_code == (200 if still_reads else 404)
    assert (browser.get(at("letter", letter)).status_code == 200) == still_reads
    assert is_in(browser) == (way.after != 302)


def test_what_was_sent_with_a_lost_right_stays_to_be_copied_in_the_form_before(signed_in, nima, leila, water, service):
    """The refusal leads back to the letter, which he still reads."""
    letter = factories.make_letter(leila, water, service=service)
    browser = signed_in(nima)
    nima.memberships.update(role=Role.READER)
    page = browser.post(at("ask", letter), keyed(question="چه شد؟"))
    assert page.status_code == 403
    assert at("letter", letter) in page.content.decode()


def test_the_groups_screen_gives_the_registry_and_the_audit_and_takes_them(
    signed_in, admin_user, editor, leila, water, service
):
    letter = factories.make_letter(leila, water, service=service)
    group = Group.objects.create(name="دبیرخانه")
    editor.groups.add(group)
    boss, browser = signed_in(admin_user), signed_in(editor)
    screen = reverse("wagtailusers_groups:edit", args=[group.pk])

    def let(*permissions):
        fields = {"name": "دبیرخانه", "permissions": [one.pk for one in permissions], **NO_ROWS}
        response = boss.post(screen, fields)
        assert response.status_code == 303, response.content.decode()
        return browser.get(at("letter", letter)).status_code

    page = boss.get(screen).content.decode()
    for name in (REGISTRAR, AUDITOR):
        assert f'value="{permission(name).pk}"' in page
        assert let(permission(name)) == 200
        assert let() == 404


# The lists of rights on pages and collections of the groups' screen, empty.
NO_ROWS = {
    f"{prefix}-{name}": number
    for prefix in ("page_permissions", "image_permissions", "document_permissions", "collection_permissions")
    for name, number in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0), ("MAX_NUM_FORMS", 1000))
}


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
