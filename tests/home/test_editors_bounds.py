"""What editors may change, and what would destroy letters or cost money and is left to superusers."""

import json
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse

from home.groups import EDITORS, REVIEWERS, WAGTAIL_NAMES, make_groups
from home.models import ContentPage, GuidePage
from home.models.site_settings import MenuItem
from servicedesk.models import DeskSettings, Letter, ServicePage
from tests import factories
from tests.access_addresses import address_of, routes
from tests.access_scene import SECRETS
from tests.test_access import ask

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


# --- What an editor and a reviewer of the seed try, by the addresses ---------------------------------------

CLOSED = [
    "users/",
    "users/new/",
    "groups/",
    "groups/new/",
    "sites/",
    "workflows/list/",
    "workflows/tasks/index/",
    "workflows/add/",
    "units/new/",
    "removals/",
    "desk/messages/",
    "desk/exports/",
    "desk/gateways/",
    "second-factor/staff/",
]


@pytest.fixture(params=[EDITORS, REVIEWERS])
def of_the_seed(request):
    make_groups()
    somebody = factories.make_staff(f"one-{WAGTAIL_NAMES[request.param]}")
    somebody.groups.add(Group.objects.get(name=request.param))
    return somebody


@pytest.mark.parametrize("place", CLOSED)
def test_what_belongs_to_administrators_and_clerks_is_closed(signed_in, of_the_seed, admin_user, place):
    assert signed_in(admin_user).get(f"/admin/{place}").status_code == 200
    browser = signed_in(of_the_seed)
    for method in (browser.get, browser.post):
        assert method(f"/admin/{place}").status_code in (302, 303, 403, 404, 405)


def test_no_address_of_the_admin_tells_a_writer_of_a_letter(signed_in, of_the_seed, leila, water, sara, service):
    words = {"subject": SECRETS["subject"], "sender_name": SECRETS["name"], "service": service}
    letter = factories.make_answered_letter(leila, water, sara, text=SECRETS["answer"], **words)
    letter.note(by=sara, text=SECRETS["note"])
    browser = signed_in(of_the_seed)
    browser.raise_request_exception = False
    names, told, looked_at = [*SECRETS.values(), leila.mobile], [], 0
    for route in routes():
        if not route.startswith(settings.ADMIN_PATH):
            continue
        status, body = ask(browser, "get", address_of(route, letter, "", ""))
        looked_at += status == 200
        told += [(route, name) for name in names if name in body.decode(errors="replace")]
    assert told == []
    assert looked_at > 30
    inbox = browser.get("/admin/desk/", {"q": SECRETS["subject"]})
    assert letter.reference not in inbox.content.decode()


def test_what_the_form_does_not_show_is_not_taken_from_a_post(signed_in, of_the_seed):
    before = DeskSettings.load()
    values = {
        "organisation_name": "نام تازه",
        "body_file_kilobytes": 2048,
        "body_file_kinds": ["png"],
        "text_length": 200,
        "sms_budget_minute": 99_999,
        "sms_budget_day": 9_999_999,
        "alarm_addresses": "evil@example.ir",
    }
    signed_in(of_the_seed).post(f"{SETTINGS}{before.pk}/", values)
    after = DeskSettings.objects.get()
    assert after.organisation_name == "نام تازه"
    for name in ("sms_budget_minute", "sms_budget_day", "alarm_addresses"):
        assert getattr(after, name) == getattr(before, name), name


PAST_THE_REVIEW = {
    "unpublish": lambda page: (reverse("wagtailadmin_pages:unpublish", args=[page.pk]), {}),
    "delete": lambda page: (reverse("wagtailadmin_pages:delete", args=[page.pk]), {}),
    "move": lambda page: (
        reverse("wagtailadmin_pages:move_confirm", args=[page.pk, GuidePage.objects.first().get_parent().pk]),
        {},
    ),
    "privacy": lambda page: (
        reverse("wagtailadmin_pages:set_privacy", args=[page.pk]),
        {"restriction_type": "password", "password": "mine"},
    ),
    "copy": lambda page: (
        reverse("wagtailadmin_pages:copy", args=[page.pk]),
        {
            "new_title": "رونوشت",
            "new_slug": "copied",
            "new_parent_page": page.get_parent().pk,
            "publish_copies": "on",
        },
    ),
    "bulk publish": lambda page: (
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={page.pk}",
        {},
    ),
    "bulk unpublish": lambda page: (
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"]) + f"?id={page.pk}",
        {},
    ),
    "bulk delete": lambda page: (
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={page.pk}",
        {},
    ),
}


