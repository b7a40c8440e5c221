"""Gateways that do not report by themselves are asked what became of messages."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from servicedesk.models import OutgoingMessage
from servicedesk.models.outbox import State
from servicedesk.outgoing import deliver_message
from servicedesk.sweeping import ask_gateways
from tests.gateway_double import GatewayDouble

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["kavenegar", "smsir"])
def double(request, settings):
    with GatewayDouble() as gateway:
        settings.SMS_GATEWAYS = [getattr(gateway, f"{request.param}_url")()]
        yield gateway


def send(count=1):
    messages = [
        OutgoingMessage.owe(
            kind="message", recipient="+989000000001", text="سلام", language="fa", dedupe_key=f"m{number}"
        )
        for number in range(count)
    ]
    for message in messages:
        deliver_message(message.pk)
        message.refresh_from_db()
    return messages


def tell(double, message, state):
    double.find(gateway_id=message.gateway_id)["state"] = state


def ask_now():
    """A turn of the timetable, when each message's time has come."""
    OutgoingMessage.objects.exclude(ask_at=None).update(ask_at=Now())
    ask_gateways()


def after(message):
    message.refresh_from_db()
    return message.state, message.last_error


def test_what_arrived_and_what_did_not(double):
    arrived, blocked, lost, underway = send(4)
    assert 0 < (arrived.ask_at - timezone.now()).total_seconds() <= 60
    for message, state in ((arrived, "delivered"), (blocked, "blocked"), (lost, "failed")):
        tell(double, message, state)
    ask_now()
    assert after(arrived) == (State.DELIVERED, "")
    assert arrived.delivered_at >= arrived.sent_at
    assert after(blocked) == (State.FAILED, "blocked_by_recipient")
    assert after(lost)[0] == State.FAILED
    assert after(underway) == (State.SENT, "")
    assert underway.ask_at
    assert not any((arrived.ask_at, blocked.ask_at, lost.ask_at))


def test_nobody_is_asked_before_the_time(double):
    send()
    ask_gateways()
    assert double.counts()["look_ups"] == 0


def test_the_pause_grows_with_the_age_and_the_window_ends_it(double):
    [message] = send()
    for age, low, high in ((timedelta(minutes=10), 250, 350), (timedelta(hours=30), 6 * 3600 - 60, 6 * 3600 + 60)):
        OutgoingMessage.objects.update(sent_at=Now() - age)
        ask_now()
        message.refresh_from_db()
        assert low < (message.ask_at - timezone.now()).total_seconds() < high
    OutgoingMessage.objects.update(sent_at=Now() - timedelta(hours=49))
    ask_now()
    message.refresh_from_db()
    assert (message.state, message.ask_at) == (State.SENT, None)


def test_no_news_moves_nothing(double):
    [message] = send()
    double.messages.clear()
    ask_now()
    assert after(message) == (State.SENT, "")


def test_a_final_word_is_not_taken_back(double):
    [message] = send()
    OutgoingMessage.receipt(message.pk, "delivered")
    tell(double, message, "failed")
    OutgoingMessage.objects.update(ask_at=Now())
    ask_now()
    assert after(message)[0] == State.DELIVERED


def test_a_gateway_that_does_not_answer_is_asked_again_later(double):
    [message] = send()
    tell(double, message, "delivered")
    double.askable = False
    ask_now()
    assert after(message)[0] == State.SENT
    double.askable = True
    ask_now()
    assert after(message)[0] == State.DELIVERED


def test_many_are_asked_about_in_few_questions(settings):
    with GatewayDouble() as double:
        settings.SMS_GATEWAYS = [double.kavenegar_url()]
        messages = send(12)
        for message in messages:
            tell(double, message, "delivered")
        ask_now()
        assert double.counts()["look_ups"] == 1
        assert OutgoingMessage.objects.filter(state=State.DELIVERED).count() == 12
