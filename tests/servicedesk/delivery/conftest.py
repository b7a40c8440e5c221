import threading
from contextlib import contextmanager

import pytest

from servicedesk.delivery.message import DeliveryError, Message
from tests.gateway_double import GatewayDouble

NUMBER = "+989123456789"
TEXT = "نامهٔ شما رسید؛ کد رهگیری ۱۲۳"
CODE = "482913"


@pytest.fixture
def double():
    with GatewayDouble() as running:
        yield running


def message(id=42, **given):
    """A receipt message to leila, the citizen."""
    return Message(**{"id": id, "to": NUMBER, "kind": "message", "text": TEXT, **given})


def code_message(id=43, **given):
    return message(id, **{"kind": "code", "text": f"کد شما: {CODE}", "code": CODE, **given})


def failure(call, *arguments):
    """The DeliveryError of a call that must fail, checked to carry no other exception along."""
    with pytest.raises(DeliveryError) as caught:
        call(*arguments)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    return error


@contextmanager
def nobody_left():
    """No exchange's thread may outlive its call by more than a moment."""
    yield
    for thread in threading.enumerate():
        if thread.name == "sms-exchange":
            thread.join(2)
            assert not thread.is_alive()
