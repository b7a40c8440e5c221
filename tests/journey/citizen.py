"""A citizen with a phone: taps and types what the screens show, and counts it."""

import random

from playwright.sync_api import Page, expect

from tests.journey.browser import download
from tests.journey.town import Town

# What the design allows between the public page and the tracking code.
MOST_PAGES, MOST_TAPS, MOST_FIELDS = 6, 15, 7
BODY_FILE = "فایل بدنه نامه را بارگذاری کنید"
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def any_mobile() -> str:
    """A number that asked for no code yet; it belongs to nobody here."""
    return f"0912{random.randrange(10**7):07d}"


class Citizen:
    def __init__(self, page: Page, town: Town, mobile: str):
        """mobile: as people write it, such as 09120000000."""
        self.page, self.town = page, town
        self.mobile, self.number = mobile, f"+98{mobile[1:]}"
        self.pages = self.taps = self.fields = 0
        self.counts = True
        page.on("framenavigated", self._new_page)

    def _new_page(self, frame):
        if frame == self.page.main_frame and frame.url.startswith("http"):
            self.pages += self.counts

    def tap(self, role: str, name: str, **options):
        self.taps += self.counts
        self.page.get_by_role(role, name=name, **options).first.click()

    def fill(self, label: str, text: str):
        self.taps += self.counts
        self.fields += self.counts
        self.page.get_by_label(label, exact=True).fill(text)

    def choose_unit(self, name: str):
        self.taps += self.counts
        self.fields += self.counts
        self.page.get_by_label(name).check()

    def choose(self, question: str, answer: str):
        """One of the answers that are offered to a question."""
        self.page.get_by_role("group", name=question).get_by_label(answer).check()

    def choose_file(self, name: str, content: bytes, kind: str = "image/png", label: str = BODY_FILE):
        self.taps += self.counts
        self.fields += self.counts
        field = self.page.get_by_label(label)
        field.set_input_files({"name": name, "mimeType": kind, "buffer": content})

    def expect_title(self, words: str):
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def sign_in(self):
        """Both steps, from the sign-in page on."""
        before = len([sms for sms in self.town.messages_to(self.number) if sms["kind"] == "code"])
        key = self.page.locator("[name=security_code_key]").input_value()
        self.fill("شماره تلفن همراه", self.mobile.translate(_PERSIAN))
        self.fill("کد امنیتی", self.town.security_code(key).translate(_PERSIAN))
        self.tap("button", "دریافت کد")
        self.expect_title("کد تایید")
        code = self.town.next_sms(self.number, "code", after=before).rpartition("#")[2]
        self.fill("کد تایید", code.translate(_PERSIAN))
        self.tap("button", "ورود به سامانه")

    def enter(self):
        """From nowhere to the desk."""
        self.page.goto("/desk/")
        self.sign_in()
        self.expect_title("پیشخوان")

    def sign_out(self):
        self.tap("button", "خروج")
        self.expect_title("از پیشخوان خارج شدید")

    def lose_session(self):
        """What time does to whoever goes away for long. The browser stays the one that it was."""
        for cookie in self.page.context.cookies():
            if "session" in cookie["name"]:
                self.page.context.clear_cookies(name=cookie["name"])

    def open_form(self):
        self.page.goto("/desk/letters/new/")
        self.expect_title("ثبت درخواست")

    def send_letter(self, *, subject: str, unit: str, content: bytes) -> str:
        """The whole form, rightly filled. Returns the tracking code."""
        self.open_form()
        self.fill("نام و نام خانوادگی", "لیلا نمونه")
        self.fill("موضوع درخواست", subject)
        self.choose_unit(unit)
        self.choose_file("نامه.png", content)
        self.tap("button", "ثبت درخواست", exact=True)
        return self.read_receipt()

    def read_receipt(self) -> str:
        """The tracking code of the receipt that is shown: ten Latin digits."""
        self.expect_title("رهگیری پیشخوان خدمت الکترونیک")
        shown = self.page.locator(".receipt-number").inner_text()
        return "".join(str(int(sign)) for sign in shown if sign.isdecimal())

    def letter_in_list(self, subject: str):
        """The card of a letter on the list of letters."""
        self.page.goto("/desk/letters/")
        return self.page.get_by_role("article").filter(has_text=subject)

    def download(self, name: str) -> bytes:
        return download(self.page, name)
