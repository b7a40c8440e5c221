"""From quarantine to its verdict: nothing is read before it, nothing accepted is lost behind any line of it."""

import contextlib
import os
import signal
import threading
import uuid

import pytest
from django.core.files.storage import storages
from django.db import connection

from config.embedded.ports import free_ports
from servicedesk import checking
from servicedesk.checking import check_file, tell_of_waiting_files, unchecked_files
from servicedesk.models import Alarm, Attachment, Event, OutgoingMessage
from servicedesk.models import attachment as attachment_module
from servicedesk.models.letter import FileGone
from servicedesk.uploads.scanner import EICAR
from servicedesk.uploads.store import StoreUnavailable
from servicedesk.workflow import Status
from tests.factories import make_attachment, make_letter, upload
from tests.servicedesk.uploads import samples
from tests.servicedesk.uploads.scanners import OwnClamd

pytestmark = [pytest.mark.needs("clamd"), pytest.mark.django_db]
State, Place = Attachment.State, Attachment.Place


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """Checks happen where the test says so; nudges are collected."""
    nudged = []
    monkeypatch.setattr(attachment_module, "nudge", lambda pk, queue, **more: nudged.append((pk, queue, more)))
    return nudged


@pytest.fixture
def scanner(settings):
    settings.CLAMD_URL = os.environ["CLAMD_OF_THE_TESTS"]


@pytest.fixture
def scanner_is_down(settings):
    settings.CLAMD_URL = f"tcp://127.0.0.1:{free_ports(1)[0]}"


def infected():
    """A PDF that passes the inspection and that the scanner knows."""
    return samples.pdf(change=lambda document: document.docinfo.update({"/Title": EICAR.decode()}))


def objects():
    return {key for key, _, _ in storages["letters"].listing()}


@pytest.fixture
def empty_store():
    for key in objects():
        storages["letters"].remove(key)


def letter_with(content, leila, water, monkeypatch=None, name="نامه.pdf"):
    """A letter in review whose file waits in quarantine."""
    letter = make_letter(leila, water)
    Attachment.objects.filter(letter=letter).delete()
    file = make_attachment(leila, name=name, content=content)
    Attachment.objects.filter(pk=file.pk).update(letter=letter)
    return letter, Attachment.objects.get(pk=file.pk)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


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
        assert unchecked_files(most=9) == []
        clamd.start_again() if down == "away" else clamd.signal(signal.SIGCONT)
        Attachment.objects.update(lease_until=None)
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


def test_what_is_found_goes_the_letter_stays_and_asks_for_another(leila, sara, water, scanner, signed_in, empty_store):
    letter, file = letter_with(infected(), leila, water)
    empty = objects() - {file.path}
    check_file(file.pk)
    letter, file = fresh(letter), fresh(file)
    assert letter.status == Status.WAITING
    assert (file.state, file.lease_until) == (State.REMOVED, None)
    assert file.finding.startswith("EICAR")
    assert objects() == empty
    page = signed_in(leila).get(f"/desk/letters/{letter.reference}/").content.decode()
    assert "لطفاً فایل دیگری بفرستید" in page
    assert "EICAR" not in page
    staff_page = signed_in(sara).get(f"/admin/desk/{letter.reference}/").content.decode()
    assert "EICAR" in staff_page
    assert OutgoingMessage.objects.filter(letter=letter, dedupe_key__startswith="event:").count() == 2
    assert Alarm.objects.open().get().kind == "file-infected"


def give(browser, letter, content=None, key=None, name="تازه.png"):
    data = {"form_key": str(key or uuid.uuid4()), "body_file": upload(name, content)}
    return browser.post(f"/desk/letters/{letter.reference}/file/", data)


def test_the_citizens_other_file_takes_the_same_way_and_counts_once(leila, water, scanner, signed_in):
    letter, file = letter_with(infected(), leila, water)
    check_file(file.pk)
    browser, key = signed_in(leila), uuid.uuid4()
    assert [give(browser, letter, key=key).status_code for _ in range(3)] == [303] * 3
    letter = fresh(letter)
    assert letter.status == Status.IN_REVIEW
    assert letter.body_file.state == State.PENDING
    assert letter.attachments.count() == 2
    assert letter.events.filter(kind="file-given").count() == 1
    check_file(letter.body_file.pk)
    assert fresh(letter).body_file.state == State.RELEASED


