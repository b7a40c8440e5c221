"""The outbox against a gateway that speaks HTTP and can lie, refuse, hang and cut off."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from servicedesk.client_address import ClientAddress
from servicedesk.delivery.sms_text import parts
from servicedesk.models import OutgoingMessage, SmsDevice
from servicedesk.models.outbox import MOST_ATTEMPTS, State
from servicedesk.outgoing import deliver_message
from servicedesk.sweeping import sweep
from tests.gateway_double import GatewayDouble

NUMBER = "+989000000001"


@pytest.fixture
def double(settings):
    with GatewayDouble() as gateway:
        settings.SMS_GATEWAYS = [gateway.url]
        yield gateway


@pytest.fixture
def message(db):
    return owe("first")


def owe(key):
    return OutgoingMessage.owe(kind="message", recipient=NUMBER, text="سلام", language="fa", dedupe_key=key)


def make_due(message):
    OutgoingMessage.objects.filter(pk=message.pk).update(next_at=Now())


def state_after_delivery(message):
    deliver_message(message.pk)
    message.refresh_from_db()
    return message.state


def test_a_message_goes_out_once_under_our_id(double, message):
    assert state_after_delivery(message) == State.SENT
    assert state_after_delivery(message) == State.SENT
    [post] = double.posts
    assert (post["id"], post["to"], post["kind"], post["text"]) == (str(message.pk), NUMBER, "message", "سلام")
    assert message.gateway_id
    assert message.final_at


def test_the_same_debt_is_owed_once(message):
    assert owe("first").pk == message.pk
    assert OutgoingMessage.objects.count() == 1


def test_a_refusal_of_the_message_is_final(double, message):
    double.control("refuse")
    assert state_after_delivery(message) == State.FAILED
    assert message.last_error


def test_a_passing_failure_waits_longer_each_time(double, message):
    double.control(500)
    waits = []
    for _ in range(3):
        make_due(message)
        assert state_after_delivery(message) == State.QUEUED
        waits.append((message.next_at - timezone.now()).total_seconds())
    assert 20 < waits[0] < 40 < waits[1] < 75 < waits[2] < 150


def test_after_the_last_try_it_is_given_up_and_shown_to_people(double, message):
    double.control(500)
    OutgoingMessage.objects.update(attempts=MOST_ATTEMPTS - 1)
    assert state_after_delivery(message) == State.DEAD
    assert list(OutgoingMessage.objects.undelivered()) == [message]


def test_the_second_gateway_serves_when_the_first_fails(double, message, settings):
    with GatewayDouble() as second:
        settings.SMS_GATEWAYS = [double.url, second.url]
        double.control(503)
        assert state_after_delivery(message) == State.SENT
        assert len(second.posts) == 1


def test_a_lost_answer_is_asked_for_before_sending_again(double, message):
    double.control("drop_after_accept", count=1)
    assert state_after_delivery(message) == State.UNKNOWN
    make_due(message)
    assert state_after_delivery(message) == State.SENT
    assert len(double.posts) == 1


def test_a_connection_that_broke_before_acceptance_is_sent_again(double, message):
    double.control("drop_before", count=1)
    state_after_delivery(message)
    make_due(message)
    assert state_after_delivery(message) == State.SENT
    assert double.counts()["sms"] == 1


def test_a_garbled_answer_is_asked_for(double, message):
    double.control("garbage", count=1)
    assert state_after_delivery(message) == State.UNKNOWN
    make_due(message)
    assert state_after_delivery(message) == State.SENT


def test_a_message_whose_worker_died_is_asked_for_by_the_next(double, message):
    dead = OutgoingMessage.claim(message.pk)
    dead.record_trying(double_name(double))
    assert OutgoingMessage.claim(message.pk) is None
    OutgoingMessage.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert state_after_delivery(message) == State.SENT
    # The dead worker wakes up: what it writes counts no more.
    assert not dead.record_refused("late", "late")
    message.refresh_from_db()
    assert message.state == State.SENT


def double_name(double):
    return double.url.rpartition("/")[0] if double.url.count("/") > 2 else double.url


def test_recovery_pulls_waiting_messages_forward(double, message):
    double.control(500, count=1)
    assert state_after_delivery(message) == State.QUEUED
    assert not OutgoingMessage.objects.due().exists()
    deliver_message(owe("second").pk)
    assert list(OutgoingMessage.objects.due()) == [message]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_many_workers_one_sends(double):
    message = owe("first")

    def work(_):
        try:
            deliver_message(message.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(work, range(16)))
    assert len(double.posts) == 1


@pytest.fixture
def code(db):
    return SmsDevice.begin(NUMBER, ClientAddress("192.0.2.1", "192.0.2.0")).codes.get()


def test_a_code_leaves_in_plain_and_is_kept_nowhere_in_plain(double, code):
    message = code.messages.get()
    assert code.digits not in message.text
    assert state_after_delivery(message) == State.SENT
    [post] = double.posts
    assert post["kind"] == "code"
    assert post["text"].splitlines()[-1] == f"@localhost #{code.digits}"
    assert parts(post["text"]) == 1
    with connection.cursor() as cursor:
        for table in ("servicedesk_outgoingmessage", "servicedesk_smscode", "servicedesk_smsdevice"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert not any(code.digits in row for (row,) in cursor.fetchall())


def test_a_code_whose_time_is_over_is_not_sent(double, code):
    OutgoingMessage.objects.update(not_after=Now() - timedelta(seconds=1))
    message = code.messages.get()
    state_after_delivery(message)
    assert OutgoingMessage.expire_lapsed() == 1
    message.refresh_from_db()
    assert message.state == State.EXPIRED
    assert not double.posts


def test_a_code_takes_the_second_gateway_at_once(double, code, settings):
    with GatewayDouble() as second:
        settings.SMS_GATEWAYS = [double.url, second.url]
        double.control("drop_after_accept")
        assert state_after_delivery(code.messages.get()) == State.SENT
        assert len(second.posts) == 1


def left_by_a_dead_worker(message, gateway, *, had_sent):
    """A claimed row whose worker was killed: before it reached the gateway, or after the gateway had taken it."""
    OutgoingMessage.claim(message.pk).record_trying(double_name(gateway))
    if had_sent:
        gateway.note(str(message.pk), NUMBER, message.kind, "—", "accept")
    OutgoingMessage.objects.update(lease_until=Now() - timedelta(seconds=1))


@pytest.mark.parametrize("had_sent", [True, False])
def test_a_code_whose_worker_died_comes_once(double, code, had_sent):
    message = code.messages.get()
    left_by_a_dead_worker(message, double, had_sent=had_sent)
    assert state_after_delivery(message) == State.SENT
    assert double.counts()["accepted"] == 1


def test_a_message_that_ends_its_worker_each_time_is_given_up_and_shown(double, message):
    for _ in range(MOST_ATTEMPTS + 3):
        if OutgoingMessage.claim(message.pk):
            OutgoingMessage.objects.update(lease_until=Now() - timedelta(seconds=1))
    sweep()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.UNKNOWN, MOST_ATTEMPTS)
    assert list(OutgoingMessage.objects.unattended()) == [message]


def test_whatever_length_a_gateways_own_id_has_the_message_is_sent_once(double, message, monkeypatch):
    given = double.note

    def note(*args):
        kept = given(*args)
        kept["gateway_id"] = "g" * 200
        return kept

    monkeypatch.setattr(double, "note", note)
    assert state_after_delivery(message) == State.SENT
    assert message.gateway_id == "g" * 200
    make_due(message)
    deliver_message(message.pk)
    assert double.counts()["accepted"] == 1


def test_a_gateways_module_that_breaks_costs_one_try_and_no_words(double, message, monkeypatch, capfd, caplog):
    def broken(*_, **__):
        raise RuntimeError(f"could not send to {NUMBER}")

    monkeypatch.setattr("servicedesk.delivery.webhook.exchange", broken)
    assert state_after_delivery(message) == State.UNKNOWN
    assert message.last_error == "broke"
    assert NUMBER not in capfd.readouterr().err + caplog.text


def test_a_code_whose_worker_died_is_sent_again_where_the_gateway_says_nothing(double, code):
    double.askable = False
    message = code.messages.get()
    left_by_a_dead_worker(message, double, had_sent=True)
    assert state_after_delivery(message) == State.SENT
    assert double.counts()["accepted"] == 2


def test_a_dead_worker_holds_a_code_for_seconds_only(code, message):
    held = {kind: OutgoingMessage.claim(pk) for kind, pk in (("code", code.messages.get().pk), ("message", message.pk))}
    seconds = {kind: (row.lease_until - timezone.now()).total_seconds() for kind, row in held.items()}
    assert seconds["code"] < 16
    assert 44 < seconds["message"] < 46


@pytest.fixture
def callback(settings):
    return f"/desk/sms/{settings.SMS_CALLBACK_SECRET}/"


def report(client, url, **receipt):
    return client.post(url, receipt, content_type="application/json")


def test_receipts_move_the_state_forward_only(client, callback, double, message):
    state_after_delivery(message)
    for state, expected in (
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("failed", "delivered"),
    ):
        assert report(client, callback, id=str(message.pk), state=state).status_code == 200
        message.refresh_from_db()
        assert message.state == expected


def test_receipts_may_name_the_gateways_own_id(client, callback, double, message):
    state_after_delivery(message)
    assert report(client, callback, id=message.gateway_id, state="delivered").status_code == 200
    message.refresh_from_db()
    assert message.state == State.DELIVERED


def test_kavenegars_receipt_comes_as_a_form(client, callback, message):
    OutgoingMessage.objects.update(state="sent", attempts=1, gateway="kavenegar://10004346", gateway_id="85463238")
    assert client.post(callback, {"messageid": "85463238", "status": "14"}).status_code == 200
    message.refresh_from_db()
    assert message.state == State.FAILED


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"id": "1", "state": "eaten"}', "\0", '{"id": {}, "state": []}'])
def test_a_garbled_receipt_is_refused(client, callback, db, body):
    assert client.post(callback, body, content_type="application/json").status_code == 400


def test_receipts_about_strangers_are_swallowed_and_a_wrong_secret_finds_nothing(client, callback, db):
    assert report(client, callback, id="987654321987654321987654321", state="delivered").status_code == 200
    assert report(client, callback, id="g\0x", state="delivered").status_code == 200
    assert report(client, "/desk/sms/wrong/", id="1", state="delivered").status_code == 404
