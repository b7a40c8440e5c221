"""The fields in a real browser: the lists of a date with and without scripts, narrow screens, and the strict policy."""

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.reflow import too_wide
from tests.journey.browser import DESKTOP, PHONE, Watch, open_browser
from tests.servicedesk.fields.page import FieldsPage

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture(scope="module")
def site():
    site = FieldsPage()
    yield site
    site.close()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        yield browser
        browser.close()


@pytest.fixture
def watch(site, browser):
    watch = Watch(browser, site.url)
    yield watch
    watch.close()
    assert watch.wrong == []


def choose(page, name, **wanted):
    for part, words in wanted.items():
        page.locator(f"[name={name}-{part}]").select_option(label=words)


def send(page):
    with page.expect_navigation():
        page.click(".actions button")
    return page.locator("output").inner_text()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_choice_from_the_lists_is_written_into_the_box_at_once(watch, screen):
    page = watch.window(screen)
    page.goto("/?fields=day,birthday")
    box, summary = page.locator("[name=day]"), page.locator("summary").first
    summary.click()
    page.evaluate("document.addEventListener('input', event => { window.heard = event.target.name })")
    choose(page, "day", day="۲", month="آذر")
    expect(box).to_have_value("")
    page.locator("[name=day-year]").focus()
    choose(page, "day", year="۱۴۰۵")
    expect(box).to_have_value("۱۴۰۵/۰۹/۰۲")
    expect(page.locator("details").first).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    assert page.evaluate("window.heard") == "day", "others that follow the form hear of it"
    assert send(page) == "{'day': datetime.date(2026, 11, 23), 'birthday': None}"


def test_the_lists_follow_the_box(watch):
    page = watch.window(PHONE)
    page.goto("/?fields=day,birthday")
    page.fill("[name=birthday]", "٣-١٢-١٣٦٩")
    page.locator("summary").last.click()
    for part, value in (("day", "۳"), ("month", "12"), ("year", "۱۳۶۹")):
        expect(page.locator(f"[name=birthday-{part}]")).to_have_value(value)
    choose(page, "birthday", day="۴")
    expect(page.locator("[name=birthday]")).to_have_value("۱۳۶۹/۱۲/۰۴")
    # Whoever mends a date may want to change more of it.
    expect(page.locator("[name=birthday-year]")).to_be_visible()
    page.fill("[name=birthday]", "")
    expect(page.locator("[name=birthday-day]")).to_have_value("")
    page.fill("[name=day]", "1405/9/2")
    assert send(page) == "{'day': datetime.date(2026, 11, 23), 'birthday': None}", "an emptied box is an empty answer"


def test_the_lists_follow_a_box_that_came_filled(watch):
    page = watch.window(PHONE)
    page.goto("/?fields=day")
    page.fill("[name=day]", "1406/1/5")
    send(page)
    page.locator("summary").click()
    expect(page.locator("[name=day-month]")).to_have_value("1")


def test_what_the_lists_sent_before_the_script_came_is_in_the_box(watch):
    page = watch.window(PHONE)
    page.goto("/?fields=birthday,name")
    page.evaluate(
        "for (const part of ['day', 'month', 'year']) document.forms[0][`birthday-${part}`].selectedIndex = 3"
    )
    year = page.locator("[name=birthday-year]").input_value()
    send(page)
    expect(page.locator("[name=birthday]")).to_have_value(f"{year}/۰۳/۰۳")


def test_arrow_keys_go_through_a_list_without_closing_it(watch):
    page = watch.window(DESKTOP)
    page.goto("/en/?fields=day")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
    expect(page.locator("[name=day]")).to_have_value("1405/01/01")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=day]")).to_have_value("1404/01/01")
    expect(page.locator("[name=day-year]")).to_be_focused()


def test_the_lists_serve_without_scripts(watch):
    page = watch.window(PHONE, javascript=False)
    page.goto("/?fields=day,birthday")
    page.locator("summary").first.click()
    expect(page.get_by_text("اگر کادر بالا خالی باشد، این تاریخ فرستاده می‌شود.").first).to_be_visible()
    choose(page, "day", day="۳۰", month="اسفند", year="۱۴۰۴")
    send(page)
    expect(page.locator(".error-summary")).to_contain_text("اسفند ۱۴۰۴ ۲۹ روز دارد و روز ۳۰ ندارد.")
    expect(page.locator("[name=day-year]")).to_be_visible()
    expect(page.locator("[name=day-month]")).to_have_value("12")
    choose(page, "day", day="۲۹")
    assert send(page) == "{'day': datetime.date(2026, 3, 20), 'birthday': None}"


def test_the_summary_of_errors_leads_into_a_picker_that_was_sent_back(watch):
    page = watch.window(PHONE)
    page.goto("/?fields=day")
    page.locator("summary").click()
    choose(page, "day", day="۳", month="آذر")
    send(page)
    page.locator(".error-summary a").click()
    expect(page.locator("[name=day]")).to_be_focused()
    choose(page, "day", year="۱۴۰۵")
    send(page)
    expect(page.locator(".error-summary")).to_contain_text("پس از ۲ آذر ۱۴۰۵ نباشد")
    expect(page.locator("[name=day]")).to_have_value("۱۴۰۵/۰۹/۰۳")


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("sent", [False, True], ids=["empty", "refused"])
def test_all_fields_fit_a_narrow_screen_and_a_finger(watch, language, sent):
    page = watch.window(PHONE)
    page.goto(f"/{language}")
    if sent:
        send(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    small = page.evaluate(
        """() => [...document.querySelectorAll('form :is(input, select, textarea, button, summary)')]
            .filter(one => one.getBoundingClientRect().height < 44).map(one => one.name || one.tagName)"""
    )
    assert small == []
    assert too_wide(page) == []
