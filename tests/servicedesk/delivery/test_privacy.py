"""Whatever goes wrong, no number, text, code or key reaches a log or an exception."""

import logging
import traceback

import pytest
import requests

from servicedesk.delivery.gateways import gateways_from
from servicedesk.delivery.message import DeliveryError
from tests.gateway_double import MODES
from tests.servicedesk.delivery.conftest import CODE, NUMBER, code_message, message

STATUSES = ("307", "400", "403", "418", "429", "500", "502")


@pytest.mark.parametrize("mode", [*MODES, *STATUSES])
@pytest.mark.parametrize("protocol", ["webhook", "kavenegar", "smsir", "apprise"])
def test_nothing_personal_or_secret_is_told(double, caplog, capfd, protocol, mode):
    double.key = "TESTKEY-s3cret"
    url = {
        "webhook": f"{double.url}?token=TESTKEY-s3cret",
        "kavenegar": double.kavenegar_url(),
        "smsir": double.smsir_url(),
        "apprise": f"{double.apprise_url()}?+X-Key=TESTKEY-s3cret",
    }[protocol]
    (gateway,) = gateways_from([url])
    caplog.set_level(logging.DEBUG)
    told = [repr(gateway), gateway.name]
    for one in (message(text="شهرداری رازآباد"), code_message()):
        told.append(repr(one))
        double.control(mode, delay=0.1)
        for call in (gateway.send, gateway.look_up):
            try:
                told.append(repr(call(one, 0.3)))
            except DeliveryError as error:
                chain = traceback.TracebackException.from_exception(error, capture_locals=False)
                told += [repr(error), *chain.format(), repr(error.__dict__)]
    # The double's own receiving end is the far side; what counts is what this process wrote.
    told += [record.getMessage() + str(record.exc_info) for record in caplog.records]
    told += capfd.readouterr()
    everything = "\n".join(told)
    for secret in ("TESTKEY-s3cret", NUMBER, NUMBER[3:], CODE, "رازآباد"):
        assert secret not in everything


def test_other_users_of_the_http_library_keep_their_records(double, caplog):
    caplog.set_level(logging.DEBUG)
    requests.get(f"{double.root}/_counts", timeout=4)
    assert "/_counts" in caplog.text
