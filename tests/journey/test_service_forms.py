"""A service gets questions through the admin alone, by clicking, and a citizen meets them."""

import pytest
from playwright.sync_api import expect

from tests.journey.browser import PHONE
from tests.journey.citizen import Citizen
from tests.journey.form_tab import FormTab, choose

pytestmark = pytest.mark.needs("chromium")
SERVICE = "درخواست بازدید کارشناس"
LAST = -1  # It comes with sections of its own.


def test_an_editor_builds_a_form_by_clicking_and_a_citizen_fills_it_in(watch, town, negar, reviewer):
    tab = FormTab(negar.page, negar.number_of(SERVICE))
    tab.add_section("دربارهٔ ساختمان")
    tab.add_question("بله یا خیر", "ساختمان پروانه دارد؟", LAST)
    permit = tab.add_question("متن کوتاه", "شمارهٔ پروانه", LAST)
    rule = tab.add_rule(permit)
    choose(rule, "question", "ساختمان پروانه دارد؟")
    choose(rule, "value", "بله")

    # The preview has it before it is saved, and follows the condition.
    preview = tab.preview()
    expect(preview.get_by_label("شمارهٔ پروانه")).to_be_hidden()
    preview.get_by_role("group", name="ساختمان پروانه دارد؟").get_by_label("بله").check()
    expect(preview.get_by_label("شمارهٔ پروانه")).to_be_visible()
    negar.do("action-submit")

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
