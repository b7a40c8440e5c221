"""E-mail over a real socket: what arrives, and how each fault is sorted."""

import time

import pytest

from servicedesk.delivery.email import Email
from servicedesk.delivery.message import Message
from tests.servicedesk.delivery.conftest import failure
from tests.smtp_double import SmtpDouble

TO = "operator@example.ir"


@pytest.fixture
def server(settings):
    with SmtpDouble() as running:
        settings.MAILERS = running.mailer()
        yield running


def mail(id=7):
    return Message(id=id, to=TO, kind="message", text="میز خدمت: هشدار\n\nچیزی شده است.\n")


def test_the_first_line_is_the_subject(server, settings):
    Email().send(mail(), 10)
    [(to, arrived)] = server.mails
    assert to == [TO]
    assert arrived["Subject"] == "میز خدمت: هشدار"
    assert arrived.get_content().strip() == "چیزی شده است."
    assert arrived["From"] == settings.DEFAULT_FROM_EMAIL
    assert arrived["Message-ID"] == "<outbox-7@localhost>"
    assert arrived["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("verb", "answer", "reason", "fault"),
    [
        ("RCPT", "550 no such user", "mail_recipient", "message"),
        ("RCPT", "450 later", "mail_recipient", "passing"),
        ("MAIL", "550 who are you", "mail_550", "gateway"),
        ("MAIL", "421 busy", "mail_421", "passing"),
        ("DATA", "554 no", "mail_554", "gateway"),
    ],
)
def test_refusals_are_sorted_by_fault(server, verb, answer, reason, fault):
    server.refuse = {verb: answer}
    error = failure(Email().send, mail(), 10)
    assert (error.reason, error.fault, error.answer_lost) == (reason, fault, False)
    assert not server.mails


def test_a_server_that_hangs_holds_nobody(server):
    server.hang = True
    began = time.monotonic()
    assert failure(Email().send, mail(), 0.5).reason == "mail_timeout"
    assert time.monotonic() - began < 2


def test_no_server_is_a_passing_fault(settings):
    settings.MAILERS = {
        **settings.MAILERS,
        "server": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 1},
        },
    }
    error = failure(Email().send, mail(), 10)
    assert (error.reason, error.fault) == ("mail_no_connection", "passing")
