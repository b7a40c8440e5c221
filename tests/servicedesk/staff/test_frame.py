"""What desk pages keep between requests never outlives its change."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.contrib.settings.registry import registry
from wagtail.users.models import UserProfile

from servicedesk.models import DeskSettings, Holiday
from servicedesk.page_generation import watched_tables

from .conftest import at, page_of

INBOX = "/admin/desk/"


@pytest.mark.django_db
def test_everything_that_is_kept_renews_the_mark():
    tables = {model._meta.db_table for model in registry}
    tables |= {"auth_group", "auth_group_permissions", "auth_permission", "servicedesk_user_groups"}
    tables |= {"servicedesk_user_user_permissions", "wagtailcore_grouppagepermission", "wagtailusers_userprofile"}
    tables |= {"wagtailcore_groupcollectionpermission", "servicedesk_holiday", "servicedesk_weeklyhours"}
    assert tables | {"servicedesk_closure"} <= watched_tables()


def test_a_permission_given_through_a_group_counts_at_the_next_click_and_so_does_its_end(
    signed_in, omid, letter, water
):
    browser = signed_in(omid)
    assert browser.get(at("letter", letter)).status_code == 404
    group = Group.objects.create(name="بازرس")
    group.permissions.add(Permission.objects.get(codename="audit_letters"))
    omid.groups.add(group)
    assert browser.get(at("letter", letter)).status_code == 200
    group.permissions.clear()
    assert browser.get(at("letter", letter)).status_code == 404


def test_whoever_loses_the_admin_is_out_at_the_next_click(signed_in, sara):
    browser = signed_in(sara)
    browser.get(INBOX), browser.get(INBOX)
    sara.user_permissions.clear()
    sara.groups.clear()
    assert browser.get(INBOX).status_code == 302


def test_another_language_is_spoken_at_the_next_click(signed_in, sara):
    browser = signed_in(sara)
    profile = UserProfile.get_for_user(sara)
    assert 'lang="fa"' in browser.get(INBOX).content.decode()
    profile.preferred_language = "en"
    profile.save()
    assert 'lang="en"' in browser.get(INBOX).content.decode()


def test_settings_and_working_days_are_those_of_now(signed_in, sara, letter):
    browser = signed_in(sara)
    type(letter).objects.filter(pk=letter.pk).update(submitted_at="2026-03-01T08:00:00Z")
    before = page_of(browser.get(INBOX))
    assert page_of(browser.get(INBOX)) == before
    Holiday.objects.create(date="2026-03-10", name="تعطیل")
    assert page_of(browser.get(INBOX)) != before
    rules = page_of(browser.get(at("letter", letter)))
    desk = DeskSettings.load()
    desk.body_file_kilobytes = 77
    desk.save()
    assert page_of(browser.get(at("letter", letter))) != rules


def test_people_do_not_get_each_others(signed_in, sara, omid, letter, admin_user):
    for person, status in ((sara, 200), (omid, 404), (admin_user, 200), (omid, 404), (sara, 200)):
        assert signed_in(person).get(at("letter", letter)).status_code == status
