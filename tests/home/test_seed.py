"""`manage.py seed`: a made-up municipality, once, and never over what people changed."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import connection
from django.utils.html import escape
from wagtail.fields import StreamField
from wagtail.models import Page

from home.models import HomePage
from home.seed import offers, pages, units
from home.seed.people import PEOPLE
from servicedesk.models import DeskSettings, ServicePage, Unit, UnitMembership, User

pytestmark = pytest.mark.django_db


def everything():
    """Every row of every table."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(map(str, cursor.fetchall()))
    return rows


def test_second_time_changes_nothing(seed, capsys):
    seed()
    assert "Seeded" in capsys.readouterr().out
    before = everything()
    seed()
    changed = [table for table, rows in everything().items() if rows != before[table]]
    assert changed == []
    assert capsys.readouterr().out == ""


def test_keeps_what_people_changed(seed, publish):
    seed()
    publish(HomePage.objects.get(slug="home"), title="نام خودمان")
    DeskSettings.objects.update(organisation_name="شهرداری دیگر")
    Unit.objects.filter(name__startswith="درآمد").delete()
    User.objects.get(username="clerk-2").delete()
    Page.objects.filter(slug="about").delete()
    seed()
    assert HomePage.objects.get(slug="home").title == "نام خودمان"
    assert DeskSettings.load().organisation_name == "شهرداری دیگر"
    assert Unit.objects.count() == 5
    assert not User.objects.filter(username="clerk-2").exists()
    assert not Page.objects.filter(slug="about").exists()


def test_every_page_has_its_counterpart_in_the_other_language(seeded):
    alone = [page.url_path for page in Page.objects.live().filter(depth__gt=1) if not page.get_translations().live()]
    assert alone == []


def test_the_english_contact_page_tells_of_each_unit_in_english(seeded, client):
    page = client.get("/en/contact/").content.decode()
    for unit in Unit.objects.all():
        for name in ("name", "description", "address", "opening_hours"):
            assert escape(getattr(unit, f"{name}_en")) in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert not re.search("[آ-ی]", main)


def test_keeps_a_home_page_that_was_edited_before_the_first_time(seed, publish, home):
    publish(home, title="نام خودمان")
    seed()
    assert HomePage.objects.get(slug="home").title == "نام خودمان"


def test_passwords_come_from_the_environment_unprinted(seed, client, capsys):
    seed()
    assert "password" not in capsys.readouterr().out
    for person in PEOPLE:
        assert client.login(username=person.username, password=f"given-{person.username}-password")


def test_password_that_nobody_gave_is_random_and_shown_once(seed, client, capsys, caplog, monkeypatch):
    monkeypatch.delenv("SEED_PASSWORD_EDITOR")
    seed()
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("editor: ")]
    password = line.removeprefix("editor: ")
    assert len(password) >= 12
    assert client.login(username="editor", password=password)
    assert password not in caplog.text


def test_clerks_belong_to_a_unit_each_and_speak_persian(seeded):
    units = [UnitMembership.objects.get(user__username=name).unit for name in ("clerk-1", "clerk-2")]
    assert units[0] != units[1]
    profile = User.objects.get(username="clerk-1").wagtail_userprofile
    assert (profile.preferred_language, profile.current_time_zone) == ("fa", "Asia/Tehran")


def test_editor_changes_pages_and_limits_and_no_people(seeded, signed_in):
    browser = signed_in(User.objects.get(username="editor"))
    home = HomePage.objects.get(slug="home")
    assert browser.get(f"/admin/pages/{home.pk}/edit/").status_code == 200
    assert home.permissions_for_user(User.objects.get(username="reviewer")).can_publish()
    assert browser.get("/admin/settings/servicedesk/desksettings/", follow=True).status_code == 200
    assert browser.get("/admin/users/").status_code == 302
    assert browser.get("/admin/images/").status_code == 200


