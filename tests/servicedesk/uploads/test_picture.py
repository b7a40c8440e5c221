"""PNG and JPG: only the picture itself is kept, upright, in plain colours, within the limit."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat, PngImagePlugin

from servicedesk.uploads import picture
from servicedesk.uploads.inspection import Refused, Rules
from servicedesk.uploads.verdict import Task
from tests.servicedesk.uploads.samples import (
    MEGABYTE,
    RULES,
    archive,
    jpg,
    look,
    many_scans,
    page,
    png,
    processor_time_below,
    refusal,
    saved,
)

TURNED = 6


def opened(content):
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


def exif(orientation=1):
    facts = Image.Exif()
    facts[0x0112] = orientation
    facts[0x010F] = "Maker of leila's telephone"
    facts.get_ifd(0x8825)[1] = "N"
    return facts


def png_of(width, height, *chunks, colour_type=2):
    """A PNG of this size by its header, with hand-made chunks after it."""
    header = struct.pack(">2I5B", width, height, 8, colour_type, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


@pytest.fixture
def swapped_profile():
    """A profile whose red is green and whose green is red: sRGB with two of its tags changed over."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    changed = profile.replace(b"rXYZ", b"tmp_").replace(b"gXYZ", b"rXYZ").replace(b"tmp_", b"gXYZ")
    for name in ("sRGB".encode("utf-16-be"), b"sRGB"):
        changed = changed.replace(name, b"z" * len(name))
    return changed


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_usual_png_comes_through_unchanged(mode):
    before = page(mode="L").convert("I").convert("I;16") if mode == "I;16" else page(mode=mode)
    stored = opened(look("page.png", saved(before, "PNG")).content)
    assert (stored.mode, stored.size, stored.tobytes()) == (before.mode, before.size, before.tobytes())


def test_transparency_stays():
    stored = opened(look("page.png", saved(page(mode="P"), "PNG", transparency=3)).content)
    assert stored.info["transparency"] == 3


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_jpg_looks_as_before(mode):
    content = saved(page(mode=mode), "JPEG", quality=80)
    before, stored = opened(content), opened(look("page.jpg", content).content)
    assert (stored.mode, stored.size) == (before.mode, before.size)
    assert ImageStat.Stat(ImageChops.difference(before, stored)).mean < [0.05] * 3


def test_a_jpg_for_printers_becomes_one_for_screens():
    stored = opened(look("page.jpg", saved(page(mode="CMYK"), "JPEG")).content)
    assert stored.mode == "RGB"
    assert stored.getpixel((299, 399)) > (250, 250, 250)


def test_metadata_is_gone():
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "leila the citizen")
    text.add_itxt("Comment", "leila the citizen", "fa", "x", zip=True)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    files = {
        "page.png": png(pnginfo=text, exif=exif(), icc_profile=profile, dpi=(300, 300)) + b"leila after the end",
        "page.jpg": jpg(exif=exif(), comment=b"leila", icc_profile=profile, xmp=b"<x>leila</x>") + b"<?php leila",
    }
    for name, content in files.items():
        assert b"leila" in content
        stored = look(name, content).content
        assert b"leila" not in stored
        assert not opened(stored).getexif()
        assert not {"icc_profile", "comment", "xmp", "Author", "dpi"} & set(opened(stored).info)


@pytest.mark.parametrize(("name", "make"), [("page.png", png), ("page.jpg", jpg)])
def test_a_page_photographed_sideways_stands_upright(name, make):
    stored = opened(look(name, make(exif=exif(TURNED))).content)
    assert stored.size == (400, 300)
    # What was dark at the top left is at the top right after a turn to the right.
    assert stored.convert("L").getpixel((390, 10)) < 60
    assert stored.convert("L").getpixel((10, 10)) > 200


def test_colours_of_another_profile_are_converted(swapped_profile):
    red = Image.new("RGB", (50, 50), (200, 30, 30))
    for name, content in {
        "page.png": saved(red, "PNG", icc_profile=swapped_profile),
        "page.jpg": saved(red, "JPEG", icc_profile=swapped_profile),
    }.items():
        shown = opened(look(name, content).content).getpixel((25, 25))
        assert shown[1] > shown[0] + 100


@pytest.mark.parametrize(
    "profile", [b"no profile at all", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()]
)
def test_a_profile_that_does_not_fit_is_ignored(profile):
    assert opened(look("page.jpg", jpg(icc_profile=profile)).content).size == (300, 400)


def test_a_phones_second_picture_is_left_out():
    content = saved(page(), "MPO", save_all=True, append_images=[page().convert("L").convert("RGB")])
    assert opened(content).n_frames == 2
    stored = opened(look("photo.jpg", content).content)
    assert (stored.format, getattr(stored, "n_frames", 1)) == ("JPEG", 1)


def test_a_moving_picture_is_refused():
    moving = png(save_all=True, append_images=[page().rotate(180)], duration=100)
    assert refusal("page.png", moving) == "picture-moving"


