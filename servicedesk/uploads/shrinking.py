"""A photo that is larger than the limit, made smaller until it fits. Runs in the child.

The camera of a cheap telephone makes 4 MB of a page that is as legible in 400 kB. Whoever sends it from a browser
without our script should not have to know what a megabyte is.
"""

from PIL import Image

from servicedesk.uploads import limits


def shrink(picture):
    """Makes an opened, not yet decoded picture small: at most ``limits.PHOTO_SIDE`` along its longer side.

    A JPG is decoded at the nearest power of two above that, so that not even for a moment all its points are in memory.
    """
    side, longest = limits.PHOTO_SIDE, max(picture.size)
    if longest > side:
        picture.draft(None, tuple(-(-length * side // longest) for length in picture.size))
    picture.load()
    if "transparency" in picture.info:
        # One colour means «nothing»: mixed with its neighbours it would be another.
        picture = picture.convert("RGBA")
    elif picture.mode in ("1", "P"):
        picture = picture.convert("RGB")
    elif picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    picture.thumbnail((side, side), reducing_gap=2.0)
    return picture


def tries(picture, image_format):
    """(picture, options of its encoding) of an upright picture in plain colours, best first."""
    if image_format == "JPEG":
        picture = _on_paper(picture)
    elif picture.mode not in ("RGB", "RGBA"):
        picture = picture.convert("RGBA" if picture.mode == "LA" else "RGB")
    for share in limits.PHOTO_SHARES:
        smaller = picture.copy()
        smaller.thumbnail([max(1, length * share // 100) for length in picture.size])
        if image_format == "JPEG":
            yield from ((smaller, {"quality": quality, "optimize": True}) for quality in limits.PHOTO_QUALITIES)
        else:
            # Packed as hard as PNG can be, the noise of a camera would take longer than a look may.
            for colours in limits.PHOTO_COLOURS:
                yield smaller.quantize(colours, method=Image.Quantize.FASTOCTREE), {}


def _on_paper(picture):
    if picture.mode in ("L", "RGB"):
        return picture
    if picture.mode not in ("RGBA", "LA"):
        return picture.convert("RGB")
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
