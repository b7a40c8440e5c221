"""A clerk and an editor at their desks, in the admin."""

from playwright.sync_api import Page, expect

from servicedesk import references
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

    def download(self, name: str) -> bytes:
        with self.page.expect_download() as arriving:
            self.page.get_by_role("link", name=name).click()
        return arriving.value.path().read_bytes()

    def answer(self, text: str, file: dict):
        """The final answer with its file ({"name", "mimeType", "buffer"})."""
        form = self.page.locator("form#answer")
        form.locator("[name=text]").fill(text)
        form.locator("[name=file]").set_input_files(file)
        form.get_by_role("button", name="پاسخ نهایی").click()
        expect(self.page.locator(".desk-reply--final")).to_contain_text(text)

    def forward(self, unit: str, reason: str):
        self.page.locator("#forward > summary").click()
        form = self.page.locator("#forward form")
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
