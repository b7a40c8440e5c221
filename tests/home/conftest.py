"""The public pages as an installation has them on its first day, and as the seed fills them."""

import json

import pytest
from django.core.cache import cache
from django.core.management import call_command
from wagtail.images.models import Filter

from home.models import GuidePage, HomePage
from home.seed import pages
from home.seed.people import PEOPLE
from tests.snapshot import Snapshot

_FILLED, _SEEDED = Snapshot(), Snapshot()


@pytest.fixture(autouse=True)
def no_cached_addresses(db):
    """Wagtail keeps the addresses of sites in the cache, which outlives a test's database."""
    cache.clear()


@pytest.fixture
def home():
    return HomePage.objects.get(slug="home")


@pytest.fixture
def guide():
    return GuidePage.objects.get(locale__language_code="fa")


@pytest.fixture
def filled(admin_user):
    """The pages as the seed fills them."""
    _FILLED.bring(lambda: pages.fill_pages(author=admin_user))


@pytest.fixture
def seed(monkeypatch):
    """``seed()``: the command with passwords from the environment; its output comes back."""
    for person in PEOPLE:
        monkeypatch.setenv(person.variable, f"given-{person.username}-password")

    def run(*arguments):
        return call_command("seed", *arguments)

    return run


@pytest.fixture
def seeded(seed):
    """The municipality, for tests that look at it only."""
    _SEEDED.bring(seed)


@pytest.fixture
def publish():
    """``publish(page, body=[…])``: what an editor does who changes fields and presses the button."""

    def change(page, **values):
        for name, value in values.items():
            setattr(page, name, json.dumps(value) if isinstance(value, list) else value)
        page.save_revision().publish()
        page.refresh_from_db()
        return page

    return change


@pytest.fixture
def encodings(monkeypatch):
    """The specifications of whatever is encoded from now on."""
    made, run = [], Filter.run

    def counted(self, *arguments, **options):
        made.append(self.spec)
        return run(self, *arguments, **options)

    monkeypatch.setattr(Filter, "run", counted)
    return made