@pytest.mark.parametrize("way", PAST_THE_REVIEW)
def test_an_editor_finds_no_way_past_the_review(client, signed_in, seeds_editor, home, way):
    page = home.add_child(instance=ContentPage(title="صفحه", slug="page"))
    page.save_revision().publish()
    page.title = "پیش‌نویس"
    page.save_revision()
    url, data = PAST_THE_REVIEW[way](page)
    signed_in(seeds_editor).post(url, data)
    answer = client.get("/page/")
    assert answer.status_code == 200
    assert "پیش‌نویس" not in answer.content.decode()
    assert 'type="password"' not in answer.content.decode()
    assert client.get("/copied/").status_code == 404


def test_the_ways_past_the_review_are_ways(client, signed_in, admin_user, home):
    """The same posts by somebody who may: else the test above would prove nothing."""
    for number, way in enumerate(PAST_THE_REVIEW):
        home.refresh_from_db()
        page = home.add_child(instance=ContentPage(title="صفحه", slug=f"page-{number}"))
        page.save_revision().publish()
        page.title = "پیش‌نویس"
        page.save_revision()
        url, data = PAST_THE_REVIEW[way](page)
        before = client.get(f"/page-{number}/").content, client.get("/copied/").status_code
        signed_in(admin_user).post(url, data)
        if way != "move":  # It stays where it was.
            assert (client.get(f"/page-{number}/").content, client.get("/copied/").status_code) != before, way


SCRIPTS = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", " javascript:alert(1)"]


@pytest.mark.parametrize("url", SCRIPTS)
def test_no_link_of_an_editor_runs_a_script(client, signed_in, seeds_editor, home, url):
    """In running text, past the editor's own dialog; in the menu; in a redirect."""
    draft = {
        "blocks": [
            {
                "key": "aaaaa",
                "text": "اینجا",
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [{"offset": 0, "length": 5, "key": 0}],
            }
        ],
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": url}}},
    }
    block = ContentPage._meta.get_field("body").stream_block.child_blocks["text"]
    text = block.child_blocks["text"].field.widget.value_from_datadict({"t": json.dumps(draft)}, {}, "t")
    page = ContentPage(title="صفحه", slug="page", body=[{"type": "text", "value": {"heading": "", "text": text}}])
    home.add_child(instance=page)
    answer = client.get("/page/").content.decode()
    assert "اینجا" in answer
    assert not re.search(r'href="\s*(javascript|data|vbscript)', answer, re.IGNORECASE)
    with pytest.raises(ValidationError):
        MenuItem(url=url, label="اینجا").full_clean(exclude=["settings"])
    signed_in(seeds_editor).post(reverse("wagtailredirects:add"), {"old_path": "/old/", "redirect_link": url})
    assert client.get("/old/").status_code in (400, 404)


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
    texts = ("address", "opening_hours", "description", "name_en", "address_en", "opening_hours_en", "description_en")
    for name in (*texts, "telephone", "is_public"):
        assert f'name="{name}"' in form
    for name in ("name", "is_active", "memberships-TOTAL_FORMS"):
        assert f'name="{name}"' not in form
    hours, number = "شنبه‌ها ۸ تا ۱۲", "۰۱۱-۵۵"
    wanted = {"name_en": "Water", "telephone": number, "opening_hours": hours, "is_public": "on"}
    wanted = dict.fromkeys(texts, "") | wanted
    name = water.name
    others = {
        "name": "واحدی دیگر",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 0,
        "memberships-0-user": seeds_editor.pk,
    }
    assert browser.post(address, wanted | others).status_code == 303
    water.refresh_from_db()
    assert (water.opening_hours, water.telephone, water.name_en) == (hours, number, "Water")
    assert (water.name, water.is_active) == (name, True)
    assert [membership.user for membership in water.memberships.all()] == [sara]
    for closed in (reverse("units:add"), reverse("units:delete", args=[water.pk])):
        assert browser.get(closed).status_code == 302
