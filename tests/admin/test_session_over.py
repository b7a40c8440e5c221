"""A form of the admin that is sent after the session has ended: nothing of it is lost."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from home.models import Banner
from servicedesk.models import Letter, User
from servicedesk.workflow import Status
from tests.factories import png
from tests.journey.browser import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.needs("chromium")]
OVER = "نشست شما پایان یافته است"
WORDS = "امروز تا ساعت یازده بسته‌ایم"


@pytest.fixture
def late(watch, window, signed_in):
    """``late(username, address)``: that screen, two minutes after it was opened and just after the session's end, and
    what signs in again, beside it."""

    def open_late(username, address):
        user = User.objects.get(username=username)
        page = window(user)
        page.clock.install()
        page.goto(address)
        page.clock.fast_forward("02:00")
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

        def sign_in_beside_it():
            browser = signed_in(user)
            browser.get("/admin/")
            names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
            cookies = [browser.cookies[name] for name in names if name in browser.cookies]
            page.context.add_cookies([{"name": c.key, "value": c.value, "url": watch.url} for c in cookies])
            page.evaluate("window.dispatchEvent(new Event('focus'))")

        return page, sign_in_beside_it

    return open_late


def test_a_form_of_wagtails_waits_for_the_next_sign_in(town, late):
    page, sign_in = late("editor", "/admin/banners/new/")
    page.locator("[name=text]").fill(WORDS)
    button = page.locator("main form [type=submit]").last
    button.click()
    notice = page.get_by_text(OVER)
    expect(notice).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[name=text]")).to_have_value(WORDS)
    button.click()
    expect(page.locator(".desk-session-over")).to_be_focused(timeout=PATIENCE)

    sign_in()
    expect(notice).to_have_count(0, timeout=PATIENCE)
    button.click()
    expect(page.locator(".messages .success")).to_be_visible(timeout=PATIENCE)
    assert Banner.objects.filter(text=WORDS).exists()


def test_an_answer_waits_with_its_file(town, late):
    letter = Letter.objects.get(status=Status.IN_REVIEW)
    page, sign_in = late("clerk-1", f"/admin/desk/{letter.reference}/")
    form = page.locator("form#answer")
    form.locator("[name=text]").fill(WORDS)
    form.locator("[name=file]").set_input_files({"name": "نقشه.png", "mimeType": "image/png", "buffer": png()})
    form.get_by_role("button", name="پاسخ نهایی").click()
    expect(page.get_by_text(OVER)).to_be_visible(timeout=PATIENCE)
    sign_in()
    expect(page.get_by_text(OVER)).to_have_count(0, timeout=PATIENCE)
    form.get_by_role("button", name="پاسخ نهایی").click()
    expect(page.locator(".desk-reply--final")).to_contain_text(WORDS, timeout=PATIENCE)
    letter.refresh_from_db()
    assert letter.status == Status.ANSWERED
    assert letter.final_answer.attachments.get().name == "نقشه.png"


def test_who_is_still_signed_in_notices_nothing(town, window):
    """The button that was pressed counts, also for a form that asked first."""
    page = window(User.objects.get(username="editor"))
    page.clock.install()
    page.goto("/admin/banners/new/")
    page.clock.fast_forward("02:00")
    page.locator("[name=text]").fill(WORDS)
    with page.expect_response("**/admin/sessions/on/") as asked:
        page.locator("main form [type=submit]").last.click()
    assert asked.value.status == 200
    expect(page.locator(".messages .success")).to_be_visible(timeout=PATIENCE)
    assert Banner.objects.filter(text=WORDS).exists()


def test_a_button_with_an_address_of_its_own_keeps_it(town, window):
    """An interim answer that was asked for must not become the final one."""
    letter = Letter.objects.get(status=Status.IN_REVIEW)
    page = window(User.objects.get(username="clerk-1"))
    page.clock.install()
    page.goto(f"/admin/desk/{letter.reference}/")
    page.clock.fast_forward("02:00")
    form = page.locator("form#answer")
    form.locator("[name=text]").fill(WORDS)
    with page.expect_response("**/admin/sessions/on/"):
        form.locator("[formaction]").click()
    expect(page.locator(".desk-timeline")).to_contain_text("پاسخ", timeout=PATIENCE)
    letter.refresh_from_db()
    assert (letter.status, letter.replies.get().is_final) == (Status.IN_REVIEW, False)
