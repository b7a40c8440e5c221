"""Gateways in trouble: who serves meanwhile, how trouble is found over, and what waited then leaves."""

from datetime import timedelta

import pytest
from django.db.models import F, Sum
from django.db.models.functions import Now
from django.utils import timezone

from servicedesk.models import Alarm, GatewayState, OutgoingMessage
from servicedesk.models.gateway_state import MOST_FAILURES
from servicedesk.models.outbox import A_SECOND, MOST_ATTEMPTS, State
from servicedesk.outgoing import deliver_message
from servicedesk.sweeping import sweep
from tests.gateway_double import GatewayDouble

NUMBER = "+989000000001"


@pytest.fixture
def first(settings):
    with GatewayDouble() as gateway:
        settings.SMS_GATEWAYS = [gateway.url]
        yield gateway


@pytest.fixture
def second(first, settings):
    with GatewayDouble() as gateway:
        settings.SMS_GATEWAYS = [first.url, gateway.url]
        yield gateway


@pytest.fixture
def worker(monkeypatch):
    """Takes each nudge of a sweep at once. ``worker()`` is one sweep; gives the ids it was nudged about."""

    def run():
        nudged = []
        monkeypatch.setattr("servicedesk.sweeping.nudge", lambda pk, queue, **_: nudged.append(pk))
        sweep()
        for pk in nudged:
            deliver_message(pk)
        return nudged

    return run


def owe(count=1, **more):
    given = {"kind": "message", "recipient": NUMBER, "text": "سلام", "language": "fa", **more}
    number = OutgoingMessage.objects.count()
    return [OutgoingMessage.owe(dedupe_key=f"m{number + n}", **given) for n in range(count)]


def send(count=1, **more):
    messages = owe(count, **more)
    for message in messages:
        deliver_message(message.pk)
    return messages


def states(messages):
    return list(
        OutgoingMessage.objects.filter(pk__in=[m.pk for m in messages]).order_by("pk").values_list("state", flat=True)
    )


def name_of(double):
    return double.root


def pass_time(seconds):
    """Lets the circuits, and the messages, grow older."""
    by = timedelta(seconds=seconds)
    for name in ("failing_since", "opened_at", "probe_at"):
        GatewayState.objects.update(**{name: F(name) - by})
    OutgoingMessage.objects.update(next_at=F("next_at") - by)


pytestmark = pytest.mark.django_db


def test_after_five_failures_the_next_gateway_serves_alone(first, second):
    first.control(503)
    assert states(send(MOST_FAILURES + 10)) == [State.SENT] * (MOST_FAILURES + 10)
    assert (len(first.posts), len(second.posts)) == (MOST_FAILURES, MOST_FAILURES + 10)


def test_failures_far_apart_open_no_circuit(first, second):
    first.control(503)
    for _ in range(MOST_FAILURES * 2):
        send()
        state = GatewayState.objects.get()
        GatewayState.objects.update(failures=[at - timedelta(seconds=10) for at in state.failures])
    assert len(first.posts) == MOST_FAILURES * 2


def test_a_success_in_between_forgives(first, second):
    for mode in (503, 503, 503, 503, "accept", 503, 503, 503, 503):
        first.control(mode)
        send()
    assert GatewayState.open_among([name_of(first)]) == set()


def test_an_open_circuit_lets_one_message_through_now_and_then(first, second):
    first.control(503)
    send(MOST_FAILURES + 3)
    first.control("accept")
    send(3)
    assert len(first.posts) == MOST_FAILURES
    pass_time(16)
    send(3)
    # One tried it, it works, the others followed.
    assert len(first.posts) == MOST_FAILURES + 3
    assert GatewayState.open_among([name_of(first)]) == set()


def test_while_it_is_still_away_one_message_each_time_finds_that_out(first, second):
    first.control(503)
    send(MOST_FAILURES)
    for _ in range(3):
        pass_time(16)
        send(4)
    assert len(first.posts) == MOST_FAILURES + 3
    assert OutgoingMessage.objects.exclude(state=State.SENT).count() == 0


def test_a_code_never_pays_for_finding_out(first, second):
    first.control(503)
    send(MOST_FAILURES)
    pass_time(16)
    send(2, kind="code")
    assert len(first.posts) == MOST_FAILURES


def test_with_every_gateway_away_waiting_costs_no_try(first, worker):
    first.control(503)
    messages = send(MOST_FAILURES + 20)
    assert len(first.posts) == MOST_FAILURES
    assert set(OutgoingMessage.objects.filter(attempts=0, state=State.QUEUED)) == set(messages[MOST_FAILURES:])
    for _ in range(40):
        pass_time(16)
        assert len(worker()) == 1
    assert len(first.posts) == MOST_FAILURES + 40
    # Each has been tried for the gateway's sake, and at most once for its own.
    assert OutgoingMessage.objects.aggregate(total=Sum("attempts"))["total"] <= len(messages)
    assert OutgoingMessage.objects.exclude(state=State.QUEUED).count() == 0


def test_after_a_long_outage_everything_leaves_at_once(first, worker):
    first.control(500)
    messages = send(60)
    # As after many hours: the next try of each would be far away.
    OutgoingMessage.objects.update(attempts=8, next_at=Now() + timedelta(minutes=29))
    first.control("accept")
    pass_time(16)
    assert len(worker()) == 1
    last = max(OutgoingMessage.objects.filter(state=State.QUEUED).values_list("next_at", flat=True))
    assert (last - timezone.now()).total_seconds() <= 60 / A_SECOND
    for _ in range(2):
        pass_time(16)
        worker()
    assert states(messages) == [State.SENT] * 60
    assert first.counts()["duplicates"] == 0


