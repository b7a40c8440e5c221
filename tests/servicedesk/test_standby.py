"""Hands for the outbox that need no broker."""

import threading
from contextlib import contextmanager

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client
from kombu.exceptions import OperationalError

from servicedesk.models import OutgoingMessage
from servicedesk.models.outbox import State
from servicedesk.standby import PATIENCE, Standby
from tests.factories import make_staff
from tests.gateway_double import GatewayDouble
from tests.outside.running import until

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def double(settings):
    with GatewayDouble() as gateway:
        settings.SMS_GATEWAYS = [gateway.url]
        yield gateway


@contextmanager
def at_work(*standbys):
    threads = [threading.Thread(target=standby.run) for standby in standbys]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for standby in standbys:
            standby.stop()
        for thread in threads:
            thread.join()


def owe(count, kind="message"):
    given = {"kind": kind, "recipient": "+989000000001", "text": "سلام", "language": "fa"}
    owed = [OutgoingMessage.owe(dedupe_key=f"{kind}{number}", **given) for number in range(count)]
    # Their nudges were lost a while ago.
    OutgoingMessage.objects.update(next_at=F("next_at") - 2 * PATIENCE)
    return owed


def sent(kind):
    return OutgoingMessage.objects.filter(kind=kind, state=State.SENT).count()


def test_two_of_them_send_each_message_once(double):
    owe(40)
    with at_work(Standby(), Standby()):
        until(lambda: sent("message") == 40, 30, "all messages")
    assert double.counts()["accepted"] == 40


def test_messages_that_take_long_hold_up_no_code(double):
    double.control("slow", count=2, delay=6)
    owe(2)
    with at_work(Standby()):
        until(lambda: double.counts()["accepted"] == 2, 10, "the messages on their way")
        owe(1, "code")
        until(lambda: sent("code") == 1, 4, "the code")
        assert sent("message") == 0


def test_without_the_broker_the_link_to_a_new_password_is_mailed(monkeypatch):
    def away(*_args, **_options):
        raise OperationalError

    monkeypatch.setattr("celery.Celery.send_task", away)
    make_staff("sara")
    with at_work(Standby()):
        Client().post("/admin/password_reset/", {"email": "sara@example.ir"})
        until(lambda: sent("link") == 1, 20, "the mail")
    assert [mailed.to for mailed in mail.outbox] == [["sara@example.ir"]]
