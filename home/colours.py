"""Colours that editors choose, and what is made of them: contrast as WCAG 2 counts it."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DEFAULT_COLOUR = "#12395b"
WHITE, DARK_PAPER = "#ffffff", "#0f161d"
# AAA for text, so that a heading is readable in the sun as well.
ENOUGH = 7.0


def channels(colour):
    """``#12395b`` as (18, 57, 91)."""
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))


def luminance(colour):
    """Relative luminance from 0 (black) to 1 (white), WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The contrast ratio of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(colour, other, share):
    """``colour`` with a ``share`` (0–1) of ``other`` in it."""
    parts = (round(a + (b - a) * share) for a, b in zip(channels(colour), channels(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def validate_colour(text):
    """Refuses what is no colour, and what could not be read on white."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValidationError(_("Write the colour as # and six digits, such as #12395b."))
    ratio = contrast(text, WHITE)
    if ratio < ENOUGH:
        raise ValidationError(
            _("This colour is too light: its contrast with white is %(ratio)s, and 7 is needed. Choose a darker one."),
            params={"ratio": f"{ratio:.1f}"},
        )


def palette(colour):
    """The tokens of the style sheet that follow the main colour, as ({name: value} light, {name: value} dark)."""
    on_dark = colour
    while contrast(on_dark, DARK_PAPER) < ENOUGH + 3:
        on_dark = mixed(on_dark, WHITE, 0.08)
    light = {
        "lapis": colour,
        "lapis-deep": mixed(colour, "#000000", 0.3),
        "ornament": f"{colour}2e",
        "band": colour,
        "band-line": mixed(colour, WHITE, 0.6),
    }
    dark = {
        "lapis": on_dark,
        "lapis-deep": mixed(on_dark, WHITE, 0.4),
        "on-lapis": mixed(colour, "#000000", 0.4),
        "ornament": f"{on_dark}33",
    }
    return light, dark
