"""What the sign-in page does better with JavaScript, in a real browser: fresh picture in place, sound, the puzzle."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from servicedesk.models import LimitHit, OutgoingMessage, SmsCode
from tests.journey.browser import PHONE, Watch, open_browser
from tests.servicedesk.sign_in_steps import SIGN_IN, answer_of

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.needs("chromium")]


@pytest.fixture
def watch(live_server, monkeypatch):
    # Playwright runs a loop in this thread, and Django would not ask the database beside one.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        watch = Watch(open_browser(playwright), live_server.url)
        yield watch
        watch.browser.close()
    assert watch.wrong == []


def key_in(page):
    return page.locator("[name=security_code_key]").input_value()


def picture_is_drawn(page):
    return page.evaluate("document.querySelector('[data-picture]').naturalWidth") == 300


def test_a_fresh_picture_comes_without_losing_the_number(watch):
    page = watch.window(PHONE)
    page.goto(SIGN_IN)
    assert picture_is_drawn(page)
    before = key_in(page)
    page.fill("[name=mobile]", "0912 123 4567")
    page.click("[data-fresh]")
    expect(page.locator("[name=security_code_key]")).not_to_have_value(before)
    expect(page.locator("[data-picture]")).to_have_js_property("complete", True)
    assert picture_is_drawn(page)
    assert page.input_value("[name=mobile]") == "0912 123 4567"
    page.fill("[name=security_code]", answer_of(key_in(page)))
    page.click("text=دریافت کد")
    page.wait_for_url("**/desk/sign-in/code/")
    page.fill("[name=code]", SmsCode.objects.get().digits)
    page.click("text=ورود به سامانه")
    page.wait_for_url("**/desk/")


def test_the_code_can_be_heard(watch):
    page = watch.window(PHONE)
    page.goto(SIGN_IN)
    with page.expect_response("**/sign-in/sound/**") as heard:
        page.click("[data-sound]")
    assert heard.value.headers["content-type"] == "audio/wav"
    seconds = page.evaluate(
        """address => new Promise((done, failed) => {
            const sound = new Audio(address);
            sound.onloadedmetadata = () => done(sound.duration);
            sound.onerror = () => failed(sound.error.message);
        })""",
        page.get_attribute("[data-sound]", "href"),
    )
    assert 3 < seconds < 8


def test_who_cannot_read_the_picture_lets_the_browser_calculate(watch):
    for number in range(7):
        page = watch.window(PHONE)
        page.goto(SIGN_IN)
        page.fill("[name=mobile]", f"0912 123 456{number}")
        page.click("text=نمی‌توانم کد تصویر را بخوانم")
        page.wait_for_url("**/desk/sign-in/code/")
    # Seven are more than the third that is left without a solved puzzle.
    assert OutgoingMessage.objects.count() == 7
    assert LimitHit.objects.filter(name="send-code-from-address").count() == 7


def test_without_javascript_the_same_button_works_under_a_third_of_the_limits(watch):
    page = watch.window(PHONE, javascript=False)
    for number in range(6):
        page.goto(SIGN_IN)
        page.fill("[name=mobile]", f"0912 123 456{number}")
        page.click("text=نمی‌توانم کد تصویر را بخوانم")
        page.wait_for_url("**/desk/sign-in/code/")
    page.goto(SIGN_IN)
    page.fill("[name=mobile]", "0935 111 2233")
    page.click("text=نمی‌توانم کد تصویر را بخوانم")
    assert "از شبکهٔ شما کدهای زیادی درخواست شده است" in page.content()
    assert page.input_value("[name=mobile]") == "0935 111 2233"
