"""The style sheet of the main colour that editors chose. The policy forbids styles inside a page."""

import hashlib

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from home.colours import DEFAULT_COLOUR, palette
from home.models import SiteSettings

KEPT_FOR = 31_536_000  # seconds; another colour has another address


def theme_mark(colour):
    """What stands in the address of the style sheet, or "" for the colour that desk.css itself has."""
    return "" if colour == DEFAULT_COLOUR else hashlib.sha256(style(colour).encode()).hexdigest()[:12]


def style(colour):
    light, dark = ("".join(f"--{name}:{value};" for name, value in tokens.items()) for tokens in palette(colour))
    # Print keeps the light ones, as desk.css does.
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


@require_safe
def theme(request, mark):
    """The colours of now. An address from before answers too, but is not kept: a page may be older than the change."""
    colour = SiteSettings.load(request_or_site=request).colour
    response = HttpResponse(style(colour), content_type="text/css; charset=utf-8")
    kept = f"public, max-age={KEPT_FOR}, immutable" if mark == theme_mark(colour) else "no-cache"
    response["Cache-Control"] = kept
    return response
