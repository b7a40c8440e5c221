"""A clerk and an editor at their desks, in the admin."""

import re
from urllib.parse import quote

from playwright.sync_api import Page, expect

from servicedesk import references
from tests.journey.browser import download
from tests.journey.town import Town


class Staff:
    def __init__(self, page: Page, town: Town, username: str):
        self.page, self.town, self.username = page, town, username

    def sign_in(self):
        self.page.goto("/admin/")
        self.page.locator("[name=username]").fill(self.username)
        self.page.locator("[name=password]").fill(self.town.sign_ins[self.username])
        self.page.locator("form:has([name=password]) [type=submit]").click()
        expect(self.page.locator("[name=password]")).to_have_count(0)


class Clerk(Staff):
    def open_letter(self, subject: str):
        """From the inbox to one letter."""
        self.page.goto("/admin/desk/")
        self.page.get_by_role("link", name=subject).click()
        expect(self.page.get_by_role("heading", name=subject, exact=True).first).to_be_visible()

    def choose_service(self, title: str):
        """The inbox with the letters of one service alone."""
        self.page.goto("/admin/desk/")
        self.page.get_by_label("خدمت", exact=True).select_option(label=title)
        self.page.get_by_role("button", name="نمایش", exact=True).click()

    def find_by_answer(self, question: str, words: str):
        """Narrows the inbox of one service by what was answered."""
        filters = self.page.get_by_role("search", name="جست‌وجوی درخواست")
        if not filters.get_by_label(question).is_visible():
            filters.get_by_text("بر پایهٔ پاسخ‌های فرم").click()
        filters.get_by_label(question).fill(words)
        filters.get_by_role("button", name="نمایش", exact=True).click()

    def download(self, name: str) -> bytes:
        return download(self.page, name)

    def answer(self, text: str, file: dict):
        """The final answer with its file ({"name", "mimeType", "buffer"})."""
        form = self.page.locator("form#answer")
        form.locator("[name=text]").fill(text)
        form.locator("[name=file]").set_input_files(file)
        form.get_by_role("button", name="پاسخ نهایی").click()
        expect(self.page.locator(".desk-reply--final")).to_contain_text(text)

    def hand_in(self, text: str, file: dict):
        """The final answer in a unit whose answers need approval."""
        form = self.page.locator("form#answer")
        form.locator("[name=text]").fill(text)
        form.locator("[name=file]").set_input_files(file)
        form.get_by_role("button", name="دادن برای تأیید").click()
        expect(self.page.get_by_role("heading", name="این پاسخ در انتظار تأیید است")).to_be_visible()

    def consult(self, unit: str, question: str):
        """Asks another unit for its opinion."""
        form = self.unfold("نظرخواهی از واحد دیگر")
        form.locator("[name=unit]").select_option(label=unit)
        form.locator("[name=question]").fill(question)
        form.get_by_role("button").click()
        expect(self.page.get_by_role("heading", name="نظر واحدهای دیگر")).to_be_visible()

    def ask(self, question: str, *files: str):
        """Asks the citizen for more: a question, and what the wanted files are called."""
        form = self.unfold("درخواست تکمیل")
        form.locator("[name=question]").fill(question)
        form.locator("[name=wanted]").fill("\n".join(files))
        form.get_by_role("button").click()
        expect(self.page.get_by_role("heading", name="خواسته‌شده از شهروند")).to_be_visible()

    def unfold(self, verb: str):
        """The form of a verb of the letter that is open."""
        verbs = self.page.locator(".desk-verbs")
        link = verbs.get_by_role("link", name=verb)
        if not link.is_visible():
            verbs.locator(".desk-more > summary").click()
        link.click()
        return self.page.locator("#verb form")

    def save_text(self, title: str, text: str):
        """A saved text for the first of the clerk's units."""
        self.page.goto("/admin/desk/texts/new/")
        self.page.locator("[name=title]").fill(title)
        self.page.locator("[name=text]").fill(text)
        self.page.get_by_role("button", name="ذخیرهٔ متن").click()
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()

    def forward(self, unit: str, reason: str):
        form = self.unfold("ارجاع")
        form.locator("[name=unit]").select_option(label=unit)
        form.locator("[name=reason]").fill(reason)
        form.get_by_role("button").click()
        self.page.wait_for_url("**/admin/desk/")

    def status_of(self, reference: str) -> int:
        """How the admin answers when this letter's address is typed."""
        assert references.is_valid(reference)
        return self.page.goto(f"/admin/desk/{reference}/").status