def test_the_town_has_somebody_for_each_role_of_the_desk(seeded, signed_in):
    water = Unit.objects.get(name=units.WATER)
    roles = dict(water.memberships.values_list("user__username", "role"))
    assert roles == {"clerk-1": "clerk", "head": "head", "approver": "approver", "reader": "reader"}
    registrar, auditor = (User.objects.get(username=name) for name in ("registrar", "auditor"))
    assert registrar.get_all_permissions() == {"wagtailadmin.access_admin", "servicedesk.keep_registry"}
    assert auditor.get_all_permissions() == {"wagtailadmin.access_admin", "servicedesk.audit_letters"}


def test_a_town_from_before_the_roles_gets_those_whom_nobody_replaces(seed):
    seed()
    Group.objects.get(name="دبیرخانه").user_set.set([User.objects.get(username="clerk-2")])
    names = ["head", "approver", "registrar", "auditor"]
    User.objects.filter(username__in=names).delete()
    UnitMembership.objects.filter(user__username="clerk-2").update(role="approver")
    seed()
    assert set(User.objects.filter(username__in=names).values_list("username", flat=True)) == {"head", "auditor"}
    assert UnitMembership.objects.get(user__username="head").role == "head"


def test_clerk_has_the_door_and_no_pages(seeded, signed_in):
    clerk = User.objects.get(username="clerk-1")
    assert clerk.get_all_permissions() == {"wagtailadmin.access_admin"}
    assert signed_in(clerk).get("/admin/settings/servicedesk/desksettings/", follow=True).redirect_chain


def test_groups_have_persian_names(seeded):
    assert set(Group.objects.values_list("name", flat=True)) == {"ویراستار", "ناظر", "کارشناس", "دبیرخانه", "بازرس"}


def test_editor_could_save_each_page_as_it_is(seeded):
    """What the seed writes passes the same checks as what an editor types."""
    for page in Page.objects.live().filter(depth__gt=1).specific():
        page.full_clean()
        for field in page._meta.get_fields():
            if isinstance(field, StreamField):
                field.stream_block.clean(getattr(page, field.name))


def test_address_follows_the_operator(seed, settings, client):
    seed()
    settings.PUBLIC_URL = "https://desk.example.ir"
    seed("--on-public-server")
    assert HomePage.objects.get(slug="home").full_url == "https://desk.example.ir/"


def test_public_server_is_left_alone(seed, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="PUBLIC_URL"):
        seed()
    assert not User.objects.exists()


def test_failure_leaves_nothing_half_done(seed, monkeypatch):
    monkeypatch.setattr(pages.accessibility_fa, "TITLE", "")
    with pytest.raises(ValidationError):
        seed()
    assert not Unit.objects.exists()
    assert not User.objects.exists()


def test_the_ready_services_are_published_in_both_languages_by_the_same_ids(seeded):
    for name, offer in offers.OFFERS.items():
        persian, english = (
            ServicePage.objects.live().get(slug=name, locale__language_code=code) for code in ("fa", "en")
        )
        assert english in persian.get_translations()
        assert [asked.id for asked in persian.outline().questions] == [
            asked.id for asked in english.outline().questions
        ]
        for page in (persian, english):
            assert {unit.name for unit in page.units.all()} == set(offer.units)
            assert page.missing_from_sheet() == []


def test_what_is_to_be_seen_decides_who_comes(seeded, leila, signed_in):
    visit = ServicePage.objects.get(slug="visit", locale__language_code="en")
    assert visit.form_problems() == []
    asked = visit.outline().questions[0]
    names = [visit_unit(visit.outline(), asked, choice) for choice, _words in asked.options["choices"]]
    assert names == [units.LIGHTS, units.LIGHTS, units.PARKS, units.BUILDINGS, units.WATER, units.BUILDINGS]
    assert 'name="unit"' not in signed_in(leila).get("/desk/letters/new/?service=visit").content.decode()


def visit_unit(outline, asked, choice):
    found = next(route.unit for route in outline.routes if route.condition.holds({asked.id: choice}))
    return Unit.objects.get(pk=found).name


def test_a_desk_with_units_of_its_own_lets_citizens_choose(seed):
    Unit.objects.create(name="دبیرخانه")
    seed()
    visit = ServicePage.objects.get(slug="visit", locale__language_code="fa")
    assert len(visit.routing) == 0
    assert [unit.name for unit in visit.receiving_units()] == ["دبیرخانه"]
