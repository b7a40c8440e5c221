"""Makes the README's two pictures from a local run of its own: `python -m docs.pictures.make` in the checkout.

Needs Debian's chromium. The persons and letters in the pictures are made up.
"""

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.journey.browser import DESKTOP, PHONE, Watch, open_browser
from tests.journey.citizen import Citizen
from tests.journey.staff import Clerk
from tests.journey.town import Town

HERE = Path(__file__).resolve().parent
UNIT = "آب و فاضلاب"
SUBJECTS = (
    "بوی فاضلاب در خیابان بید",
    "افت فشار آب در ساعت‌های عصر",
    "درخواست انشعاب آب برای خانهٔ نوساز",
    "گرفتگی جوی روبه‌روی مدرسه",
    "نشتی لولهٔ آب در کوچهٔ نرگس",
)
LARGEST = 120_000  # bytes


def keep(page: Page, name: str, **options) -> None:
    with Image.open(io.BytesIO(page.screenshot(**options))) as picture:
        picture.save(HERE / name, quality=82, method=6)
    size = (HERE / name).stat().st_size
    assert size < LARGEST, f"{name} has {size} bytes"


def letter_file() -> bytes:
    sheet = io.BytesIO()
    Image.new("RGB", (1240, 1754), "white").save(sheet, "PNG")
    return sheet.getvalue()


def make(watch: Watch, town: Town) -> None:
    citizen = Citizen(watch.window(PHONE), town, "09120000000")
    citizen.enter()
    for subject in SUBJECTS:
        citizen.send_letter(subject=subject, unit=UNIT, content=letter_file())
    keep(citizen.page, "receipt.webp", clip={"x": 0, "y": 0, "width": 360, "height": 1080}, full_page=True)
    clerk = Clerk(watch.window(DESKTOP), town, "clerk-1")
    clerk.sign_in()
    clerk.open_letter(SUBJECTS[0])
    clerk.answer("خط فاضلاب شسته شد.", {"name": "گزارش.png", "mimeType": "image/png", "buffer": letter_file()})
    clerk.page.goto("/admin/desk/?tab=all")
    clerk.page.locator(".desk-letters").wait_for()
    keep(clerk.page, "inbox.webp", clip={"x": 0, "y": 0, "width": 1280, "height": 760})


def main() -> None:
    with tempfile.TemporaryDirectory() as state, sync_playwright() as playwright:
        town = Town(Path(state))
        try:
            town.wait()
            browser = open_browser(playwright)
            make(Watch(browser, town.url), town)
            browser.close()
        finally:
            town.stop()


if __name__ == "__main__":
    main()
