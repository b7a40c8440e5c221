"""The help inside the admin: short pages for everybody who works there, in the language they read."""

import re

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from servicedesk.models.rights import AUDITOR
from servicedesk.staff.help.topics import TOPICS
from tests.access_scene import allow
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
PERSIAN = re.compile("[\u0600-\u06ff]+")
# Names of people, units and the organisation stay Persian; so do languages in their own script.
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)


@pytest.mark.parametrize("who", ["sara", "editor", "admin_user"])
def test_everybody_in_the_admin_finds_the_help(who, request, signed_in):
    browser = signed_in(request.getfixturevalue(who))
    assert "own-help" in browser.get("/admin/").content.decode()
    index = browser.get("/admin/help/").content.decode()
    for topic in TOPICS:
        assert reverse("help:topic", args=[topic.slug]) in index


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_a_page_of_the_help_and_the_screens_it_leads_to(topic, admin_user, signed_in):
    browser = signed_in(admin_user)
    page = browser.get(reverse("help:topic", args=[topic.slug]))
    assert page.status_code == 200
    assert str(topic.title) in page.content.decode()
    for screen in topic.screens:
        address = reverse(screen.view, args=screen.arguments)
        assert f'href="{address}"' in page.content.decode()
        assert browser.get(address, follow=True).status_code == 200


@pytest.mark.parametrize(("who", "is_led"), [("editor", False), ("auditor", False), ("sara", True)])
def test_the_saved_texts_are_linked_for_those_only_who_answer(who, is_led, request, signed_in):
    if who == "auditor":
        person = make_staff("auditor")
        allow(person, AUDITOR)
    else:
        person = request.getfixturevalue(who)
    browser, texts = signed_in(person), reverse("staff:saved-texts")
    for address in ("/admin/help/many-letters/", "/admin/desk/"):
        assert (f'href="{texts}"' in browser.get(address).content.decode()) == is_led, address
    assert browser.get(texts).status_code == (200 if is_led else 403)


def test_an_unknown_page_is_not_found(admin_user, signed_in):
    assert signed_in(admin_user).get("/admin/help/nothing/").status_code == 404


def test_strangers_and_citizens_do_not_get_in(client, leila, signed_in):
    for browser in (client, signed_in(leila)):
        assert "/admin/login/" in browser.get("/admin/help/")["Location"]


@pytest.mark.parametrize("address", ["/admin/help/", *(f"/admin/help/{topic.slug}/" for topic in TOPICS)])
def test_in_english_nothing_of_it_is_persian(address, admin_user, signed_in):
    UserProfile.objects.create(user=admin_user, preferred_language="en")
    page = signed_in(admin_user).get(address).content.decode()
    assert '<html lang="en"' in page
    assert PERSIAN.findall(MAIN.search(page).group()) == []
