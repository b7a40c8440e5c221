"""A new installation, migrated and not seeded: the site works before anybody has opened the admin."""

import pytest
from wagtail.models import Page, Site

from servicedesk.models import DeskSettings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/guide/", "/general-letter/", "/en/", "/en/guide/"])
def test_page_is_there(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1


def test_tree_is_whole():
    """Treebeard's own check: no wrong paths, depths, counts of children, orphans."""
    assert not any(Page.find_problems())


def test_general_letter_can_be_started_once_there_is_a_unit(client, water):
    page = DeskSettings.load().general_service
    assert page.slug == "general-letter"
    assert page.start_url in client.get("/general-letter/").content.decode()


def test_address_of_the_site_is_the_public_one(settings):
    assert Site.objects.get(is_default_site=True).root_url == settings.PUBLIC_URL


def test_welcome_page_of_wagtail_is_gone():
    assert not Page.objects.filter(title__startswith="Welcome").exists()
