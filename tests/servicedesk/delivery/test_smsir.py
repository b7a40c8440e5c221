"""sms.ir's wire format, and every code it knows."""

import json

import pytest

from servicedesk.delivery.message import BLOCKED_BY_RECIPIENT, Accepted, Report
from servicedesk.delivery.smsir import SmsIr
from tests.servicedesk.delivery.conftest import CODE, TEXT, code_message, failure, message

GATEWAY = [10, 11, 12, 13, 14, 101, 102, 113, 124]
FOR_GOOD = [103, 104, 114, 115]
AGAIN = [0, 20]


@pytest.fixture
def smsir(double):
    return SmsIr(double.smsir_url())


def test_a_message_goes_out_by_the_line(double, smsir):
    accepted = smsir.send(message(), 4)
    assert accepted.gateway_id.isdigit()
    [(method, path, headers, body)] = double.requests
    assert (method, path, headers["X-API-KEY"]) == ("POST", "/v1/send/bulk", "TESTKEY")
    assert json.loads(body) == {"lineNumber": 10004346, "messageText": TEXT, "mobiles": ["09123456789"]}


def test_a_code_fills_the_template(double, smsir):
    smsir.send(code_message(), 4)
    [(_, path, _, body)] = double.requests
    assert path == "/v1/send/verify"
    assert json.loads(body) == {
        "mobile": "09123456789",
        "templateId": 100,
        "parameters": [{"name": "CODE", "value": CODE}],
    }


def test_without_a_template_a_code_is_a_message_like_others(double):
    SmsIr(double.smsir_url(template=False)).send(code_message(), 4)
    assert double.requests[0][1] == "/v1/send/bulk"
    named = SmsIr(double.smsir_url() + "&parameter=Ramz")
    named.send(code_message(), 4)
    assert json.loads(double.requests[1][3])["parameters"][0]["name"] == "Ramz"


def test_it_can_neither_be_asked_nor_repeats(smsir):
    assert (smsir.can_look_up, smsir.repeats_safely) == (False, False)
    assert failure(smsir.look_up, message(), 4).reason == "cannot_look_up"


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        *((code, "gateway") for code in GATEWAY),
        *((code, "message") for code in FOR_GOOD),
        *((code, "passing") for code in AGAIN),
    ],
)
@pytest.mark.parametrize("http_status", [200, 400])
def test_each_code_is_sorted_by_fault(smsir, monkeypatch, code, fault, http_status):
    _answer(monkeypatch, http_status, {"status": code, "message": "no", "data": None})
    for one in (message(), code_message()):
        error = failure(smsir.send, one, 4)
        reason = BLOCKED_BY_RECIPIENT if code == 115 else f"smsir_{code}"
        assert (error.reason, error.fault, error.answer_lost) == (reason, fault, False)


@pytest.mark.parametrize(("mode", "fault"), [(401, "gateway"), (429, "passing"), (503, "passing"), (500, "passing")])
def test_an_answer_without_a_code_is_sorted_by_its_http_status(double, smsir, mode, fault):
    double.control(mode, retry_after=7)
    error = failure(smsir.send, message(), 4)
    assert (error.reason, error.fault) == (f"http_{mode}", fault)
    assert error.retry_after == (None if fault == "gateway" else 7)


def test_a_wrong_key_or_template_or_line_is_the_gateways_fault(double):
    for change, code in (("TESTKEY", 10), ("template=100", 113), ("10004346", 101)):
        url = double.smsir_url().replace(change, {"TESTKEY": "other", "template=100": "template=1"}.get(change, "1"))
        error = failure(SmsIr(url).send, code_message() if code == 113 else message(), 4)
        assert (error.reason, error.fault) == (f"smsir_{code}", "gateway")


@pytest.mark.parametrize("mode", ["garbage", "drop_after_accept", "hang_after_accept", "huge", "drip"])
def test_a_lost_answer_is_known_as_one(double, smsir, mode):
    double.control(mode, delay=0.2)
    assert failure(smsir.send, message(), 0.8).answer_lost


def test_a_yes_without_an_id_is_a_yes(smsir, monkeypatch):
    _answer(monkeypatch, 200, {"status": 1, "message": "ok", "data": None})
    assert smsir.send(message(), 4) == Accepted(None)


def test_it_tells_what_became_of_messages(double, smsir):
    names = [smsir.send(code_message(), 4).gateway_id for _ in range(4)]
    for name, state in zip(names, ("sent", "delivered", "blocked", "failed"), strict=True):
        double.find(gateway_id=name)["state"] = state
    assert smsir.poll([*names, "999"], 4) == {
        names[0]: Report("sent"),
        names[1]: Report("delivered"),
        names[2]: Report("failed", BLOCKED_BY_RECIPIENT),
        names[3]: Report("failed", "smsir_state_6"),
    }


def _answer(monkeypatch, status, value):
    """Let the double's next answers be these, whatever is asked."""
    monkeypatch.setattr(
        "tests.gateway_wire.Handler.behave", lambda self, *_: self.answer(status, json.dumps(value).encode(), "x/y")
    )
