"""What a guide's PDF is made of: the page written out for paper, its style, its font, its pictures.

The sheet knows a digest of all of it. So a PDF is right as long as the sheet has the same digest, whatever changed or
did not: the text, a limit, the organisation's name, a picture, the style, the printing library.
"""

import hashlib
import json
import re
from contextlib import suppress
from functools import cached_property
from html import unescape
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation

from home.colours import DEFAULT_COLOUR, palette
from home.models.screen_picture import ScreenPicture
from home.models.site_settings import SiteSettings
from servicedesk.models import DeskSettings

STYLE = "css/guide-pdf.css"
ORNAMENT = "images/girih.svg"
# Raised when our own part of the printing draws the same sheet otherwise.
PEN = 2
FILES = ("fonts/vazirmatn.woff2", ORNAMENT)


class Sheet:
    """The paper form of a ``GuidePage`` at this moment, in the page's own language."""

    def __init__(self, page):
        self.page = page

    @cached_property
    def site(self):
        return SiteSettings.load()

    @cached_property
    def html(self):
        """The whole document. Nothing in it depends on who asks."""
        with translation.override(self.page.locale.language_code):
            return render_to_string(
                "home/print/guide.html",
                {
                    "page": self.page,
                    "sections": self.page.numbered_sections(),
                    "desk": DeskSettings.load(),
                    "site": self.site,
                    "colours": palette(self.site.colour)[0],
                    "screens": ScreenPicture.of(self.page.locale.language_code),
                    "on_paper": True,
                    "style_url": _static_url(STYLE),
                },
            )

    @cached_property
    def base_url(self):
        """Where links in the text start from."""
        return settings.PUBLIC_URL + (self.page.get_url() or "/")

    @cached_property
    def digest(self):
        """Hex, 64 characters: the same as long as the PDF would be the same."""
        seen = hashlib.sha256(json.dumps([self.html, self.base_url, version("weasyprint"), PEN]).encode())
        for name in (STYLE, *FILES):
            seen.update(_static_file(name).read_bytes())
        return seen.hexdigest()

    def resources(self):
        """{address: bytes} of all that the document refers to. It is printed with these and nothing else."""
        found = {settings.PUBLIC_URL + _static_url(name): _static_file(name).read_bytes() for name in (STYLE, *FILES)}
        ornament = settings.PUBLIC_URL + _static_url(ORNAMENT)
        found[ornament] = found[ornament].replace(DEFAULT_COLOUR.encode(), self.site.colour.encode())
        for source in sorted(set(re.findall(r'<img [^>]*\bsrc="([^"]+)"', self.html))):
            address = unescape(source)
            if address.startswith(settings.MEDIA_URL):
                # The address names an object of our own store; nothing else can be reached by it.
                # One that the store has lost is printed as its words.
                with suppress(FileNotFoundError), default_storage.open(_name(address)) as file:
                    found[settings.PUBLIC_URL + address] = file.read()
        return found


def _name(address):
    return unquote(address.removeprefix(settings.MEDIA_URL))


def _static_url(name):
    # Not the hashed name of an installation: the child finds the file by this one, and the digest has its content.
    return settings.STATIC_URL + name


def _static_file(name):
    return Path(finders.find(name))
