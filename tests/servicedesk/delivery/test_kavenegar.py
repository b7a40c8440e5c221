"""Kavenegar's wire format byte by byte, and every code it knows."""

import json
from urllib.parse import quote

import pytest

from servicedesk.delivery.kavenegar import Kavenegar, report_of
from servicedesk.delivery.message import BLOCKED_BY_RECIPIENT, Accepted, Report
from tests.servicedesk.delivery.conftest import CODE, code_message, failure, message

# The table of the design's notes on Iran, part 1, written out again: a slip in either is seen.
GATEWAY = [401, 403, 404, 405, 407, 412, 416, 418, 424, 426, 427, 432, 501, 607]
FOR_GOOD = [400, 406, 411, 413, 414, 417, 419, 420, 422, 428, 431]
AGAIN = [402, 409, 429, 451]
UNLISTED = [
    (500, "passing"),
    (503, "passing"),
    (408, "passing"),
    (425, "passing"),
    (433, "gateway"),
    (608, "gateway"),
]


@pytest.fixture
def kavenegar(double):
    return Kavenegar(double.kavenegar_url())


@pytest.fixture
def plain(double):
    """An account without a template."""
    return Kavenegar(double.kavenegar_url(template=False))


def test_a_message_goes_by_sms_send_with_our_id(double, kavenegar):
    accepted = kavenegar.send(message(text="سلام + & ="), 4)
    assert accepted == Accepted(double.find("42")["gateway_id"], "sent")
    method, path, headers, body = double.requests[0]
    assert (method, path) == ("POST", "/v1/TESTKEY/sms/send.json")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body == (b"receptor=09123456789&message=%D8%B3%D9%84%D8%A7%D9%85+%2B+%26+%3D&sender=10004346&localid=42")


def test_a_code_goes_by_the_template(double, kavenegar):
    accepted = kavenegar.send(code_message(), 4)
    assert double.find(gateway_id=accepted.gateway_id)["text"] == CODE
    method, path, _, body = double.requests[0]
    assert (method, path) == ("POST", "/v1/TESTKEY/verify/lookup.json")
    assert body == b"receptor=09123456789&template=signin&token=482913"


def test_without_a_template_a_code_is_an_ordinary_message(double, plain):
    plain.send(code_message(text=f"کد {CODE}"), 4)
    assert double.requests[0][1] == "/v1/TESTKEY/sms/send.json"
    assert double.requests[0][3].endswith(b"482913&sender=10004346&localid=43")


def test_foreign_numbers_get_their_international_prefix(double, kavenegar):
    kavenegar.send(message(to="+4915112345678"), 4)
    assert double.requests[0][3].startswith(b"receptor=004915112345678&")


def test_the_key_is_escaped_in_the_path(double):
    double.key = "a/b=c"
    address = double.kavenegar_url().replace("a/b=c", quote("a/b=c", safe=""))
    assert Kavenegar(address).send(message(), 4).gateway_id
    assert double.requests[0][1] == "/v1/a%2Fb%3Dc/sms/send.json"


def test_a_repeated_localid_gives_the_first_record_back(double, kavenegar, plain):
    assert kavenegar.send(message(), 4) == kavenegar.send(message(), 4)
    assert (double.counts()["posts"], double.counts()["sms"]) == (2, 1)
    # A template's codes carry no id: only an account without one repeats safely whatever it sends.
    assert (kavenegar.repeats_safely, plain.repeats_safely) == (False, True)


def test_a_repeat_tells_what_has_become_of_the_first(double, kavenegar):
    kavenegar.send(message(), 4)
    double.set_state("42", "delivered")
    assert kavenegar.send(message(), 4).state == "delivered"
    double.set_state("42", "failed")
    error = failure(kavenegar.send, message(), 4)
    assert (error.reason, error.permanent) == ("kavenegar_status_6", True)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        *((code, "gateway") for code in GATEWAY),
        *((code, "message") for code in FOR_GOOD),
        *((code, "passing") for code in AGAIN),
        *UNLISTED,
    ],
)
def test_each_code_is_sorted_by_fault(double, kavenegar, code, fault):
    double.control(code)
    for one in (message(), code_message()):
        error = failure(kavenegar.send, one, 4)
        assert (error.reason, error.fault, error.answer_lost) == (f"kavenegar_{code}", fault, False)


def test_the_json_is_believed_before_the_http_status(kavenegar, monkeypatch):
    """Proxies have been seen to flatten statuses."""
    _answer(monkeypatch, 200, {"return": {"status": 418, "message": "credit"}, "entries": None})
    assert failure(kavenegar.send, message(), 4).reason == "kavenegar_418"


