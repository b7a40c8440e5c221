"""Every screen, as people with different eyes, hands and browsers meet it.

axe finds nothing, html-validate finds nothing, nothing lies beside a narrow screen, and the keyboard alone is enough.
"""

import pytest

from tests.browser import axe, keyboard, reflow
from tests.browser.screens import SCREENS, WAGTAIL, Screen, editor_screens, page_screens
from tests.browser.visit import visit
from tests.journey.browser import DESKTOP, PHONE

pytestmark = pytest.mark.needs("chromium")


def ids(screen: Screen) -> str:
    return screen.name


def assert_none(found: list[str]) -> None:
    """All of what was found, one a line: pytest would shorten it."""
    assert not found, "\n" + "\n".join(found)


@pytest.fixture(scope="module", params=SCREENS, ids=ids)
def screen(request):
    return request.param


@pytest.fixture(scope="module")
def seen(stage, screen):
    """The screen in a window of its own; pytest runs all tests of one screen before the next."""
    with visit(stage, screen, DESKTOP) as seen:
        yield seen


def test_answers_as_it_should(seen, screen):
    assert seen.status == screen.status


def test_html_is_valid(seen, screen, validator):
    if screen.is_ours:
        assert_none(validator.errors(screen.name, seen.html))


def test_axe_finds_nothing(seen, screen):
    assert_none(axe.violations(seen.page, in_wagtail=not screen.is_ours))


def test_keyboard_alone_is_enough(seen, screen):
    if screen.kind != WAGTAIL:
        assert_none(keyboard.troubles(seen.page, skip_link=screen.is_ours))


def test_nothing_lies_beside_a_narrow_screen(seen, screen):
    if screen.kind != WAGTAIL:
        assert_none(reflow.too_wide(seen.page))


def test_buttons_that_only_a_script_works_are_there_once_it_runs(seen, screen):
    assert_none([one.text_content().strip() for one in seen.page.locator("[data-desk-print][hidden]").all()])


OURS = [screen for screen in SCREENS if screen.is_ours]


@pytest.mark.parametrize("screen", OURS, ids=ids, scope="function")
def test_works_without_javascript(stage, screen):
    """The page says what it is, and each of its forms has a button that one sees."""
    with visit(stage, screen, PHONE, javascript=False) as seen:
        assert seen.status == screen.status
        assert seen.page.locator("h1").is_visible()
        for form in seen.page.locator("main form").all():
            assert form.locator("[type=submit]:visible").count() > 0


def test_all_live_pages_and_their_editors(stage, validator):
    """The pages of the tree in all languages, whatever there is of them, and the editor of each type."""
    persian = [*page_screens(stage, "fa"), *editor_screens(stage)]
    found = troubles_of(persian, stage, validator)
    found += troubles_of(page_screens(stage, "en"), stage, validator, surroundings=axe.BY_DAYLIGHT)
    assert_none(found)


def test_screens_in_english(stage, validator):
    """The desk's own screens once more, from left to right."""
    assert_none(troubles_of(OURS, stage, validator, "en", axe.BY_DAYLIGHT))


def troubles_of(screens, stage, validator, language="fa", surroundings=axe.SURROUNDINGS):
    """Everything that the checks above find on these screens, each with its screen's name."""
    found = []
    for screen in screens:
        with visit(stage, screen, DESKTOP, language) as seen:
            troubles = [f"status {seen.status}"] * (seen.status != screen.status)
            troubles += validator.errors(screen.name, seen.html) if screen.is_ours else []
            troubles += axe.violations(seen.page, in_wagtail=not screen.is_ours, surroundings=surroundings)
            if screen.kind != WAGTAIL:
                troubles += keyboard.troubles(seen.page, skip_link=screen.is_ours)
                troubles += reflow.too_wide(seen.page)
        found += [f"{screen.name}: {trouble}" for trouble in troubles]
    return found
