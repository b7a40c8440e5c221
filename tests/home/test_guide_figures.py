"""The guide's figures of the system's own screens: which are shown, when one is replaced, what a double is told."""

import io
import json
import re

import pytest
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from PIL import Image as Pillow
from PIL import ImageDraw
from wagtail.images import get_image_model

from home.figures import album, likeness
from home.figures.screens import SCREENS
from home.models import GuidePage, MenuItem, ScreenPicture, SiteSettings
from home.seed.blocks import block, section, steps
from home.seed.screens import SHIPPED, put_shipped
from servicedesk.models import DeskSettings, ServicePage, Unit
from tests import factories
from tests.home.pictures import picture

pytestmark = pytest.mark.django_db


def webp(words="", mark=None, size=(720, 900), colour="#12395b"):
    """A picture of a screen: a line of words, and perhaps a box in it."""
    canvas = Pillow.new("RGB", size, "white")
    draw = ImageDraw.Draw(canvas)
    draw.text((40, 40), words, fill="#16202b", font_size=40)
    if mark:
        draw.rectangle(mark, fill=colour)
    file = io.BytesIO()
    canvas.save(file, "WEBP", quality=80)
    return file.getvalue()


def pictures_in(client, address="/guide/"):
    """[(source, alternative text)] of the figures."""
    page = client.get(address).content.decode()
    found = [re.search(r"<img[^>]*>", figure).group() for figure in re.findall(r"<figure.*?</figure>", page, re.S)]
    return [(re.search(r'src="([^"]*)"', tag).group(1), re.search(r'alt="([^"]*)"', tag).group(1)) for tag in found]


def screen_block(name, own=None, caption=""):
    shown = {"image": own.pk, "alt_text": "عکس ویراستار", "decorative": False} if own else None
    return block("screen", screen=name, picture=shown, caption=caption)


def test_shows_the_picture_of_the_screen_in_the_pages_language(client, guide, publish):
    album.put("sign-in", "fa", webp("fa"))
    album.put("sign-in", "en", webp("en"))
    english = GuidePage.objects.get(locale__language_code="en")
    for page in (guide, english):
        publish(page, sections=[section("S", "s", screen_block("sign-in"), steps(("A step", "", "sign-in")))])
    [(source, alt), (in_step, _alt)] = pictures_in(client)
    assert "sign-in-fa" in source
    assert source == in_step
    assert alt.startswith("فرم ورود روی گوشی")
    [(source, alt), _in_step] = pictures_in(client, "/en/guide/")
    assert "sign-in-en" in source
    assert alt.startswith("The sign-in form")


def test_a_screen_without_a_picture_leaves_no_hole(client, guide, publish):
    publish(guide, sections=[section("S", "s", screen_block("receipt", caption="رسید"), steps(("گام", "", "receipt")))])
    assert pictures_in(client) == []
    assert "<figcaption" not in client.get("/guide/").content.decode()


def test_an_editors_own_picture_takes_its_place_and_gives_it_back(client, guide, publish):
    album.put("sign-in", "fa", webp("fa"))
    publish(guide, sections=[section("S", "s", screen_block("sign-in", own=picture()))])
    [(source, alt)] = pictures_in(client)
    assert "sign-in-fa" not in source
    assert alt == "عکس ویراستار"
    assert album.put("sign-in", "fa", webp("another")) == "replaced"
    assert pictures_in(client) == [(source, alt)]
    publish(guide, sections=[section("S", "s", screen_block("sign-in"))])
    assert "sign-in-fa" in pictures_in(client)[0][0]


def test_a_picture_is_replaced_only_when_people_would_see_it(client, guide, publish):
    publish(guide, sections=[section("S", "s", screen_block("sign-in"))])
    assert album.put("sign-in", "fa", webp("Town of Avishan")) == "new"
    before, image = pictures_in(client), ScreenPicture.objects.get().image
    renditions = set(image.renditions.values_list("pk", flat=True))
    assert album.put("sign-in", "fa", webp("Town of Avishan")) == "same"
    assert set(image.renditions.values_list("pk", flat=True)) == renditions
    assert pictures_in(client) == before
    # One letter is another one.
    assert album.put("sign-in", "fa", webp("Town of Avishar")) == "replaced"
    assert pictures_in(client) != before  # Another address: browsers keep the old one for a year.
    assert ScreenPicture.objects.get().image == image
    assert get_image_model().objects.count() == 1


def test_what_is_another_one_at_each_look_is_no_news():
    codes = (100, 300, 400, 380)
    album.put("receipt", "fa", webp("Receipt", mark=codes))
    assert album.put("receipt", "fa", webp("Receipt"), restless=[codes]) == "same"
    assert album.put("receipt", "fa", webp("Receipt"), restless=[]) == "replaced"


def test_another_colour_of_the_same_brightness_is_news():
    album.put("receipt", "fa", webp("Receipt", mark=(100, 300, 400, 380), colour="#12395b"))
    assert album.put("receipt", "fa", webp("Receipt", mark=(100, 300, 400, 380), colour="#5a1230")) == "replaced"


