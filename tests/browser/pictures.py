"""All screens as pictures, for people to look at: phone and desktop, light and dark, Persian and English.

    python -m tests.browser.pictures [--only 'form*'] [--into var/screens]

Writes var/screens/fa/phone-light/form.png and so on, and index.html beside them. The admin is there in Persian alone.
"""

import argparse
import sys
import tempfile
from fnmatch import fnmatch
from html import escape
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from config.local_run import ROOT
from tests.browser.screens import LANGUAGES, SCREENS, Screen, editor_screens, page_screens
from tests.browser.stage import Stage, set_up
from tests.browser.visit import visit
from tests.journey.browser import DESKTOP, PHONE, open_browser
from tests.journey.town import Town

SIZES = {"phone": PHONE, "desktop": DESKTOP}
COLOURS = ("light", "dark")


def screens_in(stage: Stage, language: str) -> list[Screen]:
    """All screens that exist in a language; trouble of the whole desk comes last."""
    if language == "fa":
        return [*page_screens(stage, "fa"), *editor_screens(stage), *SCREENS]
    return [*page_screens(stage, language), *(screen for screen in SCREENS if screen.is_ours)]


# How much of a page lies below what scrolls in the window, as in Wagtail's frame: a picture would end there.
_BELOW = """() => Math.max(0, ...[...document.querySelectorAll('body, body > *, main')]
    .filter(one => ['auto', 'scroll'].includes(getComputedStyle(one).overflowY))
    .map(one => one.scrollHeight - one.clientHeight))"""


def draw(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if below := page.evaluate(_BELOW):
        page.set_viewport_size({**page.viewport_size, "height": page.viewport_size["height"] + below})
    page.screenshot(path=path, full_page=True, animations="disabled")


def draw_all(stage: Stage, into: Path, only: str) -> int:
    """Returns how many screens were drawn; says which could not be."""
    drawn = 0
    for language in LANGUAGES:
        for screen in screens_in(stage, language):
            if not fnmatch(screen.name, only):
                continue
            for size, window in SIZES.items():
                with visit(stage, screen, window, language) as seen:
                    for colours in COLOURS:
                        seen.page.emulate_media(color_scheme=colours)
                        draw(seen.page, into / language / f"{size}-{colours}" / f"{screen.name}.png")
            drawn += 1
            print(f"{language} {screen.name}", flush=True)
    return drawn


_FIGURE = '<figure><a href="{0}"><img loading="lazy" src="{0}" alt=""></a><figcaption>{0}</figcaption></figure>'
_STYLE = (
    "body { display: flex; flex-wrap: wrap; gap: 1rem } figure { margin: 0 } img { height: 20rem; border: 1px solid }"
)


def write_index(into: Path) -> None:
    """One page with all pictures, small, each a link to itself."""
    names = [escape(path.relative_to(into).as_posix()) for path in sorted(into.rglob("*.png"))]
    head = f'<!doctype html><meta charset="utf-8"><title>Screens</title><style>{_STYLE}</style>'
    (into / "index.html").write_text(head + "".join(map(_FIGURE.format, names)), encoding="utf-8")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--only", default="*")
    asked.add_argument("--into", type=Path, default=ROOT / "var" / "screens")
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="servicedesk-screens-", ignore_cleanup_errors=True) as folder:
        town = Town(Path(folder))
        try:
            town.wait()
            with sync_playwright() as playwright:
                browser = open_browser(playwright)
                drawn = draw_all(set_up(town, browser), asked.into, asked.only)
                browser.close()
        finally:
            town.stop()
    write_index(asked.into)
    print(f"{drawn} screens: {asked.into / 'index.html'}")
    return 0 if drawn else 1


if __name__ == "__main__":
    sys.exit(main())
