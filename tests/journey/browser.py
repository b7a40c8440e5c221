"""A browser that notices what a visitor would not see: errors of scripts, refusals by the policy, foreign hosts."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Playwright

from tests.journey.town import wait_until
from tests.real_parts import executable

SWITCHES = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
# Milliseconds. Generous: the machine may be busy with other tests.
PATIENCE = 60_000


def open_browser(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=executable("chromium"), args=list(SWITCHES))


def fact(page: Page, label: str) -> Locator:
    """The line of this label in a list of facts or answers: citizens and staff have them alike."""
    term = page.get_by_role("term").filter(has_text=re.compile(f"^\\s*{re.escape(label)}\\s*$"))
    return page.locator("dl > div").filter(has=term)


def download(page: Page, name: str) -> bytes:
    """What arrives on a click on the link of this file. While the scanner still has it the page is looked at anew."""
    link = page.get_by_role("link", name=name)
    wait_until(lambda: link.count() or page.reload() and link.count(), f"the release of {name}")
    with page.expect_download() as arriving:
        link.click()
    assert arriving.value.suggested_filename == name
    return arriving.value.path().read_bytes()


class Watch:
    """Opens windows on one site and keeps a list of everything that went wrong in them."""

    def __init__(self, browser: Browser, url: str):
        self.browser, self.url, self.wrong = browser, url, []
        self.contexts = []

    def window(self, screen: dict, *, javascript: bool = True, **options) -> Page:
        """A new visitor's window: no cookies of anybody else."""
        context = self.browser.new_context(
            base_url=self.url,
            locale="fa-IR",
            timezone_id="Asia/Tehran",
            java_script_enabled=javascript,
            **screen,
            **options,
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", self._look_at_request)
        context.on("response", self._look_at_response)
        context.on("console", self._look_at_console)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        self.contexts.append(context)
        return context.new_page()

    def _look_at_request(self, request):
        target = urlsplit(request.url)
        if target.scheme not in ("data", "blob") and target.netloc != urlsplit(self.url).netloc:
            self.wrong.append(f"request to another host: {request.url}")

    def _look_at_response(self, response):
        # A page may well answer 404 or 422 to a visitor; what a page needs must be there.
        is_page = response.request.resource_type in ("document", "xhr", "fetch")
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.wrong.append(f"{response.status}: {response.url}")

    def _look_at_console(self, message):
        # The browser's own line about an answer of 4xx; the answers are judged above.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"console: {message.text}")

    def close(self):
        for context in self.contexts:
            context.close()