@pytest.mark.parametrize("size", [(12_001, 1), (1, 12_001), (6325, 6325), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_huge_picture_is_refused_by_its_header_alone(size):
    bomb = png_of(*size, (b"IDAT", zlib.compress(b"\0" * MEGABYTE)))
    assert refusal("page.png", bomb) == "picture-too-large"


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_largest_picture_passes_turned_and_encoded_anew(mode):
    content = saved(Image.new(mode, (6324, 6324)), "PNG", exif=exif(TURNED))
    assert look("page.png", content).size <= RULES.max_bytes


def test_the_largest_jpg_passes_and_keeps_the_one_note_of_how_it_was_held():
    content = saved(Image.new("RGB", (8000, 5000)), "JPEG", exif=exif(TURNED), comment=b"where I was")
    kept = look("page.jpg", content).content
    assert dict(opened(kept).getexif()) == {0x0112: TURNED}
    assert b"where I was" not in kept


def test_a_large_jpg_in_layers_is_refused_with_its_own_number():
    content = saved(Image.new("RGB", (6000, 4000)), "JPEG", progressive=True)
    with pytest.raises(Refused) as refused:
        look("page.jpg", content)
    assert (refused.value.code, "۲۰ میلیون" in str(refused.value.message)) == ("picture-too-large", True)


def test_a_bomb_of_text_is_refused():
    text = b"Comment\0\0" + zlib.compress(b"x" * 300 * MEGABYTE, 9)
    bomb = png_of(10, 10, (b"zTXt", text), (b"IDAT", zlib.compress(b"\0" * 310)))
    assert len(bomb) < MEGABYTE
    assert refusal("page.png", bomb) == "picture-damaged"


@pytest.mark.parametrize(("name", "make"), [("page.png", png), ("page.jpg", jpg)])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_half_a_picture_is_refused(name, make, share):
    content = make()
    assert refusal(name, content[: int(len(content) * share)]) == "picture-damaged"


@pytest.mark.parametrize("other", ["GIF", "BMP", "TIFF", "WEBP"])
def test_another_picture_format_behind_the_right_first_bytes(other):
    content = b"\xff\xd8\xff" + saved(page(), other)
    assert refusal("page.jpg", content) == "picture-damaged"


def noise(*size):
    return Image.effect_noise(size, 80)


def test_a_jpg_at_the_limit_stays_within_it_and_as_good_as_it_was():
    content = saved(noise(600, 600).convert("RGB"), "JPEG", quality=90, optimize=True, progressive=True)
    stored = look("page.jpg", content, Rules({"jpg"}, len(content)))
    assert 0.98 * len(content) < stored.size <= len(content)
    assert opened(stored.content).quantization == opened(content).quantization


def test_a_jpg_that_outgrows_the_limit_gives_way_in_quality():
    content = saved(noise(600, 600).convert("RGB"), "JPEG", quality=92)
    stored = picture.look(content, Task("jpg", len(content) * 2 // 3, {}))
    assert len(content) // 3 < len(stored) <= len(content) * 2 // 3
    assert opened(stored).size == (600, 600)


def shuffled(depth, colour_type):
    """A PNG of eight rows of noise in random order: deflate finds the repetitions in the plain rows, and hardly
    in those that Pillow filters."""
    kinds = [b"\0" + random.Random(seed).randbytes(1000 * depth) for seed in range(8)]
    rows = b"".join(random.Random(0).choices(kinds, k=400))
    return png_of(1000, 400, (b"IDAT", zlib.compress(rows, 9)), colour_type=colour_type)


def test_a_png_that_outgrows_the_limit_is_kept_with_fewer_colours():
    content = shuffled(3, colour_type=2)
    stored = look("page.png", content, Rules({"png"}, len(content)))
    assert opened(stored.content).mode == "P"
    assert stored.size <= len(content)


def test_a_png_that_cannot_be_kept_within_the_limit_says_so():
    content = shuffled(1, colour_type=0)
    assert refusal("page.png", content, Rules({"png"}, len(content))) == "picture-too-detailed"


def test_a_png_with_long_notes_and_a_long_profile_is_taken_without_them():
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("XML:com.adobe.xmp", "leila " * 400_000, zip=True)
    for long in ({"pnginfo": notes}, {"icc_profile": bytes(3 * MEGABYTE)}):
        stored = look("page.png", png(**long)).content
        assert ImageChops.difference(opened(stored).convert("RGB"), page()).getbbox() is None
        assert b"leila" not in stored
        assert "icc_profile" not in opened(stored).info


def test_a_small_jpg_that_tells_its_points_a_thousand_times_is_refused_in_time():
    bomb = many_scans(1200)
    assert len(bomb) < MEGABYTE // 4
    with processor_time_below(2):
        assert refusal("page.jpg", bomb) == "picture-damaged"
        assert refusal("pages.zip", archive({"a.jpg": bomb})) == "zip-entry"