def test_a_page_that_has_grown_is_news():
    album.put("receipt", "fa", webp("Receipt"))
    assert album.put("receipt", "fa", webp("Receipt", size=(720, 940))) == "replaced"


def test_fresh_pictures_are_no_change_of_the_guide(client, guide, publish):
    publish(guide, sections=[section("S", "s", screen_block("sign-in"))])
    revisions, published = guide.revisions.count(), guide.last_published_at
    album.put("sign-in", "fa", webp("one"))
    album.put("sign-in", "fa", webp("two"))
    guide.refresh_from_db()
    assert (guide.revisions.count(), guide.last_published_at) == (revisions, published)


def test_they_lie_in_a_collection_of_their_own_and_can_be_removed(client, guide, publish):
    publish(guide, sections=[section("S", "s", screen_block("sign-in"))])
    album.put("sign-in", "fa", webp("one"))
    image = ScreenPicture.objects.get().image
    assert image.collection.name == "عکس‌های سامانه"
    image.delete()
    assert pictures_in(client) == []
    assert album.put("sign-in", "fa", webp("one")) == "new"


def test_a_new_installation_has_figures_without_a_browser(client, filled):
    sources = [source for source, _alt in pictures_in(client)]
    assert len(sources) >= 8
    assert all("-fa-" in source for source in sources)
    assert all(alt for _source, alt in pictures_in(client))
    assert len(pictures_in(client, "/en/guide/")) == 4
    assert put_shipped() == 0
    assert sum(path.stat().st_size for path in SHIPPED.glob("*/*.webp")) < 800_000


def test_shipped_pictures_belong_to_the_register():
    assert {path.stem for path in SHIPPED.glob("*/*.webp")} <= set(SCREENS)


@pytest.fixture
def dressed(service):
    """A site that has been made somebody's."""
    desk = DeskSettings.load()
    desk.organisation_name, desk.body_file_kilobytes = "سازمان آزمون", 640
    desk.alarm_addresses, desk.general_service = "canary@example.ir", service
    desk.save()
    site = SiteSettings.load()
    site.colour, site.logo = "#5a1230", picture()
    site.save()
    MenuItem.objects.create(settings=site, destination="track", language="fa", sort_order=1)


def told():
    return json.dumps(likeness.take(), cls=DjangoJSONEncoder, ensure_ascii=False)


def test_a_double_is_told_nothing_about_people(dressed, leila, water, service):
    factories.make_letter(leila, water, service=service, subject="موضوعِ-قناری", sender_name="نامِ-قناری")
    assert "سازمان آزمون" in told()
    for secret in ("قناری", "canary", leila.mobile.removeprefix("+98")):
        assert secret not in told()


def test_a_double_looks_like_the_site(dressed, water, service):
    of_the_site = told()
    DeskSettings.objects.update(organisation_name="دیگری", body_file_kilobytes=1024, alarm_addresses="")
    SiteSettings.objects.update(colour="#12395b", logo=None)
    MenuItem.objects.all().delete()
    ServicePage.objects.update(title="دیگری")
    Unit.objects.update(name="واحد دیگر")
    likeness.wear(json.loads(of_the_site))
    desk, site = DeskSettings.load(), SiteSettings.load()
    assert (desk.organisation_name, desk.body_file_kilobytes, desk.alarm_addresses) == ("سازمان آزمون", 640, "")
    assert site.colour == "#5a1230"
    assert site.logo.get_file_hash() == picture().get_file_hash()
    assert [item.label for item in site.menu_items.filter(language="fa")] == ["پیگیری"]
    assert list(Unit.objects.values_list("name", flat=True)) == ["آب و فاضلاب"]
    assert desk.general_service.title == service.title


@pytest.mark.needs("chromium")
def test_one_command_renews_what_has_changed_and_leaves_the_rest(filled, capsys):
    """The whole way: a double is started, dressed like this site, photographed, and ended."""
    desk = DeskSettings.load()
    desk.organisation_name, desk.body_file_kilobytes, desk.body_file_kinds = "سازمان آزمون", 640, ["pdf"]
    desk.save()
    before = dict(ScreenPicture.objects.filter(language="fa").values_list("screen", "image__file_hash"))
    call_command("refresh_figures", "--language", "fa")
    lines = capsys.readouterr().out.splitlines()
    told = {line.split()[1]: line.split()[0] for line in lines if line.endswith("(fa)")}
    assert set(told) == set(SCREENS)
    # The name stands in the page's head, the limit beside the file; the box for the code shows neither.
    assert told["sign-in"] == told["form-file"] == "replaced"
    assert {name: told[name] for name in ("code", "letters", "receipt")} == dict.fromkeys(
        ("code", "letters", "receipt"), "same"
    )
    assert told["home"] == told["form-wide"] == "new"
    after = dict(ScreenPicture.objects.filter(language="fa").values_list("screen", "image__file_hash"))
    assert {name for name in before if after[name] == before[name]} == {n for n, what in told.items() if what == "same"}
