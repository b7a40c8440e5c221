"""«واحد من»: a head manages the people of his unit, their stand-ins and the unit's settings; everybody else is out."""

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicedesk.models import LimitHit, NumberingRule, StandIn, UnitEvent, UnitMembership, User
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.limit import LIMITS
from servicedesk.models.unit_event import TraceIsWritten
from servicedesk.persian import jalali_short
from servicedesk.roles import Role
from tests import factories

from .conftest import at, page_of
from .unit_steps import (
    give,
    home_of,
    page_about,
    part_of,
    role_of,
    trace,
)

# --- Who comes in ---------------------------------------------------------------------------------


def test_the_head_sees_roles_open_letters_and_second_factors(head, mina, sara, water, letter):
    letter.assign(by=sara, to=sara)
    TOTPDevice.objects.filter(user=sara).delete()
    page = head.get(home_of(water))
    assert page.status_code == 200
    rows = re.findall(r"<tr>(.*?)</tr>", page.content.decode().partition("<tbody>")[2], re.S)
    words = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in rows]
    assert len(words) == 2
    assert "مینا" in words[0]
    assert "رئیس" in words[0]
    assert " ۰ " in words[0]
    assert "روشن" in words[0]
    assert "sara" in words[1]
    assert " ۱ " in words[1]
    assert "خاموش" in words[1]


@pytest.mark.parametrize("role", [Role.READER, Role.CLERK, Role.APPROVER])
def test_members_who_are_not_heads_find_no_such_page(signed_in, sara, water, role):
    part_of(sara, water)
    UnitMembership.objects.filter(user=sara).update(role=role)
    browser = signed_in(sara)
    for address in (home_of(water), page_about(sara, water), "/admin/desk/unit/"):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"do": "approval", "needs_approval": "on"}).status_code in (404, 405)
    water.refresh_from_db()
    assert not water.needs_approval
    assert "my-unit" not in browser.get("/admin/").content.decode()


def test_a_head_is_nothing_in_another_unit(head, omid, roads):
    for address in (home_of(roads), page_about(omid, roads)):
        assert head.get(address).status_code == 404
        assert head.post(address, {"do": "take-out"}).status_code == 404
    assert UnitMembership.objects.filter(user=omid).exists()


def test_a_member_of_another_unit_is_not_managed_through_ones_own(head, water, omid, roads):
    address = f"{home_of(water)}members/{part_of(omid, roads).pk}/"
    assert head.post(address, {"do": "take-out"}).status_code == 404
    assert UnitMembership.objects.filter(user=omid).exists()


def test_superusers_and_nobody_else_may_too(signed_in, admin_user, editor, leila, sara, water):
    assert home_of(water) in signed_in(admin_user).get("/admin/units/").content.decode()
    assert signed_in(admin_user).get(home_of(water)).status_code == 200
    assert signed_in(admin_user).get(page_about(sara, water)).status_code == 200
    assert signed_in(editor).get(home_of(water)).status_code == 404
    assert signed_in(leila).get(home_of(water)).url.startswith("/admin/login/")


def test_the_menu_leads_a_head_to_his_unit_and_one_of_several_to_their_list(head, mina, water, roads):
    assert home_of(water) in head.get("/admin/").content.decode()
    UnitMembership.objects.create(unit=roads, user=mina, role=Role.HEAD)
    assert '"/admin/desk/unit/"' in head.get("/admin/").content.decode()
    both = head.get("/admin/desk/unit/").content.decode()
    assert home_of(water) in both
    assert home_of(roads) in both


def test_an_act_that_does_not_exist_is_refused(head, water):
    assert head.post(home_of(water), {"do": "burn"}).status_code == 400


# --- Roles and members ----------------------------------------------------------------------------


def test_a_role_is_changed_with_a_trace(head, mina, sara, water):
    page = head.post(page_about(sara, water), {"do": "role", "role": "approver"}, follow=True)
    assert role_of(sara, water) == Role.APPROVER
    assert "sara" in page_of(page)
    [event] = water.events.all()
    assert (event.actor, event.person, event.kind) == (mina, sara, "role-changed")
    assert trace(water) == ["sara «کارشناس» بود و اکنون «تأییدکننده» است."]
    assert trace(water)[0] in page_of(head.get(home_of(water)))
    # The same said once more is nothing new.
    head.post(page_about(sara, water), {"do": "role", "role": "approver"})
    assert water.events.count() == 1


def test_a_role_that_does_not_exist_is_refused(head, sara, water):
    page = head.post(page_about(sara, water), {"do": "role", "role": "king"})
    assert page.status_code == 422
    assert "این نقش وجود ندارد" in page_of(page)
    assert role_of(sara, water) == Role.CLERK