def test_one_waiting_message_alone_is_enough_to_find_the_recovery(first, worker):
    """Fewer than five failures open no circuit; the back-off of half an hour must not count all the same."""
    first.control(500)
    [message] = send()
    OutgoingMessage.objects.update(attempts=9, next_at=Now() + timedelta(minutes=30))
    first.control("accept")
    pass_time(16)
    assert worker() == [message.pk]
    assert states([message]) == [State.SENT]


def test_a_gateway_that_hangs_is_asked_and_given_nothing_new(first, second, worker, monkeypatch):
    monkeypatch.setattr("servicedesk.outgoing.MESSAGE_TIMEOUT", 0.3)
    first.control("drop_after_accept")
    first.askable = False
    lost = send(MOST_FAILURES)
    assert states(lost) == [State.UNKNOWN] * MOST_FAILURES
    for _ in range(3):
        pass_time(16)
        send(2)
        worker()
    # Whoever may have been taken waits for its word; nobody else is put at risk.
    assert len(first.posts) == MOST_FAILURES
    assert first.counts()["look_ups"] == 3
    first.askable = True
    pass_time(16)
    worker()
    pass_time(16)
    worker()
    assert states(lost) == [State.SENT] * MOST_FAILURES
    assert first.counts()["duplicates"] == 0


def test_what_only_a_gateway_in_trouble_can_tell_does_not_fill_the_sweep(first, second, worker, monkeypatch):
    monkeypatch.setattr("servicedesk.sweeping.MOST_AT_ONCE", 3)
    first.control("drop_after_accept")
    first.askable = False
    send(MOST_FAILURES)
    OutgoingMessage.objects.update(next_at=Now() - timedelta(hours=1))
    [fresh] = owe()
    assert fresh.pk in worker()
    assert states([fresh]) == [State.SENT]


def test_retry_after_is_heeded_by_the_gateways_next_try(first, worker):
    first.control(429, retry_after=300)
    send()
    pass_time(200)
    OutgoingMessage.objects.update(next_at=Now() + timedelta(seconds=100))
    assert worker() == []
    pass_time(101)
    assert len(worker()) == 1


def test_a_message_that_fails_alone_is_given_up_as_before(first, worker):
    """Others pass meanwhile: it is not the gateway. So neither does it get through for ever, nor at once."""
    [poison] = send_failing(first)
    for _ in range(MOST_ATTEMPTS - 1):
        send()
        OutgoingMessage.objects.filter(pk=poison.pk).update(next_at=Now())
        first.control(500, count=1)
        deliver_message(poison.pk)
    assert states([poison]) == [State.DEAD]


def test_a_message_that_nobody_takes_for_a_day_is_given_up(first, worker):
    """On a quiet desk it is also the one with which the gateway is tried, and those tries are not counted for a day."""
    first.control(500)
    [message] = send()
    for _ in range(2 * MOST_ATTEMPTS):
        pass_time(16)
        worker()
    assert states([message]) == [State.QUEUED]
    OutgoingMessage.objects.update(created_at=F("created_at") - timedelta(days=1))
    for _ in range(MOST_ATTEMPTS + 1):
        pass_time(16)
        worker()
    assert states([message]) == [State.DEAD]
    assert list(OutgoingMessage.objects.unattended()) == [message]


def test_sending_again_gives_a_message_another_day(first, worker, admin_user):
    first.control(500)
    [message] = owe()
    yesterday = timezone.now() - timedelta(days=2)
    OutgoingMessage.objects.update(created_at=yesterday, state=State.DEAD, final_at=yesterday)
    OutgoingMessage.resend([message.pk], admin_user)
    for _ in range(2 * MOST_ATTEMPTS):
        pass_time(16)
        worker()
    assert states([message]) == [State.QUEUED]


def send_failing(double):
    double.control(500, count=1)
    return send()


def test_a_hiccup_does_not_hurry_what_has_failed_often(first):
    [poison] = send_failing(first)
    OutgoingMessage.objects.update(attempts=7, next_at=Now() + timedelta(minutes=20))
    send()
    assert not OutgoingMessage.objects.due().exists()


def test_a_gateways_own_fault_sounds_at_once_and_settles_with_the_next_success(first, second):
    first.control(403, count=1)
    assert states(send()) == [State.SENT]
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.subject, alarm.settled_at) == ("gateway-failing", name_of(first), None)
    assert "کلید" in alarm.figures["reason"]
    send()
    alarm.refresh_from_db()
    assert alarm.settled_at


def test_a_passing_fault_sounds_when_it_lasts(first):
    first.control(503)
    send(MOST_FAILURES - 1)
    assert not Alarm.objects.exists()
    send()
    assert Alarm.objects.open().get().kind == "gateway-failing"


def test_a_message_that_is_refused_says_nothing_against_the_gateway(first):
    first.control("refuse")
    send(MOST_FAILURES * 2)
    assert not GatewayState.objects.exists()
    assert not Alarm.objects.exists()


def test_a_code_waits_behind_nobody(first, worker):
    first.control(503)
    send(MOST_FAILURES)
    [code] = owe(kind="code")
    pass_time(16)
    first.control("accept")
    assert worker()[0] == code.pk
    assert states([code]) == [State.SENT]


def test_what_people_should_see_sounds_an_alarm_until_it_is_dealt_with(first, worker):
    [message] = owe()
    OutgoingMessage.objects.update(attempts=MOST_ATTEMPTS - 1)
    first.control(500)
    deliver_message(message.pk)
    worker()
    alarm = Alarm.objects.open().get(kind="messages-undelivered")
    assert alarm.figures == {"undelivered": 1}
    assert OutgoingMessage.set_aside([message.pk]) == 1
    worker()
    assert not Alarm.objects.open().filter(kind="messages-undelivered").exists()