def test_a_second_bad_file_is_asked_for_again(leila, water, scanner, signed_in):
    letter, file = letter_with(infected(), leila, water)
    check_file(file.pk)
    give(signed_in(leila), letter, content=infected(), name="b.pdf")
    check_file(fresh(letter).body_file.pk)
    assert fresh(letter).status == Status.WAITING
    assert fresh(letter).wants_file


def test_a_form_that_lacks_the_file_its_key_or_a_reason_does_nothing(leila, kaveh, water, scanner, signed_in):
    letter, file = letter_with(infected(), leila, water)
    address = f"/desk/letters/{letter.reference}/file/"
    browser = signed_in(leila)
    assert give(browser, letter).status_code == 303  # Nothing was found yet, so nothing is wanted.
    assert letter.attachments.count() == 1
    check_file(file.pk)
    assert browser.post(address, {"form_key": str(uuid.uuid4())}).status_code == 422
    assert browser.post(address, {"body_file": upload()}).status_code == 422
    assert browser.post(address, {"form_key": str(uuid.uuid4()), "body_file": upload("a.exe")}).status_code == 422
    assert give(signed_in(kaveh), letter).status_code == 404
    assert fresh(letter).status == Status.WAITING


def test_what_is_found_in_an_answered_letter_asks_for_nothing(leila, sara, water, scanner):
    letter, file = letter_with(infected(), leila, water)
    letter.answer(by=sara, text="انجام شد.")
    check_file(file.pk)
    assert fresh(letter).status == Status.ANSWERED
    assert letter.events.last().kind == "file-removed-late"


def test_a_bad_file_in_an_answer_goes_and_the_unit_gives_another(leila, sara, water, scanner, signed_in):
    letter = make_letter(leila, water)
    file = make_attachment(sara, name="b.pdf", content=infected())
    reply = letter.answer(by=sara, text="بفرمایید.", file=file).reply
    check_file(file.pk)
    letter = fresh(letter)
    assert letter.status == Status.ANSWERED
    assert "فایل جوابیه" in signed_in(leila).get(f"/desk/letters/{letter.reference}/").content.decode()
    clerk = signed_in(sara)
    assert "فایل دیگری برای این جوابیه" in clerk.get(f"/admin/desk/{letter.reference}/").content.decode()
    address, data = f"/admin/desk/{letter.reference}/reply-file/", {"form_key": str(uuid.uuid4()), "reply": reply.pk}
    assert clerk.post(address, data).status_code == 422
    for _ in range(2):
        assert clerk.post(address, {**data, "file": upload()}).status_code == 303
    [given] = letter.events.filter(kind="reply-file-given")
    check_file(given.reply.files[0].pk)
    assert [file.state for file in fresh(reply).files] == [State.RELEASED]
    assert OutgoingMessage.objects.filter(dedupe_key=f"event:{given.pk}:sms").exists()
    assert not fresh(reply).wants_file


def letter_form(browser, service, key, **files):
    data = {"form_key": str(key), "sender_name": "لیلا", "subject": "چراغ", **files}
    return browser.post("/desk/letters/new/", {**data, "unit": ""})


def test_a_bad_file_of_an_unsent_form_goes_and_the_form_asks_for_another(leila, service, water, scanner, signed_in):
    browser, key = signed_in(leila), uuid.uuid4()
    letter_form(browser, service, key, body_file=upload("a.pdf", infected()))
    [file] = Attachment.objects.kept_for(leila, key)
    check_file(file.pk)
    page = letter_form(browser, service, key)
    assert page.status_code == 422
    assert "ویروس‌یاب در فایلی که انتخاب کردید" in page.content.decode()
    assert not Attachment.objects.kept_for(leila, key).exists()
    with pytest.raises(FileGone):
        make_letter(leila, water)._attach(file)


def test_taking_a_file_back_takes_its_content_too(leila, service, water, signed_in, empty_store):
    browser, key = signed_in(leila), uuid.uuid4()
    letter_form(browser, service, key, body_file=upload())
    assert len(objects()) == 1
    browser.post("/desk/letters/new/", {"form_key": str(key), "remove_file": "1"})
    assert objects() == set()


