"""Sending through the JSON webhook, whatever the far side does."""

import json
import socket
import threading
import time

import pytest

from servicedesk.delivery.message import Accepted, Report
from servicedesk.delivery.webhook import Webhook
from tests.servicedesk.delivery.conftest import NUMBER, TEXT, code_message, failure, message, nobody_left


@pytest.fixture
def webhook(double):
    return Webhook(double.url)


def test_a_message_is_posted_as_the_issue_says(double, webhook):
    accepted = webhook.send(message(), 4)
    assert accepted == Accepted(double.find("42")["gateway_id"], "sent")
    method, path, headers, body = double.requests[0]
    assert (method, path, headers["Content-Type"]) == ("POST", "/sms", "application/json")
    assert json.loads(body) == {"id": "42", "to": NUMBER, "kind": "message", "text": TEXT}


def test_a_repeated_id_is_the_same_message(double, webhook):
    assert webhook.repeats_safely
    assert webhook.send(message(), 4) == webhook.send(message(), 4)
    assert {**double.counts()} | {"posts": 2, "unique": 1, "duplicates": 1, "sms": 1} == double.counts()


def test_user_and_password_go_out_as_basic_authentication_and_the_query_stays(double):
    webhook = Webhook(double.url.replace("http://", "http://desk:secret@") + "?token=t0ps3cret")
    webhook.send(message(), 4)
    webhook.look_up(message(), 4)
    assert double.requests[0][1] == "/sms?token=t0ps3cret"
    assert double.requests[0][2]["Authorization"] == "Basic ZGVzazpzZWNyZXQ="
    assert "secret" not in f"{webhook!r} {webhook.name}"


@pytest.mark.parametrize(
    ("mode", "reason", "fault", "answer_lost"),
    [
        ("refuse", "http_422", "message", False),
        ("400", "http_400", "message", False),
        ("413", "http_413", "message", False),
        ("401", "http_401", "gateway", False),
        ("402", "http_402", "gateway", False),
        ("403", "http_403", "gateway", False),
        ("404", "http_404", "gateway", False),
        ("307", "http_307", "gateway", False),
        ("408", "http_408", "passing", False),
        ("425", "http_425", "passing", False),
        ("429", "http_429", "passing", False),
        ("500", "http_500", "passing", False),
        ("503", "http_503", "passing", False),
        ("502", "http_502", "passing", True),
        ("504", "http_504", "passing", True),
        ("garbage", "unreadable_answer", "passing", True),
        ("huge", "unreadable_answer", "passing", True),
        ("drop_before", "connection_lost", "passing", True),
        ("drop_after_accept", "connection_lost", "passing", True),
    ],
)
def test_each_failure_is_sorted_by_fault(double, webhook, mode, reason, fault, answer_lost):
    double.control(mode)
    error = failure(webhook.send, message(), 4)
    assert (error.reason, error.fault, error.answer_lost) == (reason, fault, answer_lost)
    assert error.permanent is (fault == "message")
    # One attempt, one post: nothing repeats inside, no redirect is followed.
    assert double.counts()["posts"] == 1


@pytest.mark.parametrize("mode", ["hang", "hang_after_accept", "slow", "drip"])
def test_no_far_side_holds_a_worker_beyond_its_time(double, webhook, mode):
    double.control(mode, delay=0.3 if mode == "drip" else 30)
    started = time.monotonic()
    with nobody_left():
        error = failure(webhook.send, message(), 0.8)
    assert time.monotonic() - started < 1.5
    assert (error.reason, error.fault, error.answer_lost) == ("timeout", "passing", True)


def test_a_slow_answer_within_its_time_is_an_answer(double, webhook):
    double.control("slow", delay=0.3)
    assert webhook.send(message(), 4).gateway_id


def test_nobody_listening_is_no_lost_answer():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        webhook = Webhook(f"http://127.0.0.1:{closed.getsockname()[1]}/sms")
        error = failure(webhook.send, message(), 4)
    assert (error.reason, error.fault, error.answer_lost) == ("no_connection", "passing", False)


def test_a_host_that_does_not_accept_is_no_lost_answer():
    """A full backlog lets nobody in: the connection never stands."""
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for client in (first, second):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        webhook = Webhook(f"http://127.0.0.1:{full.getsockname()[1]}/sms")
        with nobody_left():
            error = failure(webhook.send, message(), 0.5)
    assert (error.reason, error.answer_lost) == ("no_connection", False)


def test_a_host_without_tls_is_the_gateways_fault(double):
    error = failure(Webhook(double.url.replace("http://", "https://")).send, message(), 4)
    assert (error.reason, error.fault, error.answer_lost) == ("untrusted_certificate", "gateway", False)
    assert double.counts()["posts"] == 0


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [("7", 7, 7), ("99999", 1800, 1800), ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0), ("soon", None, None)],
)
def test_retry_after_is_heeded_and_bounded(double, webhook, header, low, high):
    double.control("429", retry_after=header)
    waited = failure(webhook.send, message(), 4).retry_after
    assert waited is None if low is None else low <= waited <= high


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": null}', b'{"id": true}', b'{"id": ""}', b"[" * 60000])
def test_a_yes_without_an_id_needs_a_look_up(body):
    error = failure(Webhook(_answering(b"HTTP/1.0 200 OK\r\n\r\n" + body)).send, message(), 4)
    assert (error.reason, error.answer_lost) == ("unreadable_answer", True)


def test_an_id_may_be_a_number():
    webhook = Webhook(_answering(b'HTTP/1.0 201 Created\r\n\r\n{"id": 17}'))
    assert webhook.send(message(), 4).gateway_id == "17"


@pytest.mark.parametrize("state", ["sent", "delivered", "failed"])
def test_look_up_tells_the_state(double, webhook, state):
    webhook.send(message(), 4)
    double.set_state("42", state)
    assert webhook.look_up(message(), 4) == Report(state)
    assert double.counts()["look_ups"] == 1


def test_after_a_lost_answer_the_look_up_decides(double, webhook):
    double.control("drop_after_accept", count=1)
    assert failure(webhook.send, message(), 4).answer_lost
    assert webhook.look_up(message(), 4) == Report("sent")
    double.control("drop_before", count=1)
    assert failure(webhook.send, code_message(), 4).answer_lost
    assert webhook.look_up(code_message(), 4) is None


@pytest.mark.parametrize(
    "answer", [b"200 OK\r\n\r\n{}", b"200 OK\r\n\r\n<html>", b"500 Oops\r\n\r\n", b"301 M\r\n\r\n"]
)
def test_a_look_up_that_fails_says_nothing_of_the_message(answer):
    error = failure(Webhook(_answering(b"HTTP/1.0 " + answer)).look_up, message(), 4)
    assert not error.permanent
    assert not error.answer_lost


def test_the_environments_proxy_is_not_used(double, webhook, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert webhook.send(message(), 4).gateway_id


def _answering(data):
    """The address of a server that answers one request with these bytes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener, listener.accept()[0] as client:
            client.recv(65536)
            client.sendall(data)
            client.shutdown(socket.SHUT_WR)
            # Read what is left, so that closing does not reset the answer away.
            while client.recv(65536):
                pass

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/sms"
