"""From quarantine to its verdict: nothing is read before it, and everybody is told of it."""

import signal

import pytest
from django.core.files.storage import storages

from servicedesk.checking import check_file, tell_of_waiting_files, unchecked_files
from servicedesk.models import Alarm, Attachment
from tests.factories import make_attachment, make_letter
from tests.servicedesk.files.steps import fresh, letter_with, objects
from tests.servicedesk.uploads import samples
from tests.servicedesk.uploads.scanners import OwnClamd

pytestmark = [pytest.mark.needs("clamd"), pytest.mark.django_db]
State, Place = Attachment.State, Attachment.Place


def test_without_a_scanner_a_file_is_released_at_once_and_says_so(leila):
    file = make_attachment(leila)
    assert (file.state, file.place, file.is_scanned) == (State.RELEASED, Place.CLEAN, False)
    assert file.open().read()


def test_with_a_scanner_it_waits_in_quarantine_and_a_worker_is_told(
    leila, scanner, no_worker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        file = make_attachment(leila)
    assert (file.state, file.path) == (State.PENDING, f"quarantine/{file.key}")
    assert [(pk, queue) for pk, queue, _ in no_worker] == [(str(file.pk), "files")]


def test_a_clean_file_is_moved_and_released(leila, scanner, empty_store):
    file = make_attachment(leila)
    content = file.open().read()
    check_file(file.pk)
    file = fresh(file)
    assert (file.state, file.place, file.lease_until) == (State.RELEASED, Place.CLEAN, None)
    assert file.is_scanned
    assert file.open().read() == content
    assert objects() == {f"clean/{file.key}"}


@pytest.mark.parametrize("down", ["away", "hung"])
def test_while_the_scanner_is_down_nothing_is_released_and_afterwards_everything(
    down, leila, settings, tmp_path, monkeypatch
):
    monkeypatch.setattr("servicedesk.uploads.scanner.Scanner.__init__.__defaults__", (1,))
    clamd = OwnClamd(tmp_path)
    settings.CLAMD_URL = clamd.url
    try:
        file = make_attachment(leila)
        clamd.kill() if down == "away" else clamd.signal(signal.SIGSTOP)
        check_file(file.pk)
        assert fresh(file).state == State.PENDING
        Attachment.objects.update(lease_until=None)
        assert unchecked_files(most=9) == []  # Nobody is sent to a scanner that is down.
        clamd.start_again() if down == "away" else clamd.signal(signal.SIGCONT)
        assert unchecked_files(most=9) == [file.pk]
        check_file(file.pk)
        assert fresh(file).state == State.RELEASED
    finally:
        clamd.stop()


def test_a_file_that_waits_is_fetched_by_nobody(leila, sara, water, scanner, signed_in):
    letter, file = letter_with(samples.pdf(), leila, water)
    citizen, clerk = signed_in(leila), signed_in(sara)
    for browser, address in (
        (citizen, f"/desk/letters/{letter.reference}/files/{file.pk}/"),
        (clerk, f"/admin/desk/{letter.reference}/files/{file.pk}/"),
    ):
        assert browser.get(address).status_code == 404
    assert "در حال بررسی فایل" in citizen.get(f"/desk/letters/{letter.reference}/").content.decode()
    assert "در حال بررسی فایل" in citizen.get(f"/desk/letters/{letter.reference}/receipt/").content.decode()
    assert "در حال بررسی فایل" in clerk.get(f"/admin/desk/{letter.reference}/").content.decode()


def test_a_link_made_before_is_of_no_use_when_the_file_is_not_released_any_more(leila, water, signed_in):
    letter = make_letter(leila, water)
    browser = signed_in(leila)
    link = browser.get(f"/desk/letters/{letter.reference}/files/{letter.body_file.pk}/")["Location"]
    assert browser.get(link).status_code == 200
    Attachment.objects.update(state=State.REMOVED)
    assert browser.get(link).status_code == 404


def test_ten_minutes_sound_the_alarm_and_the_end_settles_it(leila, scanner_is_down):
    file = make_attachment(leila)
    tell_of_waiting_files()
    assert not Alarm.objects.open().exists()
    Attachment.objects.filter(pk=file.pk).update(created_at="2020-01-01T00:00Z")
    tell_of_waiting_files()
    assert Alarm.objects.open().get().kind == "scanner-late"
    Attachment.objects.update(state=State.RELEASED)
    tell_of_waiting_files()
    assert not Alarm.objects.open().exists()


def test_files_that_wait_when_the_scanner_is_taken_out_are_released_unscanned(leila, scanner, settings):
    file = make_attachment(leila)
    settings.CLAMD_URL = ""
    check_file(file.pk)
    file = fresh(file)
    assert (file.state, file.is_scanned) == (State.RELEASED, False)


def test_a_file_of_the_first_release_is_still_read(leila):
    file = make_attachment(leila)
    store = storages["letters"]
    store.put(file.key, file.open().read(), file.content_type)
    store.remove(file.path)
    Attachment.objects.update(place=Place.FIRST)
    assert fresh(file).open().read()


@pytest.mark.parametrize(("state", "word"), [("scanner", "ready"), ("scanner_is_down", "away")])
def test_the_health_page_tells_of_the_scanner(state, word, client, request):
    request.getfixturevalue(state)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["scanner"]) == (200, word)
    assert ("scanner" in answer.json()["degraded"]) == (word == "away")


@pytest.mark.parametrize("person", ["admin_user", "sara"])
def test_the_admins_home_page_tells_superusers_that_nobody_scans(person, signed_in, settings, request):
    browser = signed_in(request.getfixturevalue(person))
    words = "هیچ ویروس‌یابی تنظیم نشده است"
    assert (words in browser.get("/admin/").content.decode()) == (person == "admin_user")
    settings.CLAMD_URL = "tcp://127.0.0.1:9"
    assert words not in browser.get("/admin/").content.decode()
