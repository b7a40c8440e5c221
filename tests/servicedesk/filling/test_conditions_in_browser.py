"""Conditions in the browser and on the server: the same questions show, whatever is typed."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from hypothesis import given
from playwright.sync_api import sync_playwright

from servicedesk.form_display import parts_of
from tests.journey.browser import open_browser
from tests.servicedesk.filling.test_properties import filled, form_of, usual

pytestmark = [pytest.mark.django_db, pytest.mark.needs("chromium")]
SCRIPT = Path(settings.BASE_DIR / "site/static/js/conditions.js").read_text()


def shown_in_browser(page, html):
    """The names of the questions' fields that a browser shows of a step."""
    page.set_content(f"<form data-letter-form>{html}</form>")
    page.evaluate(SCRIPT)
    names = page.eval_on_selector_all(
        "[name^='q-']",
        "all => all.filter(one => one.type !== 'hidden' && !one.closest('[hidden]')).map(one => one.name)",
    )
    return {re.match(r"q-[0-9a-f-]{36}", name).group() for name in names}


def test_the_browser_shows_what_the_server_asks(water):
    cases = []

    @usual
    @given(made=filled())
    def collect(made):
        outline, typed = made
        form = form_of(outline, typed, water).leave_unjudged()
        for number, step in enumerate(outline.steps, 1):
            shown = parts_of(form, number)
            parts = (render_to_string("servicedesk/questions/part.html", {"part": part}) for part in shown)
            asked = {question.field_name for question in step.questions if question.id in form.asked}
            cases.append(("".join(parts), asked))

    # First all of the forms, then the browser: while it runs, its loop keeps this thread from the database.
    collect()
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        page = browser.new_page()
        wrong = [(html, asked, shown) for html, asked in cases if (shown := shown_in_browser(page, html)) != asked]
        browser.close()
    assert sum(len(asked) for _html, asked in cases) > 100
    assert wrong == []
