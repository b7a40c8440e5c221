"""One timetable removes what has lapsed; each kind goes, and nothing else does."""

from datetime import timedelta

import pytest
from captcha.models import CaptchaStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from config.celery import app
from servicedesk import tasks
from servicedesk.client_address import ClientAddress
from servicedesk.models import Attachment, LimitHit, OutgoingMessage, RemovalRecord, SmsDevice
from servicedesk.models.sms_device import SmsCode
from tests import factories

pytestmark = pytest.mark.django_db

HERE = ClientAddress("192.0.2.1/32", "192.0.2.0/24")


def aged(model, field, rows=None, **time):
    then = timezone.now() - timedelta(**time)
    assert (model.objects.all() if rows is None else rows).update(**{field: then})


def test_the_timetable_calls_each_task_that_removes_something():
    on_it = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {tasks.purge.name, tasks.retention.name} <= on_it
    removing = [
        entry for entry in app.conf.beat_schedule.values() if entry["task"] in (tasks.purge.name, tasks.retention.name)
    ]
    assert all(entry["schedule"] <= 3600 for entry in removing)


def test_codes_go_after_a_day():
    SmsDevice.begin("+989121234567", HERE)
    tasks.purge()
    assert SmsCode.objects.count() == 1
    aged(SmsDevice, "created_at", hours=25)
    tasks.purge()
    assert not SmsDevice.objects.exists()
    assert not SmsCode.objects.exists()
    assert RemovalRecord.objects.get(what="sign-ins").count == 2


def test_pictures_go_when_they_have_lapsed():
    CaptchaStore.objects.create(challenge="a", response="a")
    fresh = CaptchaStore.objects.create(challenge="b", response="b")
    aged(CaptchaStore, "expiration", CaptchaStore.objects.exclude(pk=fresh.pk), minutes=10)
    tasks.purge()
    assert list(CaptchaStore.objects.all()) == [fresh]


def test_sessions_go_with_the_drafts_in_them(signed_in, leila, kaveh):
    old, fresh = signed_in(leila).session.session_key, signed_in(kaveh).session.session_key
    aged(Session, "expire_date", Session.objects.filter(pk=old), minutes=10)
    tasks.purge()
    assert list(Session.objects.values_list("pk", flat=True)) == [fresh]


def test_counted_limits_go_after_the_longest_limit():
    LimitHit.take("track-number", "+989121234567")
    aged(LimitHit, "at", hours=25)
    LimitHit.take("track-number", "+989121234567")
    tasks.purge()
    assert LimitHit.objects.count() == 1


def test_unsent_files_go_after_seven_days(leila):
    old, fresh = factories.make_attachment(leila), factories.make_attachment(leila)
    aged(Attachment, "created_at", Attachment.objects.filter(pk=old.pk), days=7, hours=1)
    tasks.purge()
    assert list(Attachment.objects.all()) == [fresh]
    assert RemovalRecord.objects.get(what="unsent-files").count == 1


@pytest.mark.parametrize(
    ("state", "values", "goes"),
    [
        ("delivered", {"final_at": timezone.now()}, True),
        ("dead", {"final_at": timezone.now()}, True),
        ("unknown", {"flagged_at": timezone.now()}, True),
        # Still to be sent, after a week in which nothing worked: it needs its words.
        ("queued", {}, False),
    ],
)
def test_texts_and_receivers_of_sms_go_after_seven_days(state, values, goes):
    message = OutgoingMessage.owe(kind="message", recipient="+989121234567", text="متن", dedupe_key="x", language="fa")
    OutgoingMessage.objects.update(state=state, **values)
    aged(OutgoingMessage, "created_at", days=6, hours=23)
    tasks.purge()
    message.refresh_from_db()
    assert (message.text, message.recipient) == ("متن", "+989121234567")
    aged(OutgoingMessage, "created_at", days=7, hours=1)
    tasks.purge()
    tasks.purge()
    message.refresh_from_db()
    assert (message.text, message.recipient) == (("", "") if goes else ("متن", "+989121234567"))
    assert RemovalRecord.objects.filter(what="message-texts", count=1).exists() == goes


def test_one_line_a_day_is_enough():
    for _time in range(3):
        RemovalRecord.count_lapsed("sign-ins", "1 day", 2)
    RemovalRecord.count_lapsed("sign-ins", "1 day", 0)
    assert RemovalRecord.objects.get().count == 6
