"""`manage.py make_groups`: a new installation, or one from before, gets its editors, reviewers and clerks at one go."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from home.models import HomePage
from tests import factories

pytestmark = pytest.mark.django_db
BANNERS, SITE = "/admin/banners/", "/admin/settings/home/sitesettings/"


def member_of(name):
    person = factories.make_staff(f"of-{name}")
    person.groups.add(Group.objects.get(name=name))
    return person


def test_an_installation_without_the_seed_has_everybody_it_needs(signed_in, capsys):
    call_command("make_groups")
    assert capsys.readouterr().out == "Groups: ویراستار, ناظر, کارشناس\n"
    assert set(Group.objects.values_list("name", flat=True)) == {"ویراستار", "ناظر", "کارشناس"}
    editor, reviewer, clerk = (member_of(name) for name in ("ویراستار", "ناظر", "کارشناس"))
    home = HomePage.objects.get(slug="home")
    for person, publishes in ((editor, False), (reviewer, True)):
        rights = home.permissions_for_user(person)
        assert (rights.can_edit(), rights.can_publish()) == (True, publishes)
        browser = signed_in(person)
        assert [browser.get(address, follow=True).status_code for address in (BANNERS, SITE)] == [200, 200]
    assert signed_in(clerk).get("/admin/").status_code == 200
    assert not home.permissions_for_user(clerk).can_edit()


def test_after_an_upgrade_editors_get_the_new_rights_and_lose_none(signed_in):
    call_command("make_groups")
    editor = member_of("ویراستار")
    group = editor.groups.get()
    group.permissions.remove(*Permission.objects.filter(content_type__app_label="home"))
    group.permissions.add(Permission.objects.get(codename="add_unit"))
    assert signed_in(editor).get(SITE).status_code == 302
    call_command("make_groups")
    assert signed_in(editor).get(SITE, follow=True).status_code == 200
    assert group.permissions.filter(codename="add_unit").exists()
