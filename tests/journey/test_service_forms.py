"""A service gets questions through the admin alone, by clicking, and a citizen meets them."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.journey.browser import DESKTOP, PHONE
from tests.journey.citizen import Citizen
from tests.journey.form_tab import FormTab, choose
from tests.journey.staff import Editor, Reviewer

pytestmark = pytest.mark.needs("chromium")
SERVICE = "درخواست بازدید کارشناس"
LAST = -1  # It comes with sections of its own.


def number_of(editor):
    """The number of the service's page, found as an editor finds it."""
    editor.page.goto(f"/admin/pages/search/?q={quote(SERVICE)}")
    editor.page.get_by_role("link", name=SERVICE, exact=True).first.click()
    editor.page.wait_for_url(re.compile(r"/admin/pages/\d+"))
    return int(re.search(r"/admin/pages/(\d+)", editor.page.url).group(1))


def test_an_editor_builds_a_form_by_clicking_and_a_citizen_fills_it_in(watch, town):
    negar = Editor(watch.window(DESKTOP), town, "editor")
    negar.sign_in()
    tab = FormTab(negar.page, number_of(negar))
    tab.add(tab.form, "بخش")
    tab.section(LAST).get_by_label("عنوان").first.fill("دربارهٔ ساختمان")
    tab.add_question("بله یا خیر", "ساختمان پروانه دارد؟", LAST)
    permit = tab.add_question("متن کوتاه", "شمارهٔ پروانه", LAST)
    rule = tab.add_rule(permit)
    choose(rule, "question", "ساختمان پروانه دارد؟")
    choose(rule, "value", "بله")

    # The preview has it before it is saved, and follows the condition.
    negar.page.get_by_role("button", name="پیش‌نمایش").first.click()
    negar.page.get_by_label("حالت پیش‌نمایش").select_option(label="فرم، از نگاه شهروند")
    preview = negar.page.frame_locator("iframe[title]").last
    expect(preview.get_by_text("این پیش‌نمایش است")).to_be_visible()
    expect(preview.get_by_label("شمارهٔ پروانه")).to_be_hidden()
    preview.get_by_role("group", name="ساختمان پروانه دارد؟").get_by_label("بله").check()
    expect(preview.get_by_label("شمارهٔ پروانه")).to_be_visible()
    negar.do("action-submit")

    reviewer = Reviewer(watch.window(DESKTOP), town, "reviewer")
    reviewer.sign_in()
    reviewer.approve(SERVICE)

    leila = Citizen(watch.window(PHONE), town, "09121110042")
    leila.enter()
    leila.page.goto("/desk/letters/new/?service=visit")
    expect(leila.page.get_by_role("heading", name="دربارهٔ ساختمان")).to_be_visible()
    has_permit = leila.page.get_by_role("group", name="ساختمان پروانه دارد؟")
    number = leila.page.get_by_label("شمارهٔ پروانه")
    expect(number).to_be_hidden()
    has_permit.get_by_label("بله").check()
    expect(number).to_be_visible()
    has_permit.get_by_label("خیر").check()
    expect(number).to_be_hidden()
