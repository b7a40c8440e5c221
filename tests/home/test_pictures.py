"""Pictures: several formats and sizes, made by workers, with words for those who cannot see them."""

import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo
from redis import Redis
from wagtail.images import get_image_model
from wagtail.models import Collection

from home import pictures
from home.models import NewsPage, SiteSettings
from home.tasks import make_pictures

pytestmark = pytest.mark.django_db
Picture = get_image_model()


def content(kind, size=(1400, 800)):
    file = io.BytesIO()
    Pillow.new("RGB", size, "teal").save(file, kind)
    return file.getvalue()


def upload(browser, name, kind, description="رودخانه‌ای میان دو تپه", size=(1400, 800)):
    file = SimpleUploadedFile(name, content(kind, size))
    values = {"title": "رود", "description": description, "file": file, "tags": ""}
    # Asked for as soon as there are two, as on a seeded site.
    values["collection"] = Collection.get_first_root_node().pk
    return browser.post(reverse("wagtailimages:add"), values)


@pytest.fixture
def browser(signed_in, admin_user):
    return signed_in(admin_user)


def entry_with(image, words="پل تازه"):
    page = NewsPage.objects.get(slug="footbridge", locale__language_code="fa")
    block = {"type": "picture", "value": {"image": image.pk, "decorative": False, "alt_text": words}}
    page.picture = [("picture", page.picture.stream_block.child_blocks["picture"].to_python(block["value"]))]
    page.save_revision().publish()
    return page


