"""What editors may change, and what would destroy letters or cost money and is left to superusers."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from home.groups import EDITORS, make_groups
from servicedesk.models import Letter, ServicePage
from tests import factories

pytestmark = pytest.mark.django_db
SETTINGS = "/admin/settings/servicedesk/desksettings/"


@pytest.fixture
def seeds_editor(editor):
    make_groups()
    editor.groups.add(Group.objects.get(name=EDITORS))
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
