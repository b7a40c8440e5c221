"""Draws the pictures of the made-up town: `python -m home.seed.pictures.draw` writes them beside this file.

Each is drawn at twice its size and made smaller, which smooths every edge.
"""

import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

HERE = Path(__file__).parent
WIDTH, HEIGHT, SCALE = 1344, 756, 2
SKY_TOP, SKY_LOW, SUN = (222, 235, 244), (252, 243, 228), (250, 214, 150)
HILLS = ((178, 199, 214), (142, 172, 191), (96, 136, 150))
WATER, WATER_LIGHT, BANK = (58, 118, 138), (126, 178, 190), (122, 148, 104)
STONE, STONE_DARK, RAIL = (214, 200, 176), (176, 158, 130), (18, 57, 91)
LEAF, LEAF_LIGHT, TRUNK = (70, 112, 84), (96, 138, 100), (104, 84, 66)
# Where each tree stands (share of the width) and how large it is.
TREES = ((0.045, 0.95), (0.11, 1.15), (0.165, 0.8), (0.855, 0.85), (0.91, 1.2), (0.97, 0.9))


def footbridge():
    """A stone arch over a river between poplars, hills behind: the news of the new bridge."""
    image = _sky()
    draw = ImageDraw.Draw(image)
    _sun(image)
    for number, colour in enumerate(HILLS):
        _hill(draw, colour, base=0.46 + 0.06 * number, height=0.16 - 0.035 * number, phase=1.7 * number)
    _river(draw)
    _bridge(image)
    for place, size in TREES:
        _poplar(draw, place, size)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _size():
    return WIDTH * SCALE, HEIGHT * SCALE


def _sky():
    width, height = _size()
    column = Image.new("RGB", (1, height))
    for y in range(height):
        share = min(1, y / height / 0.6)
        column.putpixel((0, y), tuple(round(a + (b - a) * share) for a, b in zip(SKY_TOP, SKY_LOW, strict=True)))
    return column.resize((width, height))


def _sun(image):
    width, height = _size()
    glow = Image.new("L", image.size, 0)
    x, y, r = width * 0.68, height * 0.3, height * 0.075
    ImageDraw.Draw(glow).ellipse((x - r, y - r, x + r, y + r), fill=255)
    image.paste(SUN, mask=glow.filter(ImageFilter.GaussianBlur(6 * SCALE)))


def _hill(draw, colour, base, height, phase):
    width, full = _size()
    points = [(0, full), (width, full)]
    for step in range(width, -1, -8):
        x = step / width
        wave = 0.55 * math.sin(2.2 * math.pi * x + phase) + 0.3 * math.sin(5.1 * math.pi * x + 2 * phase) + 0.5
        points.append((step, full * (base - height * wave * 0.6)))
    draw.polygon(points, fill=colour)


def _river(draw):
    width, height = _size()
    draw.rectangle((0, height * 0.62, width, height), fill=BANK)
    left, right = [], []
    for step in range(41):
        y = 0.62 + 0.38 * step / 40
        half = 0.13 + 0.3 * (y - 0.62) + 0.012 * math.sin(y * 22)
        left.append((width * (0.5 - half), height * y))
        right.append((width * (0.5 + half), height * y))
    draw.polygon([*left, *reversed(right)], fill=WATER)
    for number in range(22):
        y = 0.66 + 0.33 * number / 22
        x = 0.5 + (0.05 + 0.3 * (y - 0.62)) * math.sin(number * 2.4)
        half = 0.012 + 0.022 * abs(math.sin(number * 1.3))
        box = (width * (x - half), height * y, width * (x + half), height * y + 3 * SCALE)
        draw.rounded_rectangle(box, radius=2 * SCALE, fill=WATER_LIGHT)


def _deck(x):
    """Height of the walkway at x (0–1), as a share of the picture."""
    return 0.57 - 0.075 * math.cos((x - 0.5) * math.pi / 0.66)


def _bridge(image):
    width, height = _size()
    left, right, foot = 0.17, 0.83, 0.76
    steps = [left + (right - left) * n / 200 for n in range(201)]
    deck = [(width * x, height * _deck(x)) for x in steps]
    stone = Image.new("L", image.size, 0)
    cut = ImageDraw.Draw(stone)
    cut.polygon([*deck, (width * right, height * foot), (width * left, height * foot)], fill=255)
    for centre, half, rise in ((0.5, 0.15, 0.19), (0.285, 0.045, 0.1), (0.715, 0.045, 0.1)):
        cut.ellipse(
            (width * (centre - half), height * (foot - rise), width * (centre + half), height * (foot + rise)), fill=0
        )
    image.paste(STONE, mask=stone)
    draw = ImageDraw.Draw(image)
    edge = [(x, y + height * 0.018) for x, y in reversed(deck)]
    draw.polygon([*deck, *edge], fill=STONE_DARK)
    rail = height * 0.045
    draw.line([(x, y - rail) for x, y in deck], fill=RAIL, width=4 * SCALE, joint="curve")
    for x, y in deck[::8]:
        draw.line((x, y, x, y - rail), fill=RAIL, width=2 * SCALE)


def _poplar(draw, place, size):
    width, height = _size()
    x, foot, tall, half = width * place, height * (0.74 + 0.1 * size), height * 0.46 * size, width * 0.028 * size
    draw.rectangle((x - 3 * SCALE, foot - tall * 0.3, x + 3 * SCALE, foot), fill=TRUNK)
    crown = []
    for step in range(61):
        turn = 2 * math.pi * step / 60
        # Narrow above, full below: an egg on its broad end.
        swell = 1 + 0.28 * math.cos(turn)
        crown.append((x + half * math.sin(turn) * swell, foot - tall * 0.58 + tall * 0.46 * math.cos(turn)))
    draw.polygon(crown, fill=LEAF)
    draw.polygon(
        [(x + (cx - x) * 0.55 - half * 0.25, cy * 0.86 + (foot - tall * 0.62) * 0.14) for cx, cy in crown],
        fill=LEAF_LIGHT,
    )


if __name__ == "__main__":
    footbridge().save(HERE / "footbridge.webp", quality=80, method=6)
