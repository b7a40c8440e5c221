"""A photo that is larger than the limit, made smaller until it fits. Runs in the child.

The camera of a cheap telephone makes 4 MB of a page that is as legible in 400 kB. Whoever sends it from a browser
without our script should not have to know what a megabyte is.
"""

import io

from PIL import Image

from servicedesk.uploads import limits


def shrink(picture):
    """Makes an opened, not yet decoded picture small: at most ``limits.PHOTO_SIDES[0]`` along its longer side.

    A JPG is decoded at the nearest power of two above that, so that not even for a moment all its points are in memory.
    """
    side = limits.PHOTO_SIDES[0]
    longest = max(picture.size)
    if longest > side:
        picture.draft(None, tuple(-(-length * side // longest) for length in picture.size))
    picture.load()
    if picture.mode in ("1", "P"):
        # Points of a palette cannot be mixed.
        picture = _keeping_notes(picture, picture.convert("RGBA" if "transparency" in picture.info else "RGB"))
    elif picture.mode.startswith("I"):
        picture = _keeping_notes(picture, picture.convert("I").point(lambda value: value * (1 / 256)).convert("L"))
    picture.thumbnail((side, side), reducing_gap=2.0)
    return picture


def encodings(picture, most, image_format):
    """Encodings of an upright picture in plain colours, best first; each is bytes, or None where it is longer than
    ``most``."""
    if image_format == "JPEG":
        picture = _on_paper(picture)
    elif picture.mode not in ("RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.mode == "LA" else "RGB")
    for side in _sides(max(picture.size)):
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        if image_format == "PNG":
            # Packed as hard as PNG can be, the noise of a camera would take longer than a look may.
            for colours in limits.PHOTO_COLOURS:
                yield _saved(smaller.quantize(colours, method=Image.Quantize.FASTOCTREE), most, "PNG")
            continue
        for quality in limits.PHOTO_QUALITIES:
            yield _saved(smaller, most, "JPEG", quality=quality, optimize=True)


def _sides(longest):
    """What the longer side of a picture may have, one after the other: as it is first, and a few of few points too."""
    usual = [side for side in limits.PHOTO_SIDES if side < longest]
    return [longest, *usual] if usual else [longest, longest * 3 // 4, longest // 2]


def _keeping_notes(before, after):
    """How the camera was held, and its colours, stay known until both are applied."""
    after.info = {key: value for key, value in before.info.items() if key in ("exif", "icc_profile")}
    return after


def _on_paper(picture):
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode not in ("RGBA", "LA"):
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _saved(picture, most, image_format, **options):
    buffer = io.BytesIO()
    picture.save(buffer, image_format, **options)
    return buffer.getvalue() if buffer.tell() <= most else None
