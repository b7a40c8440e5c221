"""What editors change about the site as a whole, seen by visitors: menus, foot, colour, logo."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import sync_playwright
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from home import pictures
from home.colours import DARK_PAPER, DEFAULT_COLOUR, WHITE, contrast, palette
from home.models import ContentPage, MenuItem, SiteSettings
from home.theme import style
from servicedesk.models import DeskSettings
from tests.journey.browser import open_browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SiteSettings.load()


def add(site, **values):
    item = MenuItem(settings=site, sort_order=site.menu_items.count(), **values)
    item.full_clean()
    item.save()
    return item


def menu(client, address="/", part="site-nav"):
    """[(address, words)] of the main menu, or of the foot."""
    page = client.get(address).content.decode()
    place = page.partition('class="site-nav"')[2] if part == "site-nav" else page.partition("<footer")[2]
    return re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', place.partition("</nav>")[0])


def test_menu_leads_to_pages_and_places_in_both_languages(client, site, guide):
    add(site, page=guide)
    add(site, destination="track")
    add(site, url="https://example.ir/", label="درگاه", language="fa")
    assert menu(client) == [
        ("/guide/", "راهنما"),
        ("/desk/track/", "پیگیری"),
        ("https://example.ir/", "درگاه"),
    ]
    assert menu(client, "/en/") == [("/en/guide/", "Guide"), ("/en/desk/track/", "Tracking")]


def test_a_page_that_is_no_longer_live_leaves_the_menu(client, site, home):
    page = home.add_child(instance=ContentPage(title="گذرا", slug="passing"))
    add(site, page=page, place="foot")
    add(site, destination="desk", place="foot")
    assert ("/passing/", "گذرا") in menu(client, part="foot")
    page.unpublish()
    assert menu(client, part="foot") == [("/desk/", "پیشخوان")]


def test_without_entries_the_menu_is_the_usual_one(client, site):
    assert [words for _address, words in menu(client)] == ["صفحه نخست", "راهنما", "پیشخوان", "پیگیری"]


@pytest.mark.parametrize(
    "values",
    [{}, {"destination": "desk", "url": "https://example.ir/"}, {"url": "https://example.ir/"}],
    ids=["nothing chosen", "two chosen", "no words"],
)
def test_an_entry_that_leads_nowhere_is_refused(site, values):
    with pytest.raises(ValidationError):
        add(site, **values)


def test_foot_tells_how_to_reach_the_organisation_in_both_languages(client, site):
    site.address, site.address_en = "خیابان نخست", "First Street"
    site.footer_text, site.opening_hours_en = "همهٔ حقوق محفوظ", "Mornings"
    site.save()
    desk = DeskSettings.load()
    desk.organisation_name, desk.organisation_name_en = "شهرداری", "The Town"
    desk.save()
    persian, english = (client.get(address).content.decode() for address in ("/", "/en/"))
    assert "خیابان نخست" in persian
    assert "First Street" in english
    assert "خیابان نخست" not in english
    # What has no English counterpart is shown as it is, rather than left out.
    assert '<span lang="fa" dir="rtl">همهٔ حقوق محفوظ</span>' in english
    # And what is there in English alone.
    assert "Mornings" in english
    assert "Mornings" not in persian
    assert "– شهرداری</title>" in persian
    assert "– The Town</title>" in english


def test_another_colour_is_one_small_style_sheet(client, site):
    assert "/theme-" not in client.get("/").content.decode()
    site.colour = "#5b1245"
    site.save()
    for address in ("/", "/desk/sign-in/"):
        [link] = re.findall(r'href="(/theme-[0-9a-f]+\.css)"', client.get(address).content.decode())
    sheet = client.get(link)
    assert sheet["Content-Type"].startswith("text/css")
    assert "immutable" in sheet["Cache-Control"]
    assert "--lapis:#5b1245" in sheet.content.decode()


def test_an_old_address_of_the_colour_is_answered_but_not_kept(client, site):
    answer = client.get("/theme-000000000000.css")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("colour", ["#0b5c3a", "#5b1245", "#000000", "#3a2b00", "#004b59"])
def test_every_allowed_colour_can_be_read_in_light_and_dark(site, colour):
    site.colour = colour
    site.full_clean()
    light, dark = palette(colour)
    assert contrast(light["lapis"], WHITE) >= 7
    assert contrast(dark["lapis"], DARK_PAPER) >= 7
    # The words on a button.
    assert contrast(light["lapis-deep"], WHITE) >= 7
    assert contrast(dark["on-lapis"], dark["lapis"]) >= 7
    assert contrast(dark["on-lapis"], dark["lapis-deep"]) >= 7


@pytest.mark.parametrize("colour", ["#0b5cab", "#ffffff", "red", "#12395", "#12395b;}", ""])
def test_a_colour_that_cannot_be_read_is_refused(site, colour):
    site.colour = colour
    with pytest.raises(ValidationError):
        site.full_clean()


def test_the_first_colour_is_the_one_of_the_style_sheet():
    assert contrast(DEFAULT_COLOUR, WHITE) == pytest.approx(11.9, abs=0.1)


def test_the_logo_stands_in_the_head_of_every_page(client, site):
    site.logo = get_image_model().objects.create(title="نشان", file=get_test_image_file())
    site.save()
    pictures.make(site.logo.pk)
    for address in ("/", "/desk/sign-in/"):
        assert re.search(r'class="brand"[^>]*><img [^>]*alt=""', client.get(address).content.decode())


def test_an_editor_changes_menus_and_colour_in_the_admin(signed_in, editor, site, django_user_model):
    editor.is_superuser = True
    editor.save()
    browser = signed_in(editor)
    address = f"/admin/settings/home/sitesettings/{site.pk}/"
    values = {
        "colour": "#004b59",
        "menu_items-TOTAL_FORMS": 1,
        "menu_items-INITIAL_FORMS": 0,
        "menu_items-0-place": "main",
        "menu_items-0-destination": "desk",
        "menu_items-0-label": "پیشخوان",
        "menu_items-0-ORDER": 1,
    }
    answer = browser.post(address, values)
    assert answer.status_code in (302, 303), answer.context["form"].errors
    assert menu(browser) == [("/desk/", "پیشخوان")]
    refused = browser.post(address, {**values, "colour": "#ffff00"})
    assert "تضاد آن با سفید" in refused.content.decode()


def test_queries_do_not_grow_with_the_menu(client, site, home):
    def look(address):
        client.get(address)  # Adding pages cleared Wagtail's cache of addresses.
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    first = home.add_child(instance=ContentPage(title="یک", slug="one"))
    add(site, page=first)
    add(site, page=first, place="foot")
    before = look("/desk/track/")
    for number in range(5):
        page = home.add_child(instance=ContentPage(title=f"صفحه {number}", slug=f"page-{number}"))
        add(site, page=page)
        add(site, page=page, place="foot")
    assert look("/desk/track/") <= before


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("scheme", "place"), [("light", 0), ("dark", 1)])
def test_a_browser_takes_the_lighter_colour_on_dark_screens(scheme, place):
    colour = "#5b1245"
    sheet = (django_settings.BASE_DIR / "site/static/css/desk.css").read_text() + style(colour)
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        page = browser.new_page(color_scheme=scheme)
        page.set_content(f"<style>{sheet}</style>")
        found = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--lapis')")
    assert found.strip() == palette(colour)[place]["lapis"]
