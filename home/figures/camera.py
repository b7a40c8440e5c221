"""Photographs the register's screens: a citizen's way through the double, made-up words in every field."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.utils import timezone, translation
from PIL import Image

try:
    from playwright.sync_api import Error, sync_playwright
except ImportError:  # It comes with requirements-dev.txt: a server that shows pages needs no browser.
    Error = sync_playwright = None

from servicedesk import persian, references
from servicedesk.persian import in_language

SCALE = 2
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
COMPUTER = {"viewport": {"width": 1120, "height": 720}}
TALLEST = 840  # CSS pixels of a picture
# What is another one at each look, and no news.
RESTLESS = "[data-picture], [name=security_code], .qr, [data-expires], [data-resend]"
# On the pictures it is always this moment, and the letters have these tracking codes: another width would move what
# stands beside them.
MOMENT = datetime(2026, 11, 23, 9, 35, tzinfo=UTC)
PROMISED_IN = 14  # days
CODES = ("3740215869", "9163508278")
PATIENCE = 120_000  # milliseconds; the machine may have other work
SWITCHES = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")

# Nobody has such a number or name; the rest could be written to any organisation.
WORDS = {
    "fa": {
        "mobile": "09120000000",
        "name": "لیلا نمونه",
        "subject": "پرسش دربارهٔ مدارک لازم",
        "other_subject": "درخواست رونوشت نامهٔ پیشین",
        "file": "نامه",
        "answer": "رونوشت شناسنامه و درخواست امضاشده کافی است. هر روز کاری می‌توانید آن‌ها را بیاورید.",
    },
    "en": {
        "mobile": "09120000001",
        "name": "Leila Example",
        "subject": "Which documents do you need?",
        "other_subject": "A copy of my earlier letter",
        "file": "letter",
        "answer": "A copy of your identity card and the signed request will do. Bring them on any working day.",
    },
}


# The example's file, in the first of these kinds that the site takes: extension → (content type, Pillow's name).
SHEETS = {".pdf": ("application/pdf", "PDF"), ".png": ("image/png", "PNG"), ".jpg": ("image/jpeg", "JPEG")}


class NotPhotographed(Exception):
    """The way through the double came to an end; the message says where."""


@dataclass(frozen=True)
class Photograph:
    """content: WebP. restless: boxes (left, top, right, bottom) in pixels whose content means nothing."""

    screen: str
    language: str
    content: bytes
    restless: list[tuple[int, int, int, int]]


def photograph(double, *, chromium, home_url, languages, say=lambda line: None):
    """Yields a ``Photograph`` of each screen in each of ``languages``. ``chromium`` is its path; ``home_url`` has
    {language: address} of the home pages, which are public and photographed where they are."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        try:
            for language in languages:
                say(f"Photographing in {language}")
                yield from _Visit(browser, double, language, home_url.get(language)).photographs()
        except Error as error:
            raise NotPhotographed(str(error).partition("\n")[0]) from error
        finally:
            browser.close()