def test_the_only_head_stays_until_there_is_another(head, mina, sara, water):
    address = page_about(mina, water)
    for act in ({"do": "role", "role": "clerk"}, {"do": "take-out"}):
        page = head.post(address, act)
        assert page.status_code == 422
        assert "شما تنها رئیس این واحد هستید" in page_of(page)
    assert role_of(mina, water) == Role.HEAD
    UnitMembership.objects.filter(user=sara).update(role=Role.HEAD)
    assert head.post(address, {"do": "role", "role": "clerk"}).status_code == 303
    assert role_of(mina, water) == Role.CLERK


def test_a_head_whose_account_is_closed_counts_for_none(head, mina, sara, water):
    UnitMembership.objects.filter(user=sara).update(role=Role.HEAD)
    User.objects.filter(pk=sara.pk).update(is_active=False)
    assert head.post(page_about(mina, water), {"do": "role", "role": "clerk"}).status_code == 422


def test_who_is_taken_out_leaves_letters_that_are_nobodys(head, mina, sara, leila, water, roads, service):
    UnitMembership.objects.create(unit=roads, user=sara)
    own, other, done = (factories.make_letter(leila, unit, service=service) for unit in (water, roads, water))
    for one in (own, other, done):
        one.assign(by=sara, to=sara)
    done.answer(by=sara, text="انجام شد.")
    address = page_about(sara, water)
    assert "۱ نامهٔ باز این واحد با این همکار است" in page_of(head.get(address))
    page = head.post(address, {"do": "take-out"}, follow=True)
    assert "۱ نامه اکنون با کسی نیست" in page_of(page)
    for one in (own, other, done):
        one.refresh_from_db()
    assert own.assignee is None
    assert other.assignee == sara
    assert done.assignee == sara
    event = own.events.get(kind=EventKind.RELEASED)
    assert (event.actor, event.person) == (mina, sara)
    assert not water.memberships.filter(user=sara).exists()
    assert trace(water) == ["sara دیگر عضو نیست. نامه‌هایی که بی‌مسئول شد: ۱."]


def test_who_is_taken_out_stands_in_for_nobody_any_more(head, signed_in, sara, water, letter):
    reader = factories.make_staff("reader", water)
    today = timezone.localdate()
    StandIn.objects.create(membership=part_of(sara, water), substitute=reader, first_day=today, last_day=today)
    browser = signed_in(reader)
    assert browser.get(at("letter", letter)).status_code == 200
    head.post(page_about(reader, water), {"do": "take-out"})
    assert not StandIn.objects.exists()
    assert browser.get(at("letter", letter)).status_code == 404


@pytest.mark.parametrize("typed", ["omid", "OMID@example.ir"])
def test_a_colleague_is_added_by_name_or_e_mail(head, omid, water, typed):
    page = head.post(home_of(water), {"do": "add", "who": typed, "role": "reader"}, follow=True)
    assert page.status_code == 200
    assert role_of(omid, water) == Role.READER
    assert trace(water) == ["omid عضو شد، با نقش «خواننده»."]


def test_nobody_is_found_by_a_part_of_his_name_nor_a_citizen_nor_a_closed_account(head, omid, leila, sara, water):
    closed = factories.make_staff("closed", is_active=False)
    for typed in ("omi", "", leila.username, leila.mobile, closed.username):
        page = head.post(home_of(water), {"do": "add", "who": typed, "role": "clerk"})
        assert page.status_code == 422, typed
    assert "هیچ همکاری" in page_of(page)
    again = head.post(home_of(water), {"do": "add", "who": "sara", "role": "head"})
    assert "همین حالا هم عضو است" in page_of(again)
    assert set(water.memberships.values_list("user__username", flat=True)) == {"mina", "sara"}
    assert role_of(sara, water) == Role.CLERK


def test_of_two_with_one_e_mail_address_none_is_guessed(head, omid, water):
    namesake = factories.make_staff("omid2")
    User.objects.filter(pk=namesake.pk).update(email=omid.email)
    page = head.post(home_of(water), {"do": "add", "who": omid.email, "role": "clerk"})
    assert "نام کاربری" in page_of(page)
    assert not water.memberships.filter(user=omid).exists()


# --- The trace ------------------------------------------------------------------------------------


def test_the_trace_is_never_changed(head, sara, water):
    head.post(page_about(sara, water), {"do": "role", "role": "reader"})
    event = water.events.get()
    event.kind = "taken-out"
    for change in (event.save, event.delete, water.events.all().delete, lambda: water.events.update(kind="x")):
        with pytest.raises(TraceIsWritten), transaction.atomic():
            change()
    assert UnitEvent.objects.get().kind == "role-changed"


# --- Settings -------------------------------------------------------------------------------------


def test_approval_is_switched_on_and_off(head, water):
    for sent, wanted in ({"needs_approval": "on"}, True), ({}, False), ({}, False):
        assert head.post(home_of(water), {"do": "approval", **sent}).status_code == 303
        water.refresh_from_db()
        assert water.needs_approval is wanted
    assert trace(water) == ["پاسخ‌ها دیگر تأیید نمی‌خواهد.", "از این پس پاسخ‌ها تأیید می‌خواهد."]


