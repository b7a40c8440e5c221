"""Alarms: said once, by e-mail and on the admin's home page, and gone when the condition is."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.db.models.functions import Now

from servicedesk.models import Alarm, DeskSettings, GatewayState, OutgoingMessage, User
from servicedesk.models.alarm import ADVICE, Kind
from servicedesk.models.outbox import State
from servicedesk.outgoing import deliver_message
from tests.gateway_double import GatewayDouble
from tests.smtp_double import SmtpDouble

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(admin_user, sara):
    """One active superuser with an address; and others, who are told nothing."""
    User.objects.create_superuser("gone", "gone@example.ir", "x", is_active=False)
    User.objects.create_superuser("without", "", "x")
    return admin_user


def owed():
    return OutgoingMessage.objects.filter(channel="email").order_by("pk")


def work():
    for message in owed():
        deliver_message(message.pk)


def test_opening_an_alarm_owes_an_e_mail_and_repeating_it_owes_none(people):
    for used in (500, 501, 502):
        Alarm.sound(Kind.SMS_BUDGET_HALF, used=used, limit=1000)
    alarm = Alarm.objects.get()
    assert alarm.figures == {"used": 502, "limit": 1000}
    assert [message.recipient for message in owed()] == ["admin@example.ir"]
    work()
    work()
    [sent] = mail.outbox
    assert (sent.to, owed().get().state) == (["admin@example.ir"], State.SENT)
    assert "میز خدمت" in sent.subject
    assert alarm.label in sent.subject
    assert "۱۰۰۰" in sent.body
    assert alarm.advice in sent.body
    assert "/admin/" in sent.body


def test_the_addresses_of_the_settings_come_first(people):
    desk = DeskSettings.load()
    desk.alarm_addresses = "it@example.ir\nboss@example.ir\nit@example.ir\n"
    desk.full_clean(exclude=["general_service"])
    desk.save()
    Alarm.sound(Kind.SCANNER_LATE)
    assert [message.recipient for message in owed()] == ["it@example.ir", "boss@example.ir"]


def test_an_alarm_that_flaps_is_told_once_an_hour(people):
    for _ in range(5):
        Alarm.sound(Kind.GATEWAY_FAILING, "kavenegar://1")
        Alarm.settle(Kind.GATEWAY_FAILING, "kavenegar://1")
    assert owed().count() == 1
    Alarm.sound(Kind.GATEWAY_FAILING, "kavenegar://2")
    assert owed().count() == 2
    Alarm.sound(Kind.GATEWAY_FAILING, "kavenegar://1")
    Alarm.objects.update(mailed_at=Now() - timedelta(minutes=61))
    Alarm.objects.filter(settled_at=None, subject="kavenegar://1").update(mailed_at=None)
    Alarm.sound(Kind.GATEWAY_FAILING, "kavenegar://1")
    assert owed().count() == 3


def test_an_alarm_undone_with_its_transaction_owes_nothing(people):
    with transaction.atomic():
        Alarm.sound(Kind.SCANNER_LATE)
        transaction.set_rollback(True)
    assert not owed().exists()


def test_trouble_with_the_mail_server_is_not_mailed_but_shown(people, settings):
    with SmtpDouble() as server:
        settings.MAILERS = server.mailer()
        server.refuse = {"MAIL": "550 who are you"}
        Alarm.sound(Kind.SCANNER_LATE)
        work()
        alarm = Alarm.objects.open().get(kind=Kind.MAIL_FAILING)
        assert "mail_550" in alarm.figures["reason"]
        assert owed().count() == 1
        server.refuse = {}
        OutgoingMessage.objects.update(next_at=Now())
        work()
        assert len(server.mails) == 1
        alarm.refresh_from_db()
        assert alarm.settled_at


def test_sms_go_on_without_mail_and_mail_without_sms(people, settings):
    # Another dictionary, not another entry: that would stay for the tests to come.
    nobody = {"host": "127.0.0.1", "port": 9, "timeout": 1}
    server = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": nobody}
    settings.MAILERS = {**settings.MAILERS, "server": server}
    with GatewayDouble() as gateway, SmtpDouble() as server:
        settings.SMS_GATEWAYS = [gateway.url]
        for number in range(7):
            Alarm.sound(Kind.FILE_INFECTED, f"{number}")
        work()
        sms = [owe_sms(number) for number in range(3)]
        assert [message.state for message in sms] == [State.SENT] * 3
        settings.MAILERS = server.mailer()
        gateway.control(503)
        waiting = [owe_sms(number) for number in range(3, 12)]
        assert {message.state for message in waiting} == {State.QUEUED}
        GatewayState.objects.update(probe_at=Now())
        OutgoingMessage.objects.filter(channel="email").update(next_at=Now())
        work()
        assert len(server.mails) >= 7


def owe_sms(number):
    message = OutgoingMessage.owe(
        kind="message", recipient="+989000000001", text="سلام", language="fa", dedupe_key=f"sms{number}"
    )
    deliver_message(message.pk)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_says_what_to_do(kind):
    assert ADVICE[kind]
    assert Alarm(kind=kind).label != Alarm(kind=kind).advice
