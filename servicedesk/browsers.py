"""A browser in two words, from what it says of itself: enough to recognise one's own, too little to follow anybody."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

UNKNOWN = "unknown"
# The first that fits: several name others after themselves.
SYSTEMS = (
    ("android", r"Android"),
    ("ios", r"iPhone|iPad|iPod"),
    ("windows", r"Windows"),
    ("macos", r"Macintosh|Mac OS X"),
    ("chromeos", r"CrOS"),
    ("linux", r"Linux|X11"),
)
BROWSERS = (
    ("samsung", r"SamsungBrowser/"),
    ("edge", r"Edg(e|A|iOS)?/"),
    ("opera", r"OPR/|Opera|OPiOS/"),
    ("uc", r"UCBrowser/"),
    ("firefox", r"Firefox/|FxiOS/"),
    ("chrome", r"Chrome/|CriOS/|Chromium/"),
    ("safari", r"Version/\S+ .*Safari/"),
    ("explorer", r"MSIE |Trident/"),
)
WORDS = {
    "android": gettext_lazy("Android"),
    "ios": gettext_lazy("iPhone or iPad"),
    "windows": gettext_lazy("Windows"),
    "macos": gettext_lazy("Mac"),
    "chromeos": gettext_lazy("Chromebook"),
    "linux": gettext_lazy("Linux"),
    "samsung": gettext_lazy("Samsung browser"),
    "edge": gettext_lazy("Edge"),
    "opera": gettext_lazy("Opera"),
    "uc": gettext_lazy("UC browser"),
    "firefox": gettext_lazy("Firefox"),
    "chrome": gettext_lazy("Chrome"),
    "safari": gettext_lazy("Safari"),
    "explorer": gettext_lazy("Internet Explorer"),
}
LONGEST = 500  # characters of a User-Agent that are looked at


def kind_of(user_agent):
    """(system, browser) of a User-Agent, each a name of the tables above or "unknown"."""
    text = user_agent[:LONGEST]
    return _first(SYSTEMS, text), _first(BROWSERS, text)


def _first(table, text):
    return next((name for name, pattern in table if re.search(pattern, text)), UNKNOWN)


def in_words(system, browser):
    """«اندروید، کروم»; what is not known is left out."""
    known = [str(WORDS[name]) for name in (system, browser) if name in WORDS]
    return _(", ").join(known) if known else _("A browser that we do not know")