class _Visit:
    """One citizen's way in one language."""

    def __init__(self, browser, double, language, home_url):
        self.browser, self.double, self.language, self.home_url = browser, double, language, home_url
        self.prefix = "" if language == "fa" else f"/{language}"
        self.words = WORDS[language]
        self.window = partial(self._window, base_url=double.url)

    def _window(self, screen, **options):
        context = self.browser.new_context(
            locale="fa-IR" if self.language == "fa" else "en-GB",
            timezone_id="Asia/Tehran",
            color_scheme="light",
            reduced_motion="reduce",
            device_scale_factor=SCALE,
            **screen,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    def photographs(self):
        if self.home_url:
            for name, screen in (("home", PHONE), ("home-wide", COMPUTER)):
                page = self.window(screen)
                page.goto(self.home_url)
                yield self._shot(page, name, whole=True, until=".home-lead")
                page.context.close()
        page = self.window(PHONE)
        page.goto(f"{self.prefix}/desk/track/")
        yield self._shot(page, "track")
        yield from self._signing_in(page)
        yield self._shot(page, "desk")
        yield from self._sending(page)
        yield from self._answered(page)
        page.context.close()

    def _signing_in(self, page):
        page.goto(f"{self.prefix}/desk/sign-in/?next={self.prefix}/desk/")
        key = page.locator("[name=security_code_key]").input_value()
        page.locator("[name=mobile]").fill(self._digits(self.words["mobile"]))
        page.locator("[name=security_code]").fill(self._digits(self.double.security_code(key)))
        yield self._shot(page, "sign-in", whole=True, until="main form .actions:has([type=submit])")
        self._press(page)
        page.locator("[name=code]").wait_for()
        yield self._shot(page, "code")
        page.locator("[name=code]").fill(self.double.code_for(f"+98{self.words['mobile'][1:]}"))
        self._press(page)
        page.wait_for_url("**/desk/")

    def _sending(self, page):
        page.goto(f"{self.prefix}/desk/letters/new/")
        self._fill(page, self.words["subject"], file=False)
        self._press(page)
        yield self._shot(page, "form-error")
        page.goto(f"{self.prefix}/desk/letters/new/")
        self._fill(page, self.words["subject"])
        yield self._shot(page, "form")
        yield self._shot(page, "form-file", of="main .field:has([name=body_file])", until="main form .actions")
        wide = self.window(COMPUTER, storage_state=page.context.storage_state())
        wide.goto(f"{self.prefix}/desk/letters/new/")
        self._fill(wide, self.words["subject"])
        yield self._shot(wide, "form-wide")
        wide.context.close()
        self._press(page)
        page.locator(".receipt-number").wait_for()
        yield self._shot(page, "receipt")
        self.reference = page.url.rstrip("/").split("/")[-2]

    def _answered(self, page):
        self._answer()
        page.goto(f"{self.prefix}/desk/letters/new/")
        self._fill(page, self.words["other_subject"])
        self._press(page)
        page.locator(".receipt-number").wait_for()
        page.goto(f"{self.prefix}/desk/letters/")
        yield self._shot(page, "letters", of=".letters")
        page.goto(f"{self.prefix}/desk/letters/{self.reference}/")
        yield self._shot(page, "answer")

    def _answer(self):
        page = self.window(COMPUTER)
        page.goto(f"/admin/login/?next=/admin/desk/{self.reference}/")
        page.locator("[name=username]").fill("admin")
        page.locator("[name=password]").fill(self.double.sign_ins["admin"])
        page.locator("form:has([name=password]) [type=submit]").click()
        page.locator("form#answer [name=text]").fill(self.words["answer"])
        page.locator("form#answer .desk-actions [type=submit]:not([formaction])").click()
        page.locator(".desk-reply--final").wait_for()
        page.context.close()

    def _fill(self, page, subject, *, file=True):
        page.locator("[name=sender_name]").fill(self.words["name"])
        page.locator("[name=subject]").fill(subject)
        unit = page.locator("[name=unit]").first
        unit.check() if unit.get_attribute("type") == "radio" else unit.select_option(index=1)
        if file:
            field = page.locator("[name=body_file]")
            extension = next((kind for kind in SHEETS if kind in field.get_attribute("accept").split(",")), None)
            if extension is None:
                raise NotPhotographed(f"no example file of the kinds that this site takes; have {', '.join(SHEETS)}")
            content_type, form = SHEETS[extension]
            name = self.words["file"] + extension
            field.set_input_files({"name": name, "mimeType": content_type, "buffer": _sheet(form)})

    def _press(self, page):
        with page.expect_navigation():
            page.locator("main form .actions [type=submit]").first.click()

    def _digits(self, text):
        with translation.override(self.language):
            return in_language(text)

    def _shot(self, page, name, *, whole=False, of="main > :last-child", until=None):
        """From the top of the page, or of what matters in it, down to its end or that of ``until``."""
        page.evaluate("document.fonts.ready")
        page.evaluate("document.activeElement && document.activeElement.blur()")
        if not name.startswith("home"):  # That one is real.
            self._set_clock(page)
        size = page.evaluate("({width: innerWidth, height: document.documentElement.scrollHeight})")
        top, bottom = 0, size["height"]
        if not whole:
            box = page.locator(of).first.bounding_box()
            scrolled = page.evaluate("scrollY")
            top, bottom = max(box["y"] + scrolled - 16, 0), box["y"] + scrolled + box["height"] + 16
        if until and page.locator(until).count():
            box = page.locator(until).last.bounding_box()
            bottom = box["y"] + page.evaluate("scrollY") + box["height"] + 16
        clip = {"x": 0, "y": top, "width": size["width"], "height": min(bottom - top, TALLEST)}
        picture = page.screenshot(clip=clip, full_page=True, animations="disabled", caret="hide")
        return Photograph(name, self.language, _webp(picture), self._restless(page, clip))

    def _set_clock(self, page):
        """Moves every date on the page as far as now is from ``MOMENT``, and puts the example's codes in."""
        times = page.evaluate(
            "Array.from(document.querySelectorAll('time'), time => [time.dateTime, time.textContent])"
        )
        now = timezone.now()
        with translation.override(self.language):
            words = [_moved(machine, shown, now) for machine, shown in times]
            codes = [in_language(references.grouped(code)) for code in CODES]
        page.evaluate(
            """([words, codes]) => {
                document.querySelectorAll("time").forEach((time, place) => { time.textContent = words[place]; });
                const known = [];
                document.querySelectorAll("bdi.code").forEach(code => {
                    if (!known.includes(code.textContent)) known.push(code.textContent);
                    code.textContent = codes[known.indexOf(code.textContent) % codes.length];
                });
            }""",
            [words, codes],
        )

    def _restless(self, page, clip):
        find = """selector => Array.from(document.querySelectorAll(selector), element => {
            const box = element.getBoundingClientRect();
            return [box.left, box.top + scrollY, box.right, box.bottom + scrollY];
        })"""
        boxes = page.evaluate(find, RESTLESS)
        return [
            tuple(round(SCALE * value) for value in (left, upper - clip["y"], right, lower - clip["y"]))
            for left, upper, right, lower in boxes
        ]


def _moved(machine, shown, now):
    """The words for a time that was ``shown`` for the machine's ``machine``, if now were MOMENT."""
    if "T" not in machine:
        days = (date.fromisoformat(machine) - now.date()).days
        # How far a promised day lies depends on the weekday and on holidays; in the picture it is always as far.
        return persian.jalali_date(MOMENT.date() + timedelta(days=min(days, 0) or PROMISED_IN * (days > 0)))
    # To the minute: what happened within the same minute would otherwise fall into two.
    moment = MOMENT + timedelta(days=(datetime.fromisoformat(machine) - now).days + 1)
    return persian.jalali_long(moment) if ":" in shown else persian.jalali_date(moment)


def _sheet(form):
    """An empty page."""
    file = io.BytesIO()
    Image.new("RGB", (620, 877), "white").save(file, form)
    return file.getvalue()


def _webp(content):
    file = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        picture.convert("RGB").save(file, "WEBP", quality=75, method=6)
    return file.getvalue()
