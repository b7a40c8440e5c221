"""One Town for all who walk through it, started once (see TOGETHER in tests/conftest.py).

For this package only, not for the session: beside the loop of an open Playwright Django asks no database.
"""

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.journey.browser import DESKTOP, PATIENCE, Watch, open_browser
from tests.journey.staff import Clerk, Editor, Reviewer
from tests.journey.town import Town


@pytest.fixture(scope="package")
def town(tmp_path_factory):
    town = Town(tmp_path_factory.mktemp("town"))
    try:
        town.wait()
        yield town
    finally:
        town.stop()


@pytest.fixture(scope="package")
def browser():
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        yield browser
        browser.close()


@pytest.fixture
def watch(browser, town):
    """Windows on the town; whatever went wrong in one of them fails the test."""
    watch = Watch(browser, town.url)
    yield watch
    watch.close()
    assert watch.wrong == []


def _signed_in(person):
    person.sign_in()
    return person


@pytest.fixture
def sara(watch, town):
    """The clerk of the water unit, signed in."""
    return _signed_in(Clerk(watch.window(DESKTOP), town, "clerk-1"))


@pytest.fixture
def omid(watch, town):
    """The clerk of the unit of streets and lights, signed in."""
    return _signed_in(Clerk(watch.window(DESKTOP), town, "clerk-2"))


@pytest.fixture
def negar(watch, town):
    """The editor, signed in."""
    return _signed_in(Editor(watch.window(DESKTOP), town, "editor"))


@pytest.fixture
def reviewer(watch, town):
    """Who approves what she writes, signed in."""
    return _signed_in(Reviewer(watch.window(DESKTOP), town, "reviewer"))