def test_an_upload_says_what_it_shows(browser):
    answer = upload(browser, "river.jpg", "JPEG", description="")
    assert "با واژه بگویید تصویر چه نشان می‌دهد" in answer.content.decode()
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("name", "body"),
    [("sign.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), ("a.gif", None)],
)
def test_what_may_hold_scripts_or_moves_is_refused(browser, name, body):
    file = SimpleUploadedFile(name, body or content("GIF", (20, 20)))
    browser.post(reverse("wagtailimages:add"), {"title": "x", "description": "x", "file": file, "tags": ""})
    assert not Picture.objects.exists()


def test_a_picture_of_too_many_points_is_refused(browser, settings):
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 500_000
    upload(browser, "river.png", "PNG")
    assert not Picture.objects.exists()


def photograph(kind):
    """A photograph of a telephone: it lies on its side, and says where it was taken and by whom."""
    exif = Pillow.Exif()
    exif[0x0112], exif[0x013B] = 6, "CANARY"
    exif[0x8825] = {1: "N", 2: (35.0, 41.0, 7.0), 3: "E", 4: (51.0, 20.0, 5.0)}
    notes = {"exif": exif.tobytes(), "xmp": b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>CANARY</x:xmpmeta>"}
    if kind == "JPEG":
        notes["comment"] = "CANARY"
    if kind == "PNG":
        notes["pnginfo"] = PngInfo()
        notes["pnginfo"].add_text("Author", "CANARY")
    file = io.BytesIO()
    Pillow.new("RGB", (1400, 800), "teal").save(file, kind, **notes)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_nobody_is_told_where_a_photograph_was_taken_and_by_whom(browser, client, kind):
    original = photograph(kind)
    assert b"CANARY" in original
    file = SimpleUploadedFile(f"river.{kind.lower()}", original)
    values = {"title": "رود", "description": "رود", "file": file, "tags": ""}
    browser.post(reverse("wagtailimages:add"), {**values, "collection": Collection.get_first_root_node().pk})
    image = Picture.objects.get()
    make_pictures(str(image.pk))
    image.get_rendition("max-165x165")  # the admin's own
    assert image.renditions.count() > 4
    for one in image.renditions.all():
        content = b"".join(client.get(one.url).streaming_content)
        shown = Pillow.open(io.BytesIO(content))
        assert not shown.getexif(), one.filter_spec
        assert b"CANARY" not in content, one.filter_spec
        if one.filter_spec.startswith("width-"):
            assert shown.height > shown.width, "it lies on its side"
    # The file itself is shown to nobody.
    assert client.get(f"/media/{image.file.name}").status_code == 404


def test_whoever_uploads_makes_one_file_and_a_worker_the_rest(browser, encodings):
    upload(browser, "river.jpg", "JPEG")
    image = Picture.objects.get()
    assert "width-960|format-jpeg" in encodings
    assert not [spec for spec in encodings if "avif" in spec or "webp" in spec]
    assert [one.pk for one in pictures.unfinished()] == [image.pk]
    make_pictures(str(image.pk))
    assert pictures.unfinished() == []
    made = set(image.renditions.values_list("filter_spec", flat=True))
    assert {"width-480|format-avif", "width-1344|format-avif", "width-960|format-webp"} <= made


def test_an_upload_tells_a_worker(browser, settings, django_capture_on_commit_callbacks):
    """The sweep would find it, too, but only in a minute."""
    queue = Redis.from_url(settings.REDIS_URL)
    queue.delete("pages")
    with django_capture_on_commit_callbacks(execute=True):
        upload(browser, "river.jpg", "JPEG")
    told = [json.loads(one)["headers"]["task"] for one in queue.lrange("pages", 0, -1)]
    assert told == ["home.make_pictures"]


def test_a_visitor_gets_what_is_ready_and_encodes_nothing(filled, client, browser, encodings):
    upload(browser, "river.jpg", "JPEG")
    image = Picture.objects.get(title="رود")
    entry_with(image)
    del encodings[:]
    words = client.get("/news/footbridge/").content.decode()
    assert "image/avif" not in words
    assert 'alt="پل تازه"' in words
    assert 'width="960"' in words
    assert 'loading="lazy"' not in words  # the first picture of the page
    make_pictures(str(image.pk))
    del encodings[:]
    words = client.get("/news/footbridge/").content.decode()
    assert words.index("image/avif") < words.index("image/webp")
    assert encodings == []


def test_without_any_file_the_words_stand_in_its_place(filled, client, browser, encodings):
    upload(browser, "river.jpg", "JPEG")
    image = Picture.objects.get(title="رود")
    entry_with(image)
    image.renditions.all().delete()
    del encodings[:]
    words = client.get("/news/footbridge/").content.decode()
    assert "تصویر در حال آماده شدن است" in words
    assert "پل تازه" in words
    assert encodings == []


def test_a_drawing_stays_sharp(browser):
    upload(browser, "screen.png", "PNG", size=(700, 500))
    image = Picture.objects.get()
    make_pictures(str(image.pk))
    made = set(image.renditions.values_list("filter_spec", flat=True)) - {pictures.SHARED}
    assert {"width-480|format-webp-lossless", "width-960|format-webp-lossless", "width-960|format-png"} <= made
    assert not [spec for spec in made if "avif" in spec or "jpeg" in spec or "1344" in spec]


def test_another_file_gets_sizes_of_its_own(browser):
    upload(browser, "river.jpg", "JPEG")
    image = Picture.objects.get()
    make_pictures(str(image.pk))
    file = SimpleUploadedFile("other.jpg", content("JPEG", (1000, 1000)))
    values = {"title": "دیگر", "description": "کوه", "file": file, "tags": ""}
    browser.post(reverse("wagtailimages:edit", args=[image.pk]), values)
    image.refresh_from_db()
    assert image.width == 1000
    assert image.renditions.get(filter_spec="width-960|format-jpeg").height == 960
    assert pictures.unfinished() == [image]


def test_a_picture_that_nobody_can_read_ends_no_worker(browser, caplog):
    upload(browser, "river.jpg", "JPEG")
    image = Picture.objects.get()
    image.file.storage.delete(image.file.name)
    make_pictures(str(image.pk))
    assert f"picture {image.pk}" in caplog.text


def test_the_logo_shows_once_it_is_ready(filled, client, browser):
    upload(browser, "sign.png", "PNG", size=(300, 300))
    image = Picture.objects.get(title="رود")
    site = SiteSettings.load()
    site.logo = image
    site.save()
    sign = re.compile(r'class="brand"[^>]*><img [^>]*/media/images/sign')
    assert not sign.search(client.get("/").content.decode())
    make_pictures(str(image.pk))
    assert sign.search(client.get("/").content.decode())
