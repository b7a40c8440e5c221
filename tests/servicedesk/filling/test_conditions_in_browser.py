"""Conditions in the browser and on the server: the same questions show, whatever is typed."""

import re
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from hypothesis import given
from playwright.sync_api import sync_playwright

from servicedesk.fields.jalali_date import JalaliDateField
from servicedesk.form_display import parts_of
from servicedesk.persian import MONTHS, MONTHS_EN, jalali_number
from servicedesk.questions.conditions import Condition, Rule
from servicedesk.questions.outline import Outline, Section, Step
from servicedesk.questions.question import Question
from tests.journey.browser import open_browser
from tests.servicedesk.fields.test_jalali_date import DATES, WRITINGS
from tests.servicedesk.filling.test_properties import STANDARD, filled, form_of, usual

pytestmark = [pytest.mark.django_db, pytest.mark.needs("chromium")]
SCRIPTS = [Path(settings.BASE_DIR / f"site/static/js/{name}.js").read_text() for name in ("typed-dates", "conditions")]


@contextmanager
def a_page():
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        yield browser.new_page()
        browser.close()


def shown_in_browser(page, html):
    """The names of the questions' fields that a browser shows of a step."""
    page.set_content(f"<form data-letter-form>{html}</form>")
    for script in SCRIPTS:
        page.evaluate(script)
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
    with a_page() as page:
        wrong = [(html, asked, shown) for html, asked in cases if (shown := shown_in_browser(page, html)) != asked]
    assert sum(len(asked) for _html, asked in cases) > 100
    assert wrong == []


def dated(typed):
    """A filled-in form: a date until 10 Dey 1405, and a question for whoever writes 3 Ordibehesht or later."""
    asked = Question(str(uuid.uuid4()), "jalali_date", "تاریخ", options={"when": "any", "latest": "2026-12-31"})
    rule = Condition((Rule(asked.id, "on-or-after", "2026-04-23"),))
    depends = Question(str(uuid.uuid4()), "short_text", "چرا", condition=rule)
    outline = Outline(STANDARD, (Step("", (Section("one", questions=(asked, depends)),)),))
    return outline, {f"{asked.field_name}{part}": [each] for part, each in typed.items()}, depends.id


@pytest.mark.parametrize(
    ("typed", "is_asked"),
    [
        ({"": "۱۴۰۵/۲/۳"}, True),
        ({"": "۱۴۰۵/۲/۲"}, False),
        # Only lists, as without scripts.
        ({"": "", "-day": "۳", "-month": "2", "-year": "۱۴۰۵"}, True),
        ({"": "", "-day": "۲", "-month": "2", "-year": "۱۴۰۵"}, False),
        ({"": "", "-day": "۳", "-month": "", "-year": "۱۴۰۵"}, False),
        # The box is what counts.
        ({"": "1405/2/2", "-day": "۳", "-month": "2", "-year": "۱۴۰۵"}, False),
        # Half typed, and after the last day that is taken.
        ({"": "۱۴۰۵/۲"}, False),
        ({"": "۱۴۰۶/۲/۳"}, False),
        ({}, False),
    ],
)
def test_dates_of_a_box_and_of_lists_are_compared_alike(water, typed, is_asked):
    outline, posted, depends = dated(typed)
    form = form_of(outline, posted, water).leave_unjudged()
    assert (depends in form.asked) == is_asked
    html = render_to_string("servicedesk/questions/part.html", {"part": parts_of(form, 1)[0]})
    with a_page() as page:
        assert (f"q-{depends}" in shown_in_browser(page, html)) == is_asked


def test_the_browser_reads_dates_as_the_server_does():
    """Every writing of the server's own tables, both ends of each year, and what is no day."""
    texts = [*WRITINGS, *(typed for typed, *_said in DATES)]
    for year in range(1195, 1505):
        texts += [f"{year}/12/29", f"{year}/12/30", f"30/12/{year}", f"{year}1131", f"{year}-6-31"]
    texts += [
        f"{day} {name} ۱۴۰۵" for name in (*MONTHS, *MONTHS_EN, "امرداد", "تیر ماه", "تیرماه") for day in (1, "۳۱")
    ]
    expected = [_on_server(text) for text in texts]
    with a_page() as page:
        page.evaluate(SCRIPTS[0])
        read = page.evaluate("texts => texts.map(text => window.typedDate(text) || null)", texts)
    assert [pair for pair in zip(texts, expected, read, strict=True) if pair[1] != pair[2]] == []


def _on_server(text):
    try:
        day = JalaliDateField(required=False).clean(text)
    except ValidationError:
        return None
    return jalali_number(day) if day else None


@pytest.mark.parametrize(
    ("kind", "options", "typed", "is_asked"),
    [
        ("number", {"smallest": "10", "largest": "50"}, "۱۲", True),
        # Beyond the limits, or no such number: it is refused, so nothing may hang on it.
        ("number", {"smallest": "10"}, "۵", False),
        ("number", {"largest": "50"}, "۵۱", False),
        ("number", {}, "۱۲٫۵", False),
        ("number", {"decimals": 1}, "۱۲٫۵", True),
        ("number", {"decimals": 1}, "۱۲٫۵۵", False),
        ("number", {"smallest": "-5"}, "-۴", True),
        ("money", {"currency": "toman"}, "-۴", False),
        ("money", {"currency": "toman", "largest": 1000}, "۱٬۰۰۰ تومان", True),
    ],
)
def test_numbers_beyond_their_limits_decide_nothing(water, kind, options, typed, is_asked):
    asked = Question(str(uuid.uuid4()), kind, "اندازه", options=options)
    rule = Condition((Rule(asked.id, "at-least", "-9"),))
    depends = Question(str(uuid.uuid4()), "short_text", "چرا", condition=rule)
    outline = Outline(STANDARD, (Step("", (Section("one", questions=(asked, depends)),)),))
    form = form_of(outline, {asked.field_name: [typed]}, water).leave_unjudged()
    assert (depends.id in form.asked) == is_asked
    html = render_to_string("servicedesk/questions/part.html", {"part": parts_of(form, 1)[0]})
    with a_page() as page:
        assert (depends.field_name in shown_in_browser(page, html)) == is_asked
