"""The database and the store, compared from both sides; and what the store is told of encryption."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from servicedesk import storekeeping
from servicedesk.models import Alarm, Attachment
from servicedesk.storekeeping import check_nightly, compare
from servicedesk.uploads.store import StoreUnavailable
from tests.factories import make_attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    """The store, empty."""
    letters = storages["letters"]
    for key, _, _ in list(letters.listing()):
        letters.remove(key)
    return letters


@pytest.fixture
def days_later(monkeypatch):
    """``days_later(2)``: everything in the store is two days old."""

    def later(days):
        monkeypatch.setattr(storekeeping.timezone, "now", lambda: REAL_NOW() + timedelta(days=days))

    return later


REAL_NOW = timezone.now


def said(*options):
    """(exit code, what was said)."""
    output = io.StringIO()
    try:
        call_command("check_storage", *options, stdout=output)
    except CommandError as error:
        return error.returncode, output.getvalue()
    return 0, output.getvalue()


def test_what_agrees_is_said_to(store, leila):
    make_attachment(leila)
    assert said()[0] == said("--sample", "5")[0] == 0
    assert "1 rows and 1 objects compared" in said()[1]


def test_a_row_without_its_object_is_named_and_kept(store, leila):
    file = make_attachment(leila)
    store.remove(file.path)
    code, text = said("--remove")
    assert (code, "1 rows without their object" in text, str(file.pk) in text) == (1, True, True)
    assert file.name not in text
    assert Attachment.objects.filter(pk=file.pk).exists()


def test_another_length_and_a_wrong_place_are_named(store, leila):
    file = make_attachment(leila)
    Attachment.objects.update(size=7)
    assert compare().sizes == [file.pk]
    Attachment.objects.update(size=file.size, state=Attachment.State.PENDING)
    assert compare().misplaced == [file.pk]


def test_an_orphan_is_told_of_after_a_day_and_removed_where_asked(store, leila, days_later):
    store.put("clean/nobodys", b"x", "text/plain")
    assert said()[0] == 0
    days_later(1.1)
    code, text = said()
    assert (code, "clean/nobodys" in text) == (1, True)
    assert said("--remove")[0] == 0
    assert not store.has("clean/nobodys")


def test_content_of_a_removed_file_and_what_was_left_in_quarantine_are_orphans(store, leila, days_later):
    file = make_attachment(leila)
    store.put(f"quarantine/{file.key}", b"x", "text/plain")
    days_later(1.1)
    assert [key for key, _ in compare().orphans] == [f"quarantine/{file.key}"]
    Attachment.objects.update(state=Attachment.State.REMOVED)
    assert len(compare().orphans) == 2


def test_the_nightly_look_tells_first_and_removes_the_night_after(store, days_later):
    store.put("clean/nobodys", b"x", "text/plain")
    days_later(1.1)
    check_nightly()
    assert store.has("clean/nobodys")
    alarm = Alarm.objects.open().get(kind="store-differs")
    assert alarm.figures == {"missing": 0, "sizes": 0, "misplaced": 0, "orphans": 1}
    Alarm.objects.update(last_at=REAL_NOW() + timedelta(days=1.1))
    days_later(2.1)
    check_nightly()
    assert not store.has("clean/nobodys")
    assert not Alarm.objects.open().exists()


def test_an_orphan_that_nobody_was_told_of_is_not_removed(store, days_later):
    Alarm.sound("store-differs", missing=1)
    store.put("clean/nobodys", b"x", "text/plain")
    days_later(1.1)
    check_nightly()
    assert store.has("clean/nobodys")
    assert Alarm.objects.open().get().figures["orphans"] == 1


def test_the_nightly_look_ends_in_time_and_then_settles_nothing(store, leila, days_later, monkeypatch):
    """One worker does everything of its queue, and the broker takes it for dead after two minutes."""
    for _file in range(3):
        make_attachment(leila)
    for number in range(3):
        store.put(f"clean/nobodys-{number}", b"x", "text/plain")
    days_later(1.1)
    check_nightly()
    Alarm.objects.update(last_at=REAL_NOW() + timedelta(days=1.1))
    days_later(2.1)
    looked_at = []
    bytes_of = store.bytes_of
    monkeypatch.setattr(store, "bytes_of", lambda key: looked_at.append(key) or bytes_of(key))
    monkeypatch.setattr(storekeeping, "NIGHT_SECONDS", 0)
    check_nightly()
    assert len(looked_at) <= 1
    assert len([key for key, _, _ in store.listing()]) >= 5
    assert Alarm.objects.open().exists()
    monkeypatch.setattr(storekeeping, "NIGHT_SECONDS", 60)
    check_nightly()
    assert not Alarm.objects.open().exists()
    assert len(looked_at) >= 3


def test_orphans_of_a_store_that_hangs_are_asked_for_once(store, days_later, monkeypatch):
    for number in range(3):
        store.put(f"clean/nobodys-{number}", b"x", "text/plain")
    days_later(1.1)
    check_nightly()
    Alarm.objects.update(last_at=REAL_NOW() + timedelta(days=1.1))
    days_later(2.1)
    asked = []

    def hung(key):
        asked.append(key)
        raise StoreUnavailable

    monkeypatch.setattr(store, "remove", hung)
    with pytest.raises(StoreUnavailable):
        check_nightly()
    assert len(asked) == 1
    assert Alarm.objects.open().exists()


def test_a_store_that_is_away_is_no_agreement(store, monkeypatch):
    def away():
        raise StoreUnavailable

    monkeypatch.setattr(store, "listing", away)
    assert said()[0] == 2


def test_the_store_is_asked_to_encrypt_where_that_is_set(store, leila, monkeypatch):
    sealed = {"ServerSideEncryption": "AES256"}
    monkeypatch.setattr(store, "object_parameters", sealed)
    file = make_attachment(leila)
    assert store._object(file.path).server_side_encryption == "AES256"
    assert file.open().read()
    media = storages["default"]
    monkeypatch.setattr(media, "object_parameters", sealed)
    name = media.save("encrypted.txt", ContentFile(b"x"))
    assert media.bucket.Object(f"media/{name}").server_side_encryption == "AES256"