# --- Crashes and races -------------------------------------------------------------------------------------------


class Died(BaseException):
    """The worker's process ends here."""


CRASHES = ["put", "row", "remove"]


@pytest.mark.parametrize("content", [samples.pdf(), infected()], ids=["clean", "infected"])
@pytest.mark.parametrize("where", CRASHES)
def test_whatever_line_a_worker_dies_behind_the_sweep_completes_it(
    where, content, leila, water, scanner, monkeypatch, empty_store
):
    letter, file = letter_with(content, leila, water)
    others = objects() - {file.path}
    store = storages["letters"]

    def die(*args, **kwargs):
        raise Died

    with monkeypatch.context() as crash:
        if where == "row":
            crash.setattr(Attachment, "_ours", die)
        else:
            crash.setattr(store, where, die)
        with contextlib.suppress(Died):
            check_file(file.pk)
    row = fresh(file)
    assert row.state != State.RELEASED or store.has(row.path)
    Attachment.objects.filter(lease_until__isnull=False).update(lease_until="2020-01-01T00:00Z")
    for pk in unchecked_files(most=9):
        check_file(pk)
    row = fresh(file)
    assert row.state == (State.REMOVED if row.finding else State.RELEASED)
    assert objects() - others == (set() if row.finding else {f"clean/{row.key}"})
    assert Event.objects.filter(letter=letter, kind="file-removed").count() == bool(row.finding)


def test_of_two_workers_one_acts(leila, scanner):
    file = make_attachment(leila)
    assert Attachment.claim(file.pk) is not None
    assert Attachment.claim(file.pk) is None


def test_a_worker_whose_lease_ran_out_writes_nothing(leila, scanner):
    file = make_attachment(leila)
    slow = Attachment.claim(file.pk)
    Attachment.objects.update(lease_until="2020-01-01T00:00Z")
    Attachment.claim(file.pk)
    slow.release(b"x", scanned=True)
    assert fresh(file).state == State.PENDING


def test_a_file_let_go_while_it_is_being_scanned_leaves_nothing(leila, scanner, empty_store):
    file = make_attachment(leila)
    claimed = Attachment.claim(file.pk)
    content = claimed.open().read()
    file.discard()
    claimed.release(content, scanned=True)
    assert objects() == set()


def test_a_repeat_that_comes_after_the_release_leaves_one_object(leila, scanner, empty_store, monkeypatch):
    key = uuid.uuid4()
    file = make_attachment(leila, key)
    check_file(file.pk)
    assert make_attachment(leila, key).pk == file.pk
    # As if the row had not been there yet when the repeat looked.
    monkeypatch.setattr(Attachment.objects.none().__class__, "first", lambda self: None)
    assert make_attachment(leila, key).pk == file.pk
    assert objects() == {f"clean/{file.key}"}


def test_content_that_is_not_what_was_stored_is_not_released(leila, scanner):
    file = make_attachment(leila)
    Attachment.objects.update(sha256="0" * 64)
    check_file(file.pk)
    assert fresh(file).state == State.PENDING


def test_a_scanner_without_signatures_releases_nothing(leila, scanner, monkeypatch):
    monkeypatch.setattr(checking._Proof, "url", "")
    monkeypatch.setattr("servicedesk.uploads.scanner.EICAR", b"harmless")
    file = make_attachment(leila)
    check_file(file.pk)
    assert fresh(file).state == State.PENDING


def test_a_store_that_is_away_leaves_the_file_waiting(leila, scanner, monkeypatch):
    file = make_attachment(leila)

    def away(*args):
        raise StoreUnavailable

    monkeypatch.setattr(storages["letters"], "put", away)
    check_file(file.pk)
    assert fresh(file).state == State.PENDING


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


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_fifty_parallel_files_for_one_letter_are_one(leila, water, scanner, signed_in):
    letter, file = letter_with(infected(), leila, water)
    check_file(file.pk)
    key, answers = uuid.uuid4(), []

    def send(browser):
        try:
            answers.append(give(browser, letter, key=key).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[signed_in(leila)]) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {303}
    assert letter.attachments.count() == 2
    assert letter.events.filter(kind="file-given").count() == 1
