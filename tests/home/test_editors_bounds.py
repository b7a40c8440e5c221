"""What editors may change, and what would destroy letters or cost money and is left to superusers."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from home.seed import people
from servicedesk.models import Letter, ServicePage
from tests import factories

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/settings/servicedesk/desksettings/"


@pytest.fixture
def seeds_editor(editor):
    people.make_groups()
    editor.groups.add(Group.objects.get(name=people.EDITORS))
    return editor


@pytest.fixture
def general():
    return ServicePage.objects.filter(locale__language_code="fa").first()


def form_at(browser, address):
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_how_long_letters_are_kept_is_not_an_editors_choice(signed_in, seeds_editor, admin_user, general):
    address = reverse("wagtailadmin_pages:edit", args=[general.pk])
    form = form_at(signed_in(seeds_editor), address)
    assert 'name="accepts_letters"' in form
    assert "retention_months" not in form
    assert 'name="retention_months"' in form_at(signed_in(admin_user), address)


def test_the_budget_and_who_hears_of_alarms_is_not_an_editors_choice(signed_in, seeds_editor, admin_user):
    form = form_at(signed_in(seeds_editor), SETTINGS)
    assert 'name="body_file_kilobytes"' in form
    for name in ("sms_budget_minute", "sms_budget_day", "alarm_addresses"):
        assert name not in form
        assert f'name="{name}"' in form_at(signed_in(admin_user), SETTINGS)


@pytest.mark.parametrize("way", ["one", "several", "parent"])
def test_a_service_with_letters_is_not_deleted(signed_in, admin_user, leila, water, general, way):
    letter = factories.make_letter(leila, water, service=general)
    browser = signed_in(admin_user)
    page = general.get_parent() if way == "parent" else general
    if way == "several":
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={page.pk}"
    else:
        address = reverse("wagtailadmin_pages:delete", args=[page.pk])
    answer = browser.post(address, follow=True)
    assert "نامه‌هایی از این خدمت هست" in answer.content.decode()
    assert Letter.objects.get(pk=letter.pk).service == general


def test_a_service_without_letters_may_go(signed_in, admin_user, general):
    signed_in(admin_user).post(reverse("wagtailadmin_pages:delete", args=[general.pk]))
    assert not ServicePage.objects.filter(pk=general.pk).exists()


def test_editors_keep_the_contact_data_of_units_and_nothing_else_of_them(signed_in, seeds_editor, water, sara):
    browser = signed_in(seeds_editor)
    assert "/admin/units/" in browser.get("/admin/").content.decode()
    address = reverse("units:edit", args=[water.pk])
    form = form_at(browser, address)
    for name in ("address", "telephone", "opening_hours", "is_public", "description"):
        assert f'name="{name}"' in form
    for name in ("name", "is_active", "memberships-TOTAL_FORMS"):
        assert f'name="{name}"' not in form
    wanted = {"description": "", "telephone": "۰۱۱-۵۵", "opening_hours": "شنبه‌ها ۸ تا ۱۲", "is_public": "on"}
    name = water.name
    others = {
        "name": "واحدی دیگر",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 0,
        "memberships-0-user": seeds_editor.pk,
    }
    assert browser.post(address, wanted | others).status_code == 303
    water.refresh_from_db()
    assert (water.opening_hours, water.telephone) == ("شنبه‌ها ۸ تا ۱۲", "۰۱۱-۵۵")
    assert (water.name, water.is_active) == (name, True)
    assert [membership.user for membership in water.memberships.all()] == [sara]
    for closed in (reverse("units:add"), reverse("units:delete", args=[water.pk])):
        assert browser.get(closed).status_code == 302
