"""`manage.py make_groups`: a new installation, or one from before, gets its editors, reviewers and clerks at one go."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from home.models import HomePage
from servicedesk.models import Rights
from servicedesk.roles import Act
from tests import factories

pytestmark = pytest.mark.django_db
BANNERS, SITE = "/admin/banners/", "/admin/settings/home/sitesettings/"


def member_of(name):
    person = factories.make_staff(f"of-{name}")
    person.groups.add(Group.objects.get(name=name))
    return person


def opens(person, address, signed_in):
    """Whether the screen comes; whoever may not see it is led to the first one."""
    answer = signed_in(person).get(address, follow=True)
    return answer.status_code == 200 and answer.request["PATH_INFO"].startswith(address)


def test_an_installation_without_the_seed_has_everybody_it_needs(signed_in, capsys):
    call_command("make_groups")
    assert capsys.readouterr().out == "Groups: ویراستار, ناظر, کارشناس, دبیرخانه, بازرس\n"
    names = ["ویراستار", "ناظر", "کارشناس", "دبیرخانه", "بازرس"]
    assert set(Group.objects.values_list("name", flat=True)) == set(names)
    editor, reviewer, clerk, registrar, auditor = (member_of(name) for name in names)
    home = HomePage.objects.get(slug="home")
    for person, publishes in ((editor, False), (reviewer, True)):
        rights = home.permissions_for_user(person)
        assert (rights.can_edit(), rights.can_publish()) == (True, publishes)
        assert opens(person, BANNERS, signed_in)
        assert opens(person, SITE, signed_in)
    assert opens(clerk, "/admin/", signed_in)
    assert not opens(clerk, BANNERS, signed_in)
    assert not home.permissions_for_user(clerk).can_edit()
    assert not Rights(clerk).everywhere
    assert Rights(registrar).may(Act.NUMBER)
    assert not Rights(registrar).may(Act.ANSWER)
    assert Rights(auditor).everywhere == {Act.READ}


def test_after_an_upgrade_editors_get_the_new_rights_and_lose_none(signed_in):
    call_command("make_groups")
    editor = member_of("ویراستار")
    group = editor.groups.get()
    group.permissions.remove(*Permission.objects.filter(content_type__app_label="home"))
    group.permissions.add(Permission.objects.get(codename="add_unit"))
    assert not opens(editor, SITE, signed_in)
    call_command("make_groups")
    assert opens(editor, SITE, signed_in)
    assert group.permissions.filter(codename="add_unit").exists()