def test_a_wrong_key_or_template_or_sender_is_the_gateways_fault(double):
    for change, code in (("TESTKEY", 403), ("signin", 424), ("10004346", 412)):
        wrong = Kavenegar(double.kavenegar_url().replace(change, "another"))
        error = failure(wrong.send, code_message() if code == 424 else message(), 4)
        assert (error.reason, error.fault) == (f"kavenegar_{code}", "gateway")


@pytest.mark.parametrize("mode", ["garbage", "drop_after_accept", "hang_after_accept", "huge", "drip"])
def test_a_lost_answer_is_known_as_one(double, kavenegar, mode):
    double.control(mode, delay=0.2)
    assert failure(kavenegar.send, message(), 0.8).answer_lost
    assert kavenegar.look_up(message(), 4) == Report("sent")


@pytest.mark.parametrize("entries", [None, [], {}, "x", [1], [{}], [{"messageid": None}], [{"messageid": 0}]])
def test_a_yes_without_a_message_id_is_a_lost_answer(kavenegar, monkeypatch, entries):
    _answer(monkeypatch, 200, {"return": {"status": 200, "message": "ok"}, "entries": entries})
    assert failure(kavenegar.send, message(), 4).answer_lost


@pytest.mark.parametrize("status", [404, 500, 503])
def test_an_error_page_of_a_proxy_is_sorted_by_its_http_status(kavenegar, monkeypatch, status):
    _answer(monkeypatch, status, "<html>")
    error = failure(kavenegar.send, message(), 4)
    assert (error.reason, error.fault) == (f"http_{status}", "gateway" if status == 404 else "passing")


def test_look_up_asks_by_our_id_for_twelve_hours(double, kavenegar):
    kavenegar.send(message(), 4)
    assert kavenegar.look_up(message(), 4) == Report("sent")
    assert double.requests[-1][1::2] == ("/v1/TESTKEY/sms/statuslocalmessageid.json", b"localid=42")
    double.set_state("42", "delivered")
    assert kavenegar.look_up(message(), 4) == Report("delivered")
    assert kavenegar.look_up(message(99), 4) is None


def test_look_up_asks_by_kavenegars_id_when_it_is_known(double, kavenegar):
    gateway_id = kavenegar.send(code_message(), 4).gateway_id
    assert kavenegar.look_up(code_message(gateway_id=gateway_id), 4) == Report("sent")
    assert double.requests[-1][1::2] == ("/v1/TESTKEY/sms/status.json", f"messageid={gateway_id}".encode())


def test_a_templates_code_cannot_be_asked_for(double, kavenegar, plain):
    assert failure(kavenegar.look_up, code_message(), 4).reason == "cannot_look_up"
    assert double.counts()["look_ups"] == 0
    assert plain.look_up(code_message(), 4) is None


def test_a_look_up_answered_about_another_message_is_not_believed(kavenegar, monkeypatch):
    entry = {"messageid": 7, "localid": "41", "status": 10, "statustext": ""}
    _answer(monkeypatch, 200, {"return": {"status": 200, "message": "ok"}, "entries": [entry]})
    assert failure(kavenegar.look_up, message(), 4).reason == "unreadable_answer"


@pytest.mark.parametrize(
    ("status", "state"),
    [(1, "sent"), (2, "sent"), (4, "sent"), (5, "sent"), (6, "failed"), (10, "delivered")]
    + [(11, "failed"), (13, "failed"), (14, "failed"), (100, None), (3, None)]
    + [("10", "delivered"), ("۱۰", None), ("", None), (None, None), ("-1", None), (True, None), ([], None)],
)
def test_message_statuses(status, state):
    report = report_of(status)
    assert (report.state if report else None) == state


def test_who_lets_no_advertising_through_is_told_apart(double, kavenegar):
    assert report_of(11).reason == "kavenegar_status_11"
    assert report_of("14").reason == BLOCKED_BY_RECIPIENT
    kavenegar.send(message(), 4)
    double.set_state("42", "blocked")
    assert kavenegar.look_up(message(), 4) == Report("failed", BLOCKED_BY_RECIPIENT)


def test_many_are_asked_about_at_once(double, kavenegar):
    names = [kavenegar.send(message(number), 4).gateway_id for number in (1, 2, 3)]
    double.set_state("2", "delivered")
    double.set_state("3", "blocked")
    told = kavenegar.poll([*names, "999"], 4)
    assert told == {
        names[0]: Report("sent"),
        names[1]: Report("delivered"),
        names[2]: Report("failed", BLOCKED_BY_RECIPIENT),
    }
    assert double.counts()["look_ups"] == 1
    double.askable = False
    assert failure(kavenegar.poll, names, 4).fault == "passing"


def _answer(monkeypatch, status, value):
    """Let the double's next answers be these, whatever is asked."""
    data = (value if isinstance(value, str) else json.dumps(value)).encode()
    monkeypatch.setattr("tests.gateway_wire.Handler.tell", lambda self, *_: self.answer(status, data, "x/y"))