def test_the_numbering_rule_shows_the_next_number_and_says_what_is_wrong(head, sara, water, letter):
    rule = {"do": "number", "pattern": "آب/{سال}/{شماره}"}
    year = jalali_short(timezone.now())[:4]
    for pattern, words in (("{سال}", "هر دوی {سال} و {شماره}"), ("{ماه}/{سال}/{شماره}", "فقط به‌جای"), ("", "الگو")):
        page = head.post(home_of(water), rule | {"pattern": pattern})
        assert page.status_code == 422
        assert words in page_of(page)
    assert not NumberingRule.objects.exists()
    page = head.post(home_of(water), rule, follow=True)
    assert f"آب/{year}/۱" in page_of(page)
    letter.number(by=sara, rule=water.numbering_rule)
    assert f"آب/{year}/۲" in page_of(head.get(home_of(water)))


def test_a_rule_that_is_taken_away_leaves_the_numbers_and_the_count(head, sara, water, letter):
    head.post(home_of(water), {"do": "number", "pattern": "{سال}/{شماره}", "on_arrival": "on"})
    assert water.numbering_rule.on_arrival
    letter.number(by=sara, rule=water.numbering_rule)
    given = letter.official_number
    page = head.post(home_of(water), {"do": "number-no-more"}, follow=True)
    letter.refresh_from_db()
    assert not NumberingRule.objects.exists()
    assert letter.official_number == given
    assert given.endswith("/1")
    assert "/۲" in page_of(page)
    assert [event.kind for event in water.events.all()] == ["numbering-ended", "numbering-set"]


def test_the_registry_numbers_every_unit_and_sees_nothing_else_of_it(signed_in, editor, sara, water):
    give(editor, "keep_registry")
    browser = signed_in(editor)
    page = browser.get(home_of(water))
    assert page.status_code == 200
    assert "sara" not in page_of(page)
    assert browser.post(home_of(water), {"do": "number", "pattern": "{year}-{number}"}).status_code == 303
    assert water.numbering_rule.pattern == "{year}-{number}"
    for act in ({"do": "approval", "needs_approval": "on"}, {"do": "add", "who": "editor", "role": "head"}):
        assert browser.post(home_of(water), act).status_code == 404
    assert browser.post(page_about(sara, water), {"do": "take-out"}).status_code == 404
    assert water.memberships.count() == 1
    assert home_of(water) in browser.get("/admin/desk/unit/").content.decode()
    assert "/admin/desk/unit/" in browser.get("/admin/").content.decode()


def test_an_auditor_changes_nothing_here(signed_in, editor, water):
    give(editor, "audit_letters")
    assert signed_in(editor).get(home_of(water)).status_code == 404


# --- What it costs --------------------------------------------------------------------------------


def test_names_are_not_tried_without_end(head, mina, water, omid, monkeypatch):
    monkeypatch.setitem(LIMITS, "add-member-by-head", ((2, 600),))
    for number in range(2):
        refused = page_of(head.post(home_of(water), {"do": "add", "who": f"guess-{number}", "role": "clerk"}))
        assert "هیچ همکاری درست با این نام" in refused
    # A name that somebody has is told from the others no more.
    refused = head.post(home_of(water), {"do": "add", "who": "omid", "role": "approver"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "تلاش‌ها از اندازه گذشت. ۱۰ دقیقه دیگر می‌توانید دوباره امتحان کنید." in page_of(refused)
    assert 'value="omid"' in page
    assert re.search(r'value="approver"[^>]*(selected|checked)', page)
    assert not UnitMembership.objects.filter(user=omid, unit=water).exists()
    # The rest of the page goes on.
    assert head.post(home_of(water), {"do": "approval", "needs_approval": "on"}).status_code == 303
    LimitHit.objects.all().delete()
    assert head.post(home_of(water), {"do": "add", "who": "omid", "role": "approver"}).status_code == 303


def test_the_pages_ask_at_most_fifteen_things_however_many_people(head, mina, sara, water):
    def asked(address):
        head.get(address), head.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert head.get(address).status_code == 200
        return len(caught)

    NumberingRule.objects.create(unit=water)
    head.post(page_about(sara, water), {"do": "role", "role": "approver"})
    addresses = (home_of(water), page_about(sara, water), "/admin/desk/unit/")
    few = [asked(address) for address in addresses]
    for number in range(20):
        person = factories.make_staff(f"member-{number}", water)
        today = timezone.localdate()
        StandIn.objects.create(membership=part_of(person, water), substitute=sara, first_day=today, last_day=today)
        head.post(page_about(person, water), {"do": "role", "role": "reader"})
    assert [asked(address) for address in addresses] == few
    assert max(few) <= 15
