"""One timetable removes what has lapsed; each kind goes, and nothing else does."""

from datetime import timedelta

import pytest
from captcha.models import CaptchaStore
from django.contrib.sessions.models import Session
from django.core.files.storage import storages
from django.utils import timezone

from config.celery import app
from servicedesk import purging, tasks
from servicedesk.client_address import ClientAddress
from servicedesk.models import (
    Attachment,
    Draft,
    FormVersion,
    Letter,
    LimitHit,
    OutgoingMessage,
    RemovalRecord,
    RemovalRequest,
    SmsDevice,
)
from servicedesk.models.sms_device import SmsCode
from servicedesk.uploads.store import StoreUnavailable
from servicedesk.workflow import Status
from tests import factories
from tests.servicedesk.test_retention import ago

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


def begun(citizen, service, **typed):
    """(a draft, its file)."""
    file = factories.make_attachment(citizen)
    version = FormVersion.current(service)
    return Draft.keep(
        citizen=citizen, form_key=file.form_key, service=service, version=version, typed=typed, step=1
    ), file


def test_drafts_go_seven_days_after_the_last_touch_and_their_files_with_them(leila, kaveh, service):
    (old, old_file), (touched, kept_file) = (begun(citizen, service, subject=["نیمه"]) for citizen in (leila, kaveh))
    aged(Attachment, "created_at", days=30)
    aged(Draft, "created_at", days=30)
    aged(Draft, "updated_at", Draft.objects.filter(pk=old.pk), days=7, minutes=1)
    aged(Draft, "updated_at", Draft.objects.filter(pk=touched.pk), days=6, hours=23)
    tasks.purge()
    assert list(Draft.objects.all()) == [touched]
    assert list(Attachment.objects.all()) == [kept_file]
    with kept_file.open() as content:
        assert content.read()
    for what in ("drafts", "unsent-files"):
        assert RemovalRecord.objects.get(what=what).count == 1
    aged(Draft, "updated_at", days=8)
    tasks.purge()
    assert not Draft.objects.exists()
    assert not Attachment.objects.exists()


def test_a_draft_keeps_only_files_of_its_own(leila, kaveh, service):
    draft, file = begun(leila, service)
    others = [factories.make_attachment(kaveh, draft.form_key), factories.make_attachment(leila)]
    aged(Attachment, "created_at", days=8)
    tasks.purge()
    assert list(Attachment.objects.all()) == [file]
    assert not Attachment.objects.filter(pk__in=[other.pk for other in others]).exists()


def test_a_form_version_stays_while_a_draft_or_a_letter_has_it(leila, water, service):
    draft, _file = begun(leila, service)
    aged(FormVersion, "shown_at", days=30)
    tasks.purge()
    assert FormVersion.objects.count() == 1
    aged(Draft, "updated_at", days=8)
    tasks.purge()
    assert not FormVersion.objects.exists()


@pytest.fixture
def hung_store(monkeypatch):
    """A store that takes nothing away; gives the list of what it was asked to. In life each costs ten seconds."""
    asked = []

    def hung(key):
        asked.append(key)
        raise StoreUnavailable

    monkeypatch.setattr(storages["letters"], "remove", hung)
    return asked


def test_a_hung_store_is_asked_once_in_a_run_and_the_oldest_file_goes_first(leila, hung_store):
    files = [factories.make_attachment(leila) for _ in range(4)]
    for days, file in zip((8, 11, 10, 9), files, strict=True):
        aged(Attachment, "created_at", Attachment.objects.filter(pk=file.pk), days=days)
    tasks.purge()
    assert hung_store == [files[1].path]
    assert set(Attachment.objects.all()) == {files[0], files[2], files[3]}
    # What was let go is on record, and the next run goes on.
    assert RemovalRecord.objects.get(what="unsent-files").count == 1
    tasks.purge()
    assert hung_store == [files[1].path, files[2].path]


def test_unsent_files_keep_the_queue_for_a_minute_at_the_most(leila, monkeypatch):
    for _file in range(3):
        factories.make_attachment(leila)
    aged(Attachment, "created_at", days=8)
    monkeypatch.setattr(purging, "RUN_SECONDS", 0)
    assert purging.purge_unsent_files() == 1
    monkeypatch.undo()
    assert purging.purge_unsent_files() == 2


def test_what_needs_no_store_goes_before_what_does(leila, monkeypatch):
    """A worker that is killed while it waits for the store has done the rest."""
    OutgoingMessage.owe(kind="message", recipient="+989121234567", text="متن", dedupe_key="x", language="fa")
    OutgoingMessage.objects.update(state="sent", final_at=timezone.now())
    aged(OutgoingMessage, "created_at", days=8)
    factories.make_attachment(leila)
    aged(Attachment, "created_at", days=8)

    def killed(key):
        raise SystemExit

    monkeypatch.setattr(storages["letters"], "remove", killed)
    with pytest.raises(SystemExit):
        tasks.purge()
    assert OutgoingMessage.objects.get().text == ""
    assert RemovalRecord.objects.filter(what="message-texts").exists()


def test_a_removal_asks_a_hung_store_once(hung_store):
    assert purging.remove_objects(["clean/a", "clean/b", "clean/c"]) is False
    assert hung_store == ["clean/a"]


def test_letters_go_from_the_database_while_the_store_hangs_and_it_is_asked_once(
    make_letter_in, leila, water, service, hung_store
):
    make_letter_in(Status.CLOSED)
    for _letter in range(2):
        factories.make_letter(leila, water, service=service)
    Letter.objects.update(status=Status.CLOSED)
    for letter in Letter.objects.all():
        ago(letter, days=800)
    assert purging.keep_no_longer_than_promised() == 0
    assert not Letter.objects.filter(anonymised_at=None).exists()
    assert len(hung_store) == 1


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


def test_the_reason_of_a_decision_goes_when_its_account_is_gone(leila, admin_user):
    for reason in ("نخست", "دوم"):
        RemovalRequest.ask(leila).refuse(by=admin_user, reason=reason)
    RemovalRequest.objects.filter(reason="نخست").update(citizen=None)
    tasks.purge()
    assert sorted(RemovalRequest.objects.values_list("reason", "state")) == [("", "refused"), ("دوم", "refused")]


def test_one_line_a_day_is_enough():
    for _time in range(3):
        RemovalRecord.count_lapsed("sign-ins", "1 day", 2)
    RemovalRecord.count_lapsed("sign-ins", "1 day", 0)
    assert RemovalRecord.objects.get().count == 6
