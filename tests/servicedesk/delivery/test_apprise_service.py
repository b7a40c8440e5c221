"""Apprise's services: one address, any recipient, yes or no. Its plugin for JSON stands for all of them."""

import time

import pytest

from servicedesk.delivery.apprise_service import AppriseService
from servicedesk.delivery.gateway_url import UrlProblem
from servicedesk.delivery.message import Accepted
from servicedesk.delivery.watched import MOST_LEFT_BEHIND
from tests.servicedesk.delivery.conftest import CODE, TEXT, code_message, failure, message

TWILIO = f"apprise+twilio://AC{'a' * 32}:{'b' * 32}@15551233456"


@pytest.fixture
def service(double):
    return AppriseService(double.apprise_url())


def test_the_number_stands_where_the_address_says_and_the_text_is_ours(double, service):
    assert service.send(message(), 4) == Accepted(None)
    service.send(code_message(), 4)
    assert [(post["to"], post["text"]) for post in double.posts] == [
        ("989123456789", TEXT),
        ("989123456789", f"کد شما: {CODE}"),
    ]


def test_it_can_neither_be_asked_nor_repeats(service):
    assert (service.can_look_up, service.repeats_safely, service.poll_window) == (False, False, None)


@pytest.mark.parametrize("mode", ["refuse", "403", "429", "500"])
def test_a_no_is_tried_again_and_lost_nothing(double, service, mode):
    double.control(mode)
    error = failure(service.send, message(), 4)
    assert (error.reason, error.fault, error.answer_lost) == ("apprise_refused", "passing", False)


@pytest.mark.parametrize("mode", ["drop_after_accept", "hang_after_accept", "drip"])
def test_a_lost_answer_is_known_as_one(double, service, mode):
    double.control(mode, delay=0.3)
    began = time.monotonic()
    assert failure(service.send, message(), 1).answer_lost
    assert time.monotonic() - began < 2


def test_nobody_there_lost_nothing(double):
    service = AppriseService("apprise+json://127.0.0.1:9/{to}")
    error = failure(service.send, message(), 4)
    assert (error.reason, error.answer_lost) == ("no_connection", False)


def test_calls_that_hang_for_ever_do_not_pile_up(double, service):
    double.control("drip", delay=0.08)
    for _ in range(MOST_LEFT_BEHIND):
        failure(service.send, message(), 0.1)
    assert failure(service.send, message(), 0.1).reason == "gateway_hangs"


def test_a_real_service_is_taken_with_and_without_a_place_for_the_number():
    assert AppriseService(TWILIO).name == "apprise+twilio"
    assert AppriseService(TWILIO + "/{to}").name == "apprise+twilio"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("apprise+nonsense://x", "no such service"),
        ("apprise+://x", "no such service"),
        ("apprise+twilio://AC12@1", "cannot use"),
        (TWILIO + "/15557654321/{to}", "cannot use"),
        ("apprise+jsons://sms.example.ir/", "write {to}"),
        ("apprise+json://sms.example.ir/{to}", "plain http; use apprise+jsons://"),
        ("apprise+smpp://u:p@sms.example.ir/1/{to}", "plain http; use apprise+smpps://"),
        ("apprise+kavenegar://" + "k" * 20 + "@10004346/{to}", "use kavenegar:// instead"),
    ],
)
def test_what_cannot_be_used_is_said_and_not_shown(url, why):
    with pytest.raises(UrlProblem) as caught:
        AppriseService(url)
    assert why in str(caught.value)
    assert "example" not in str(caught.value)
