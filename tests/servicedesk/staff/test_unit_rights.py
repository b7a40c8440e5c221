"""Heads reset second factors, Wagtail's editor leaves the same trace, and what was taken away counts at once."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicedesk.models import SecondFactorReset, StandIn, Unit, UnitMembership, User
from servicedesk.models.event import Kind as EventKind
from servicedesk.roles import Role
from tests import factories

from .conftest import at, page_of
from .test_units import UNITS, members
from .unit_steps import give, home_of, let_go_days, make_stand_in, page_about, part_of, reset_of, role_of, trace

# --- The second factor ----------------------------------------------------------------------------


def test_a_head_resets_a_members_second_factor_with_a_trace(head, mina, sara, water):
    address = reset_of(sara)
    assert address in head.get(page_about(sara, water)).content.decode()
    assert "آب و فاضلاب" in page_of(head.get(address))
    assert head.post(address, {"reason": ""}).status_code == 422
    for _click in range(2):
        assert head.post(address, {"reason": "تلفنش گم شد"}).url == page_about(sara, water)
    assert not TOTPDevice.objects.filter(user=sara).exists()
    assert [(one.user, one.by, one.reason) for one in SecondFactorReset.objects.all()] == [(sara, mina, "تلفنش گم شد")]
    assert trace(water) == ["عامل دوم sara بازنشانی شد."]


def test_a_superusers_reset_stands_in_the_unit_too(signed_in, admin_user, sara, water):
    signed_in(admin_user).post(reset_of(sara), {"reason": "تلفنش گم شد"})
    assert trace(water) == ["عامل دوم sara بازنشانی شد."]


@pytest.mark.parametrize(
    "reach", ["superuser", "head elsewhere", "keep_registry", "audit_letters", "change_user", "change_unit", "itself"]
)
def test_a_head_does_not_reset_who_reaches_beyond_the_unit_nor_himself(head, mina, sara, roads, water, reach):
    person = mina if reach == "itself" else sara
    if reach == "superuser":
        User.objects.filter(pk=sara.pk).update(is_superuser=True)
    elif reach == "head elsewhere":
        UnitMembership.objects.create(unit=roads, user=sara, role=Role.HEAD)
    elif reach != "itself":
        give(sara, reach)
    address = reset_of(person)
    assert address not in head.get(page_about(person, water)).content.decode()
    for answer in (head.get(address), head.post(address, {"reason": "x"})):
        assert answer.status_code == 404 if reach == "itself" else answer.url == "/admin/"
    assert TOTPDevice.objects.filter(user=person).exists()
    assert not SecondFactorReset.objects.exists()


def test_a_head_resets_nobody_of_another_unit_and_no_other_member_resets(head, signed_in, sara, omid, mina, water):
    for browser, person in ((head, omid), (signed_in(sara), omid), (signed_in(sara), mina)):
        assert browser.post(reset_of(person), {"reason": "x"}).url == "/admin/"
    assert head.get(reverse("second-factor:people")).url == "/admin/"
    assert not SecondFactorReset.objects.exists()


# --- In Wagtail's own editor ----------------------------------------------------------------------


def test_what_wagtails_unit_editor_changes_stands_in_the_trace(signed_in, admin_user, sara, omid, water, letter):
    letter.assign(by=sara, to=sara)
    data = {"name": water.name, "description": "", "is_active": "on", "needs_approval": "on"}
    data |= members(omid, existing=[sara]) | {"memberships-0-DELETE": "on", "memberships-1-role": "head"}
    assert signed_in(admin_user).post(f"{UNITS}edit/{water.pk}/", data).status_code in (302, 303)
    assert sorted(trace(water)) == sorted(
        [
            "sara دیگر عضو نیست. نامه‌هایی که بی‌مسئول شد: ۱.",
            "omid عضو شد، با نقش «رئیس».",
            "از این پس پاسخ‌ها تأیید می‌خواهد.",
        ]
    )
    letter.refresh_from_db()
    assert letter.assignee is None
    assert letter.events.filter(kind=EventKind.RELEASED, actor=admin_user, person=sara).exists()


def test_a_role_changed_there_and_a_new_unit_are_traced_and_a_mere_saving_is_not(signed_in, admin_user, sara, water):
    browser = signed_in(admin_user)
    data = {"name": water.name, "description": "", "is_active": "on", **members(existing=[sara])}
    for _saving in range(2):
        browser.post(f"{UNITS}edit/{water.pk}/", data | {"memberships-0-role": "head"})
    assert trace(water) == ["sara «کارشناس» بود و اکنون «رئیس» است."]
    browser.post(f"{UNITS}new/", {"name": "فضای سبز", "description": "", "is_active": "on", **members(sara)})
    assert trace(Unit.objects.get(name="فضای سبز")) == ["sara عضو شد، با نقش «کارشناس»."]


def test_a_row_that_gets_another_person_keeps_nobodys_stand_ins(signed_in, admin_user, sara, omid, reza, water):
    make_stand_in(sara, water, reza, 0, 9)
    data = {"name": water.name, "description": "", "is_active": "on", **members(existing=[sara])}
    data |= {"memberships-0-user": omid.pk}
    data["memberships-TOTAL_FORMS"] = data["memberships-INITIAL_FORMS"] = 2
    data |= {"memberships-1-user": reza.pk, "memberships-1-role": "reader", "memberships-1-id": part_of(reza, water).pk}
    assert signed_in(admin_user).post(f"{UNITS}edit/{water.pk}/", data).status_code in (302, 303)
    assert set(water.memberships.values_list("user__username", flat=True)) == {"omid", "reza"}
    assert not StandIn.objects.exists()


# --- Groups, and what was taken away --------------------------------------------------------------


def test_the_group_editor_gives_both_rights_of_the_whole_organisation(signed_in, admin_user):
    group = Group.objects.create(name="دبیرخانه")
    page = signed_in(admin_user).get(reverse("wagtailusers_groups:edit", args=[group.pk]))
    for codename in ("keep_registry", "audit_letters"):
        pk = Permission.objects.get(content_type__app_label="servicedesk", codename=codename).pk
        assert f'value="{pk}"' in page.content.decode()
    assert "دبیرخانه: همهٔ نامه‌ها را می‌بیند" in page_of(page)
    assert "Letter" not in page_of(page)


@pytest.mark.parametrize("codename", ["keep_registry", "audit_letters"])
def test_a_right_of_a_group_ends_at_the_next_click(signed_in, editor, letter, codename):
    group = Group.objects.create(name="همه‌جا")
    group.permissions.add(Permission.objects.get(content_type__app_label="servicedesk", codename=codename))
    editor.groups.add(group)
    browser = signed_in(editor)
    assert browser.get(at("letter", letter)).status_code == 200
    editor.groups.remove(group)
    assert browser.get(at("letter", letter)).status_code == 404
    assert browser.get(home_of(letter.unit)).status_code == 404


def test_the_registrys_numbering_ends_with_the_permission_of_its_group(signed_in, editor, water):
    group = Group.objects.create(name="دبیرخانه")
    right = Permission.objects.get(content_type__app_label="servicedesk", codename="keep_registry")
    group.permissions.add(right)
    editor.groups.add(group)
    browser = signed_in(editor)
    assert browser.get(home_of(water)).status_code == 200
    group.permissions.remove(right)
    assert browser.post(home_of(water), {"do": "number", "pattern": "{year}/{number}"}).status_code == 404


@pytest.mark.parametrize(
    "how", ["role", "membership", "account", "stand-in", "stand-in's last day", "the other's account"]
)
def test_a_heads_right_ends_at_the_next_click(signed_in, mina, sara, reza, water, how):
    for_another = how.startswith("stand-in") or how == "the other's account"
    person = reza if for_another else mina
    stand_in = make_stand_in(mina, water, reza, 0, 1) if for_another else None
    browser = signed_in(person)
    assert browser.get(home_of(water)).status_code == 200
    match how:
        case "role":
            UnitMembership.objects.filter(user=mina).update(role=Role.APPROVER)
        case "membership":
            part_of(mina, water).delete()
        case "account" | "the other's account":
            User.objects.filter(pk=mina.pk).update(is_active=False)
        case "stand-in":
            stand_in.delete()
        case _:
            let_go_days(stand_in)
    act = {"do": "role", "role": "approver"}
    address = page_about(sara, water)
    # Whose account is closed is led to the sign-in, everybody else finds nothing.
    expected = (302, 303) if how == "account" else (404,)
    assert browser.post(address, act).status_code in expected
    assert browser.get(home_of(water)).status_code in expected
    assert browser.post(reset_of(sara), {"reason": "x"}).status_code in (302, 303)
    assert role_of(sara, water) == Role.CLERK
    assert TOTPDevice.objects.filter(user=sara).exists()


def test_a_former_superusers_next_click_finds_nothing(signed_in, admin_user, water):
    factories.allow_admin(admin_user)
    browser = signed_in(admin_user)
    assert browser.get(home_of(water)).status_code == 200
    User.objects.filter(pk=admin_user.pk).update(is_superuser=False)
    assert browser.get(home_of(water)).status_code == 404
