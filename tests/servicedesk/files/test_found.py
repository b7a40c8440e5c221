"""What is found goes, the letter stays, and another file is asked for."""

import threading
import uuid

import pytest
from django.db import connection

from servicedesk.checking import check_file
from servicedesk.models import Alarm, Attachment, OutgoingMessage
from servicedesk.models.verbs.verb import FileGone
from servicedesk.workflow import MoveNotAllowed, Status
from tests.factories import make_attachment, make_letter, upload
from tests.servicedesk.files.steps import fresh, give, infected, letter_with, objects

pytestmark = [pytest.mark.needs("clamd"), pytest.mark.django_db]
State, Place = Attachment.State, Attachment.Place


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


def test_a_letter_that_wants_no_file_takes_none(leila, water):
    letter, file = make_letter(leila, water), make_attachment(leila)
    with pytest.raises(MoveNotAllowed):
        letter.give_file(by=leila, file=file)
    assert fresh(file).letter is None


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


def test_the_file_of_an_answer_is_not_swapped(leila, sara, water, signed_in):
    letter, file = make_letter(leila, water), make_attachment(sara)
    reply = letter.answer(by=sara, text="بفرمایید.", file=file).reply
    data = {"form_key": str(uuid.uuid4()), "reply": reply.pk, "file": upload()}
    sent = signed_in(sara).post(f"/admin/desk/{letter.reference}/reply-file/", data)
    assert sent.status_code == 422
    assert ("This answer has its file" in (page := sent.content.decode())) or ("این جوابیه فایل خود را دارد" in page)
    assert list(fresh(reply).attachments.all()) == [file]


def test_two_forms_give_an_answer_one_file(leila, sara, water, scanner):
    letter = make_letter(leila, water)
    file = make_attachment(sara, name="b.pdf", content=infected())
    reply = letter.answer(by=sara, text="بفرمایید.", file=file).reply
    check_file(file.pk)
    first, second = fresh(letter), fresh(letter)
    assert [each.wants_file for each in (first.replies.get(), second.replies.get())] == [True, True]
    given = make_attachment(sara)
    first.give_reply_file(by=sara, reply=reply, file=given, form_key=uuid.uuid4())
    with pytest.raises(MoveNotAllowed):
        second.give_reply_file(by=sara, reply=reply, file=make_attachment(sara), form_key=uuid.uuid4())
    assert fresh(reply).files == [given]


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
    browser.post("/desk/letters/new/", {"form_key": str(key), "remove_file": str(Attachment.objects.get().pk)})
    assert objects() == set()


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
