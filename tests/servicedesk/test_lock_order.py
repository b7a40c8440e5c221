"""Two who want the same things at once wait for each other in one order: nobody stands still, nothing is lost."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.db import OperationalError, connections
from django.db.models import F
from django.utils import timezone

from servicedesk import purging
from servicedesk.client_address import ClientAddress
from servicedesk.models import (
    Letter,
    LimitReached,
    LongAbsence,
    NumberChange,
    RemovalRecord,
    RemovalRequest,
    SmsDevice,
    User,
    sms_device,
)
from servicedesk.models.event import EventQuerySet
from servicedesk.models.sms_budget import SmsBudget
from servicedesk.models.user import CitizenManager
from tests import factories
from tests.servicedesk.test_retention import ago

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
            elsewhere = in_thread(pool, SmsDevice.begin, "+989350000003", ELSEWHERE)
            # Of two that wait for each other one would be «uncounted».
            assert isinstance(change.result(), NumberChange)
            assert isinstance(beside.result(), SmsDevice)
            assert isinstance(elsewhere.result(), SmsDevice)


class TestRemovals:
    @pytest.fixture
    def idle(self):
        """A citizen without letters who has not been here for two years."""
        citizen = factories.make_citizen()
        User.citizens.filter(pk=citizen.pk).update(date_joined=timezone.now() - timedelta(days=800))
        return citizen

    def remove_by_wish(self, citizen):
        RemovalRecord.remove_account(citizen, why="wish")

    def remove_by_time(self, _citizen):
        purging.keep_no_longer_than_promised()

    @pytest.mark.parametrize("way", ["remove_by_wish", "remove_by_time"])
    def test_a_code_is_typed_while_the_account_goes(self, monkeypatch, idle, way):
        device = SmsDevice.begin(idle.mobile, HERE)
        code = device.codes.get().digits
        pause = Pause(monkeypatch, CitizenManager, "owning")
        with ThreadPoolExecutor(2) as pool:
            typed = in_thread(pool, device.check_code, code)
            assert pause.reached.wait(20)
            removed = in_thread(pool, getattr(self, way), idle)
            assert typed.result() == "right"
            removed.result()
        assert not User.citizens.filter(pk=idle.pk).exists()
        assert not SmsDevice.objects.exists()

    def test_one_letter_goes_by_time_while_the_account_goes_by_wish(self, monkeypatch, leila, water, sara):
        letter = factories.make_answered_letter(leila, water, sara)
        User.citizens.filter(pk=leila.pk).update(last_name_used=letter.sender_name)
        pause = Pause(monkeypatch, EventQuerySet, "redact")
        with ThreadPoolExecutor(2) as pool:
            by_time = in_thread(pool, RemovalRecord.anonymise, letter, why="retention")
            assert pause.reached.wait(20)
            by_wish = in_thread(pool, RemovalRecord.remove_account, leila, why="wish")
            by_time.result()
            by_wish.result()
        assert not User.citizens.filter(pk=leila.pk).exists()
        assert sorted(RemovalRecord.objects.values_list("what", flat=True)) == ["account", "letter"]

    def test_the_citizen_takes_another_number_while_one_letter_goes(self, monkeypatch, leila, water, sara):
        letter = factories.make_answered_letter(leila, water, sara)
        User.citizens.filter(pk=leila.pk).update(last_name_used=letter.sender_name)
        change = NumberChange.begin(leila, "+989350000001", HERE)
        for device in (change.old, change.new):
            device.check_code(device.codes.get().digits)
        pause = Pause(monkeypatch, type(letter.messages.all()), "call_off")
        with ThreadPoolExecutor(2) as pool:
            by_time = in_thread(pool, RemovalRecord.anonymise, letter, why="retention")
            assert pause.reached.wait(20)
            moved = in_thread(pool, change.finish)
            by_time.result()
            moved.result()
        assert User.citizens.get(pk=leila.pk).mobile == "+989350000001"

    def test_who_got_the_number_asks_while_an_earlier_wish_is_carried_out(
        self, monkeypatch, leila, water, sara, admin_user
    ):
        factories.make_answered_letter(leila, water, sara)
        wish = RemovalRequest.ask(leila)
        LongAbsence.objects.create(user=leila)
        pause = Pause(monkeypatch, RemovalRequest, "_tell")
        with ThreadPoolExecutor(2) as pool:
            done = in_thread(pool, wish.carry_out, by=admin_user)
            assert pause.reached.wait(20)
            asked = in_thread(pool, RemovalRequest.ask, leila)
            done.result()
            assert asked.result().state == "open"
        # The letters of before are kept as long as promised, and the account that they hang on.
        assert User.citizens.filter(pk=leila.pk).exists()


def test_one_removal_that_fails_stops_no_other(monkeypatch, caplog, leila, water, sara, service):
    first, second = (factories.make_answered_letter(leila, water, sara, service=service) for _ in range(2))
    idle = factories.make_citizen()
    User.citizens.filter(pk=idle.pk).update(date_joined=timezone.now() - timedelta(days=800))
    for letter in (first, second):
        ago(letter, days=735)
    Letter.objects.filter(pk=first.pk).update(submitted_at=F("submitted_at") - timedelta(days=1))
    anonymise = RemovalRecord.anonymise.__func__

    def fail_at_first(cls, letter, **why):
        if letter.pk == first.pk:
            raise OperationalError("deadlock detected: Key (mobile)=(+989121234567)")
        return anonymise(cls, letter, **why)

    monkeypatch.setattr(RemovalRecord, "anonymise", classmethod(fail_at_first))
    assert purging.keep_no_longer_than_promised() == 1
    assert not Letter.objects.get(pk=first.pk).anonymised_at
    assert Letter.objects.get(pk=second.pk).anonymised_at
    assert not User.citizens.filter(pk=idle.pk).exists()
    assert "OperationalError" in caplog.text
    assert "+98912" not in caplog.text
