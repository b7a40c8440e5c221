"""A mail server that takes connections and says nothing: what it costs those who wait for an SMS."""

import queue
import threading
import time

import pytest
from django.db import connections

from servicedesk.models import OutgoingMessage
from servicedesk.models.outbox import Channel, State
from servicedesk.outgoing import deliver_message
from servicedesk.standby import Standby
from tests.gateway_double import GatewayDouble
from tests.smtp_double import SmtpDouble

# As deploy/systemd starts them: the queues of a worker, and how many hands it has.
WORKERS = ((("codes", "messages"), 4), (("files",), 1))
MAILS = 12
# What a code may take.
LONGEST = 3

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def gateway(settings):
    with GatewayDouble() as running:
        settings.SMS_GATEWAYS = [running.url]
        yield running


@pytest.fixture
def hanging_mail(settings):
    with SmtpDouble() as server:
        server.hang = True
        settings.MAILERS = server.mailer()
        yield server


@pytest.fixture
def workers(monkeypatch):
    """Threads that take up nudges in their order, as the workers of the shipped units do."""
    waiting = {name: queue.Queue() for names, _hands in WORKERS for name in names}
    over = threading.Event()
    monkeypatch.setattr("servicedesk.models.outbox.nudge", lambda pk, name, **_: waiting[name].put(pk))

    def work(names):
        while not over.is_set():
            for name in names:
                try:
                    pk = waiting[name].get(timeout=0.05)
                except queue.Empty:
                    continue
                deliver_message(pk)
        connections.close_all()

    hands = [threading.Thread(target=work, args=[names]) for names, count in WORKERS for _ in range(count)]
    for hand in hands:
        hand.start()
    yield
    over.set()
    for hand in hands:
        hand.join()


@pytest.fixture
def standby():
    running = Standby()
    thread = threading.Thread(target=running.run)
    thread.start()
    yield
    running.stop()
    thread.join()


def owe(channel, number, kind="message"):
    recipient = "+989000000001" if channel == Channel.SMS else f"person-{number}@example.ir"
    given = {"kind": kind, "channel": channel, "recipient": recipient, "text": "سلام\n\nسلام", "language": "fa"}
    return OutgoingMessage.owe(dedupe_key=f"{channel}{kind}{number}", **given)


def seconds_until_sent(*messages):
    began = time.monotonic()
    sent = OutgoingMessage.objects.filter(pk__in=[message.pk for message in messages], state=State.SENT)
    while sent.count() < len(messages):
        assert time.monotonic() < began + 30
        time.sleep(0.05)
    return time.monotonic() - began


def owe_mails_then_sms():
    """Seconds until a code and a message are out that are owed just behind many e-mails."""
    for number in range(MAILS):
        owe(Channel.EMAIL, number)
    time.sleep(1.5)
    seconds = seconds_until_sent(owe(Channel.SMS, 0, "code"), owe(Channel.SMS, 1))
    print(f"behind {MAILS} e-mails to a server that hangs: {seconds:.1f} s")
    return seconds


def test_no_sms_waits_behind_mail_in_the_workers(gateway, hanging_mail, workers):
    assert owe_mails_then_sms() < LONGEST


def test_no_sms_waits_behind_mail_in_the_standby(gateway, hanging_mail, standby, monkeypatch):
    monkeypatch.setattr("servicedesk.models.outbox.nudge", lambda *_, **__: None)
    assert owe_mails_then_sms() < LONGEST
