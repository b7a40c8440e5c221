"""Photos of a page as telephones take them: large, with a grain, and lying as the sensor saw them."""

import functools
import io

from PIL import Image, ImageDraw

# How a telephone held upright notes what its sensor saw lying.
LYING = 6


def photo(width=4000, height=3000, mode="RGB"):
    """As the sensor sees a page: paper with a grain, dark at its top left."""
    grain = Image.effect_noise((width // 2, height // 2), 80).resize((width, height))
    picture = Image.merge("RGB", [grain.point(lambda value, base=base: base + value // 6) for base in (205, 203, 196)])
    ImageDraw.Draw(picture).rectangle((0, 0, width // 4, height // 4), fill=(20, 30, 90))
    return picture.convert(mode)


@functools.cache
def of_a_phone():
    """The JPG of some 4.5 MB that comes out of a telephone, with what cameras note."""
    notes = Image.Exif()
    notes[0x0112] = LYING
    notes[0x010F] = "Maker of leila's telephone"
    content = io.BytesIO()
    photo().save(content, "JPEG", quality=97, exif=notes)
    return content.getvalue()


def is_dark(picture, x, y):
    """Whether the point at these shares of width and height is of the dark corner."""
    return sum(picture.convert("RGB").getpixel((int(x * picture.width), int(y * picture.height)))) < 250


def stands_upright(content):
    """Whether the page in this JPG stands, with its dark corner where the camera's note puts it: top right."""
    picture = Image.open(io.BytesIO(content))
    return picture.height > picture.width and is_dark(picture, 0.9, 0.1) and not is_dark(picture, 0.1, 0.1)
