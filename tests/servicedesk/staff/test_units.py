"""Units are managed in the admin; who has letters is switched off instead of deleted."""

import pytest
from django.contrib.auth.models import Permission

from servicedesk.models import Unit, UnitMembership
from servicedesk.roles import Role

from .conftest import at, page_of

UNITS = "/admin/units/"


def members(*people, existing=(), role=Role.CLERK):
    """The inline form of memberships as a browser sends it."""
    data = {
        "memberships-TOTAL_FORMS": len(existing) + len(people),
        "memberships-INITIAL_FORMS": len(existing),
        "memberships-MIN_NUM_FORMS": 0,
        "memberships-MAX_NUM_FORMS": 1000,
    }
    for index, person in enumerate([*existing, *people]):
        pk = person.pk
        membership = UnitMembership.objects.filter(user=person).first() if index < len(existing) else None
        data |= {f"memberships-{index}-user": pk, f"memberships-{index}-role": role}
        data |= {f"memberships-{index}-id": membership.pk if membership else ""}
    return data


def test_a_unit_is_made_with_its_members(signed_in, admin_user, editor):
    browser = signed_in(admin_user)
    data = {"name": "فضای سبز", "description": "", "is_active": "on", **members(editor)}
    assert browser.post(f"{UNITS}new/", data).status_code == 303
    assert Unit.objects.of(editor).get().name == "فضای سبز"
    assert "فضای سبز" in page_of(browser.get(UNITS))


def test_a_clerk_becomes_a_reader_and_sends_nothing_from_the_next_click_on(signed_in, admin_user, water, sara, letter):
    browser = signed_in(sara)
    assert browser.get(at("ask", letter)).status_code == 200
    data = {"name": water.name, "description": "", "is_active": "on", **members(existing=[sara], role=Role.READER)}
    assert signed_in(admin_user).post(f"{UNITS}edit/{water.pk}/", data).status_code == 303
    assert browser.get(at("ask", letter)).status_code == 403
    assert browser.get(at("letter", letter)).status_code == 200


def test_only_staff_can_be_chosen_as_members(signed_in, admin_user, water, leila, sara):
    browser = signed_in(admin_user)
    page = browser.get(f"{UNITS}edit/{water.pk}/").content.decode()
    assert f'<option value="{leila.pk}"' not in page
    data = {"name": water.name, "description": "", "is_active": "on", **members(leila, existing=[sara])}
    assert browser.post(f"{UNITS}edit/{water.pk}/", data).status_code == 200
    assert not UnitMembership.objects.filter(user=leila).exists()


def test_a_unit_with_letters_is_not_deleted_and_the_reason_is_said(signed_in, admin_user, water, letter):
    browser = signed_in(admin_user)
    response = browser.post(f"{UNITS}delete/{water.pk}/", follow=True)
    assert Unit.objects.filter(pk=water.pk).exists()
    assert "این واحد درخواست دارد" in page_of(response)


def test_a_unit_without_letters_can_go(signed_in, admin_user, roads):
    signed_in(admin_user).post(f"{UNITS}delete/{roads.pk}/")
    assert not Unit.objects.filter(pk=roads.pk).exists()


@pytest.mark.parametrize("address", [UNITS, f"{UNITS}new/"])
def test_clerks_and_editors_do_not_manage_units(signed_in, sara, editor, address):
    for person in (sara, editor):
        assert signed_in(person).get(address).status_code == 302


def test_a_group_can_be_given_the_right(signed_in, editor, water):
    editor.user_permissions.add(Permission.objects.get(codename="change_unit"))
    assert signed_in(editor).get(f"{UNITS}edit/{water.pk}/").status_code == 200


def test_the_home_page_shows_the_oldest_letters_of_ones_units(signed_in, sara, omid, letter):
    assert letter.subject in page_of(signed_in(sara).get("/admin/"))
    assert letter.subject not in page_of(signed_in(omid).get("/admin/"))


def test_superusers_hear_of_messages_that_did_not_arrive(signed_in, sara, admin_user, letter):
    letter.messages.update(state="dead")
    assert "۱ پیام به کسی نرسیده است" in page_of(signed_in(admin_user).get("/admin/"))
    assert "به کسی نرسیده" not in page_of(signed_in(sara).get("/admin/"))
