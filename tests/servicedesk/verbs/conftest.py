import pytest
from django.utils import timezone

from tests.factories import make_letter, make_service


@pytest.fixture
def prompt(db):
    """A service that promises an answer within five working days and does not wait for ever."""
    return make_service(promised_days=5, reminder_days=7, closing_days=30)


@pytest.fixture
def letter(leila, water, prompt):
    return make_letter(leila, water, service=prompt)


@pytest.fixture
def days_later(monkeypatch):
    """``days_later(3)``: the clock of this process stands three days ahead from now on."""
    now = timezone.now

    def move(days):
        monkeypatch.setattr(timezone, "now", lambda: now() + timezone.timedelta(days=days))

    return move
