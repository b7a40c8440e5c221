"""Two who want the same things at once wait for each other in one order: nobody stands still, nothing is lost."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connections

from servicedesk.client_address import ClientAddress
from servicedesk.models import LimitReached, NumberChange, SmsDevice, sms_device
from servicedesk.models.sms_budget import SmsBudget
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

HERE, ELSEWHERE = ClientAddress("10.9.9.1/32", "10.9.9.0/24"), ClientAddress("10.77.1.1/32", "10.77.1.0/24")
# Long enough for another thread to come to the lock that it has to wait for.
MEANWHILE = 0.5


def in_thread(pool, act, *args, **kwargs):
    """The future of ``act(…)`` on a connection of its own; the name of a limit that it reaches is a result too."""

    def run():
        try:
            return act(*args, **kwargs)
        except LimitReached as reached:
            return reached.name
        finally:
            connections.close_all()

    return pool.submit(run)


class Pause:
    """Makes the first thread that comes out of a function stand still there: until ``until`` is reached, another
    Pause, or else for as long as others need to come to the locks that it holds."""

    def __init__(self, monkeypatch, owner, name, until=None):
        self.reached = Event()
        original = getattr(owner, name)

        def paused(*args, **kwargs):
            answer = original(*args, **kwargs)
            if not self.reached.is_set():
                self.reached.set()
                until.reached.wait(20) if until else time.sleep(MEANWHILE)
            return answer

        monkeypatch.setattr(owner, name, paused)


class TestCodes:
    def test_a_change_of_number_and_sign_ins_at_once_are_all_served(self, monkeypatch):
        """The change has counted its first code, a sign-in from the same address comes with its wish counted."""
        citizen = factories.make_citizen()
        at_the_budget = Pause(monkeypatch, SmsBudget, "spend")
        counted = Pause(monkeypatch, sms_device, "count_asking", until=at_the_budget)
        with ThreadPoolExecutor(3) as pool:
            beside = in_thread(pool, SmsDevice.begin, "+989350000002", HERE)
            assert counted.reached.wait(20)
            change = in_thread(pool, NumberChange.begin, citizen, "+989350000001", HERE, "the telephone")
            assert at_the_budget.reached.wait(20)
            before = time.monotonic()
            elsewhere = in_thread(pool, SmsDevice.begin, "+989350000003", ELSEWHERE)
            assert isinstance(elsewhere.result(), SmsDevice)
            waited = time.monotonic() - before
            assert isinstance(change.result(), NumberChange)
            assert isinstance(beside.result(), SmsDevice)
        # PostgreSQL looks for deadlocks after a second; so long everybody would have stood in line.
        assert waited < MEANWHILE + 0.5
