"""One Town for all the checks in the browser (see TOGETHER in tests/conftest.py)."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import tools
from tests.browser.html import Validator
from tests.browser.stage import set_up
from tests.journey.browser import open_browser
from tests.journey.town import Town


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    town = Town(tmp_path_factory.mktemp("town"))
    try:
        town.wait()
        yield town
    finally:
        town.stop()


@pytest.fixture(scope="session")
def stage(browser, town):
    return set_up(town, browser)


@pytest.fixture(scope="session")
def validator():
    validator = Validator(tools.prepare())
    yield validator
    validator.close()
