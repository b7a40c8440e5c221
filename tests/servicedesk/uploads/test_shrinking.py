"""A photo above the limit is made smaller on the server, so that a browser without our script sends one, too."""

import io

import pytest
from PIL import Image

from servicedesk.uploads.inspection import Rules
from tests.photos import is_dark, of_a_phone, photo, stands_upright
from tests.servicedesk.uploads.samples import MEGABYTE, RULES, look, refusal, saved
from tests.servicedesk.uploads.test_picture import opened

LIMIT = 400 * 1024
FEW = Rules({"png", "jpg", "pdf"}, LIMIT)
ONLY_PNG = Rules({"png"}, LIMIT)


def test_a_phones_photo_fits_stands_upright_and_stays_sharp_enough_to_read():
    stored = look("IMG_2031.jpg", of_a_phone())
    picture = opened(stored.content)
    assert (stored.kind, stored.name) == ("jpg", "IMG_2031.jpg")
    assert stored.size <= RULES.max_bytes
    assert stands_upright(stored.content)
    assert picture.height >= 1600
    assert b"telephone" not in stored.content


def test_the_smaller_the_limit_the_smaller_the_photo():
    sizes = [look("a.jpg", of_a_phone(), Rules({"jpg"}, kilo * 1024)).size for kilo in (800, 200, 60)]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size <= kilo * 1024 for size, kilo in zip(sizes, (800, 200, 60), strict=True))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P"])
def test_a_large_png_becomes_a_jpg_where_that_is_allowed(mode):
    stored = look("اسکن.png", saved(photo(2400, 1800, mode), "PNG"), FEW)
    assert (stored.kind, stored.content_type, stored.name) == ("jpg", "image/jpeg", "اسکن.jpg")
    assert stored.size <= LIMIT
    assert is_dark(opened(stored.content), 0.1, 0.1)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_else_it_stays_a_png_with_fewer_colours(mode):
    stored = look("اسکن.png", saved(photo(2400, 1800, mode), "PNG"), ONLY_PNG)
    assert (stored.kind, stored.name) == ("png", "اسکن.png")
    assert stored.size <= LIMIT
    assert is_dark(opened(stored.content), 0.1, 0.1)


def test_a_picture_of_few_points_that_is_heavy_all_the_same_is_made_smaller():
    content = saved(Image.effect_noise((700, 700), 120).convert("RGB"), "JPEG", quality=100)
    limit = len(content) // 6
    assert look("a.jpg", content, Rules({"jpg"}, limit)).size <= limit


@pytest.mark.parametrize("rules", [FEW, ONLY_PNG])
@pytest.mark.parametrize(("mode", "nothing"), [("RGB", (250, 250, 250)), ("L", 250), ("P", 3)])
def test_one_colour_may_mean_nothing(mode, nothing, rules):
    content = saved(photo(2400, 1800, mode), "PNG", transparency=nothing)
    assert len(content) > LIMIT
    assert look("a.png", content, rules).size <= LIMIT


def test_what_is_transparent_lies_on_white_paper():
    picture = photo(2400, 1800).convert("RGBA")
    picture.paste((0, 0, 0, 0), (1200, 900, 2400, 1800))
    stored = opened(look("a.png", saved(picture, "PNG"), FEW).content)
    assert not is_dark(stored, 0.9, 0.9)


def test_a_photo_within_the_limit_keeps_its_points():
    content = saved(photo(1200, 900), "JPEG", quality=60)
    assert len(content) < LIMIT
    assert opened(look("a.jpg", content, FEW).content).size == (1200, 900)


def test_the_largest_photo_stays_within_the_bounds_of_the_child():
    """Forty million points, which a child that decoded them all and copied them could not hold."""
    content = saved(Image.effect_noise((7300, 5400), 10).convert("RGB"), "JPEG", quality=70)
    assert MEGABYTE < len(content) < 12 * MEGABYTE
    assert look("a.jpg", content).size <= MEGABYTE


def test_only_photos_may_be_larger():
    assert refusal("a.pdf", b"%PDF-".ljust(MEGABYTE + 1)) == "too-large"
    assert refusal("a.jpg", b"\xff\xd8\xff".ljust(12 * MEGABYTE + 1)) == "photo-too-large"


def test_a_bomb_is_none_the_safer_for_being_large():
    bomb = io.BytesIO()
    Image.new("L", (12_000, 3_400)).save(bomb, "PNG")
    assert refusal("a.png", bomb.getvalue().ljust(MEGABYTE + 1, b"\0"), RULES) == "picture-too-large"