class Editor(Staff):
    def change_rules(self, *, kilobytes: int, kinds: set[str]):
        """The largest file and the allowed kinds, in the desk's settings."""
        self.page.goto("/admin/settings/servicedesk/desksettings/")
        self.page.locator("[name=body_file_kilobytes]").fill(str(kilobytes))
        for box in self.page.locator("[name=body_file_kinds]").all():
            box.set_checked(box.get_attribute("value") in kinds)
        self.page.locator("form[action*=desksettings] [type=submit]").first.click()
        expect(self.page.locator(".messages .success")).to_be_visible()

    def number_of(self, title: str) -> int:
        """The number of a page in the admin's addresses, found by its title."""
        self.page.goto(f"/admin/pages/search/?q={quote(title)}")
        self.page.get_by_role("link", name=title, exact=True).first.click()
        self.page.wait_for_url(re.compile(r"/admin/pages/\d+"))
        return int(re.search(r"/admin/pages/(\d+)", self.page.url).group(1))

    def begin_service(self, title: str, summary: str, unit: str):
        """By clicks from the admin's first page to a new service below the home page: its first tab, not saved."""
        page = self.page
        page.goto("/admin/")
        page.get_by_role("button", name="صفحه‌ها").click()
        page.get_by_role("link", name=re.compile("^صفحه نخست")).click()
        page.get_by_role("link", name="افزودن زیرصفحه", exact=True).click()
        page.get_by_role("link", name="خدمت").first.click()
        page.get_by_role("textbox", name="عنوان*", exact=True).fill(title)
        page.get_by_role("textbox", name="خلاصه*", exact=True).fill(summary)
        page.get_by_label(unit).check()

    def make_page(self, title: str, words: str, picture: bytes, shows: str):
        """An ordinary page below the home page, of two blocks: a text and a picture that is uploaded here."""
        page = self.page
        page.goto(f"/admin/pages/add/home/contentpage/{self.town.home_page}/")
        page.locator("[name=title]").fill(title)
        self._add_block("متن")
        self.write(words)
        self._add_block("تصویر")
        page.get_by_role("button", name="انتخاب تصویر").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("tab", name="بارگذاری").click()
        dialog.get_by_label("عنوان").last.fill(shows)
        file = {"name": "picture.png", "mimeType": "image/png", "buffer": picture}
        dialog.locator("[type=file]").set_input_files(file)
        dialog.get_by_label("چه نشان می‌دهد").fill(shows)
        dialog.get_by_role("button", name="بارگذاری").click()
        expect(page.locator("[name$=image-alt_text]")).to_have_value(shows)

    def write(self, words: str):
        """Replace the first rich text of the page."""
        self.page.locator("[data-contentpath=text] [contenteditable=true]").first.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(words)
        # The editor hands its text to the form a moment after the last key.
        expect(self.page.locator("[name=body-0-value-text]")).to_have_value(re.compile(re.escape(words)))

    def _add_block(self, name: str):
        self.page.locator(".c-sf-add-button").last.click()
        self.page.get_by_role("option", name=name, exact=True).click()

    def do(self, action: str):
        """One of the actions at the foot of the page editor, such as «action-submit»."""
        if not self.page.locator(f"[name={action}]").is_visible():
            self.page.get_by_role("button", name="کارهای بیشتر").last.click()
        self.page.locator(f"[name={action}]").click()
        expect(self.page.locator(".messages .success")).to_be_visible()

    def add_banner(self, text: str, *, ends: str = ""):
        """ends: what is typed into «تا», or nothing."""
        self.page.goto("/admin/banners/new/")
        self.page.locator("[name=text]").fill(text)
        if ends:
            self.page.locator("[name=ends_at]").fill(ends)
            self.page.keyboard.press("Tab")
        self.page.locator("main form [type=submit]").last.click()
        expect(self.page.locator(".messages .success")).to_be_visible()

    def switch_banner_off(self, text: str):
        self.page.goto("/admin/banners/")
        self.page.get_by_role("link", name=text).first.click()
        self.page.locator("[name=is_on]").uncheck()
        self.page.locator("main form [type=submit]").last.click()
        expect(self.page.locator(".messages .success")).to_be_visible()


class Reviewer(Editor):
    def approve(self, title: str):
        """From the list on the admin's first page to the published page."""
        self.page.goto("/admin/")
        self.page.get_by_role("link", name=title).first.click()
        self.page.get_by_role("button", name="کارهای بیشتر").last.click()
        self.page.locator("[data-workflow-action-name=approve]").first.click()
        expect(self.page.locator(".messages .success")).to_be_visible()
