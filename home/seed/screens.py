"""The pictures of screens that come with the release, so that a first guide has figures without a browser.

Made by ``manage.py refresh_figures --into home/seed/figures``.
"""

from pathlib import Path

from home.figures import album
from home.figures.screens import SCREENS
from home.models import ScreenPicture

SHIPPED = Path(__file__).resolve().parent / "figures"


def put_shipped():
    """Keep the shipped picture of each screen that has none yet. Returns how many there were."""
    known = set(ScreenPicture.objects.values_list("screen", "language"))
    put = 0
    for path in sorted(SHIPPED.glob("*/*.webp")):
        screen, language = path.stem, path.parent.name
        if screen in SCREENS and (screen, language) not in known:
            album.put(screen, language, path.read_bytes())
            put += 1
    return put
