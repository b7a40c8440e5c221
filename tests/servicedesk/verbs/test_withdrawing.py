"""A citizen takes a letter back, as long as nobody of the staff has opened it."""

import threading
import uuid

import pytest
from django.db import connections

from servicedesk.models import Event, Letter, OutgoingMessage, StaffView
from servicedesk.models.event import Kind
from servicedesk.models.verbs.arriving import PaperLetter
from servicedesk.models.verbs.ending import OpenedMeanwhile
from servicedesk.workflow import MoveNotAllowed, Status
from tests import factories

pytestmark = pytest.mark.django_db

LINK = "پس گرفتن درخواست"


@pytest.fixture
def browser(leila, signed_in):
    return signed_in(leila)


def page_of(letter, browser):
    return browser.get(f"/desk/letters/{letter.reference}/").content.decode()


def take_back(letter, browser):
    return browser.post(f"/desk/letters/{letter.reference}/withdraw/", follow=True)


def is_withdrawn(letter):
    return Letter.objects.get(pk=letter.pk).status == Status.WITHDRAWN


# What somebody of the staff can do with a letter before its citizen takes it back.
OPENED = {
    "looked at": lambda letter, by, other: StaffView.letter_opened(letter, by),
    "a file fetched": lambda letter, by, other: StaffView.file_fetched(letter, by),
    "given to a person": lambda letter, by, other: letter.assign(by=by, to=by),
    "forwarded": lambda letter, by, other: letter.forward(by=by, to=other, reason="آنجا"),
    "numbered by hand": lambda letter, by, other: letter.number(by=by, official_number="۱۴۰۵/۷"),
    "noted": lambda letter, by, other: letter.note(by=by, text="ببینید"),
    "asked": lambda letter, by, other: letter.ask(by=by, question="کدام کوچه؟"),
    "answered meanwhile": lambda letter, by, other: letter.answer_meanwhile(by=by, text="در دست است."),
}


def test_taking_a_letter_back(letter, leila, browser):
    assert LINK in page_of(letter, browser)
    asked = browser.get(f"/desk/letters/{letter.reference}/withdraw/").content.decode()
    assert "این کار برگشت ندارد" in asked
    answer = browser.post(f"/desk/letters/{letter.reference}/withdraw/")
    assert answer.status_code == 303
    page = page_of(letter, browser)
    assert "شما این نامه را پس گرفته‌اید" in page
    assert "شما نامه را پس گرفتید." in page
    assert letter.subject in page
    assert LINK not in page
    assert is_withdrawn(letter)


def test_sent_twice_it_is_done_once(letter, browser):
    for _time in range(2):
        assert "درخواست شما پس گرفته شد" in take_back(letter, browser).content.decode()
    assert letter.events.filter(kind=Kind.WITHDRAWN).count() == 1
    again = browser.get(f"/desk/letters/{letter.reference}/withdraw/")
    assert again.status_code == 302


@pytest.mark.parametrize("what", OPENED)
def test_not_once_it_was_opened(what, letter, leila, sara, roads, browser):
    OPENED[what](letter, sara, roads)
    with pytest.raises(OpenedMeanwhile):
        letter.withdraw(by=leila)
    page = page_of(letter, browser)
    assert LINK not in page
    assert "دیگر نمی‌شود آن را پس گرفت" in page
    assert "نامه پس گرفته نشد" in take_back(letter, browser).content.decode()
    assert not is_withdrawn(letter)


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.CLOSED])
def test_what_has_ended_stays_so(status, make_letter_in, leila, browser):
    letter = make_letter_in(status)
    with pytest.raises(MoveNotAllowed):
        letter.withdraw(by=leila)
    assert LINK not in page_of(letter, browser)
    assert "دیگر نمی‌شود پس گرفت" in take_back(letter, browser).content.decode()


def test_a_letter_on_paper_was_read_by_whoever_entered_it(leila, sara, water, service, browser):
    paper = PaperLetter(sender_name="لیلا", subject="چاه", unit=water, mobile=leila.mobile)
    letter = Letter.enter(by=sara, service=service, form_key=uuid.uuid4(), paper=paper)
    with pytest.raises(MoveNotAllowed):
        letter.withdraw(by=leila)
    assert LINK not in page_of(letter, browser)


def test_nobody_takes_a_letter_of_somebody_else_back(letter, kaveh, signed_in, client):
    address = f"/desk/letters/{letter.reference}/withdraw/"
    assert signed_in(kaveh).post(address).status_code == 404
    assert "sign-in" in client.post(address)["Location"]
    assert not is_withdrawn(letter)


def test_a_letter_that_waits_for_another_file_can_be_taken_back(letter, leila):
    letter.lose_file(file=letter.body_file, signature="Eicar")
    letter.withdraw(by=leila)
    assert is_withdrawn(letter)


def test_no_sms_leaves_for_it_any_more(letter, leila):
    letter.withdraw(by=leila)
    assert letter.messages.count() == 1
    assert not OutgoingMessage.objects.filter(letter=letter).due().exists()


def test_what_staff_see(letter, leila, sara, signed_in):
    letter.withdraw(by=leila)
    desk = signed_in(sara)
    assert letter.subject not in desk.get("/admin/desk/").content.decode()
    assert letter.subject in desk.get("/admin/desk/?tab=all").content.decode()
    page = desk.get(f"/admin/desk/{letter.reference}/").content.decode()
    assert "فرستنده این نامه را پس گرفته است" in page
    assert 'name="text"' not in page


def test_a_clerk_who_opened_it_in_that_moment_reads_that_it_was_taken_back(letter, leila, sara, signed_in, monkeypatch):
    """The look waits for the verb that holds the letter; what was fetched before shows an open one."""
    original = StaffView.letter_opened.__func__

    def late(cls, letter, user):
        Letter.objects.get(pk=letter.pk).withdraw(by=leila)
        return original(cls, letter, user)

    desk = signed_in(sara)
    monkeypatch.setattr(StaffView, "letter_opened", classmethod(late))
    page = desk.get(f"/admin/desk/{letter.reference}/").content.decode()
    assert "فرستنده این نامه را پس گرفته است" in page


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_opened_and_taken_back_at_once_one_wins(leila, sara, water, service):
    """Both begin together: either the look came first and the letter goes on, or it is withdrawn and the look knows."""
    for _round in range(5):
        letter = factories.make_letter(leila, water, service=service)
        start, found = threading.Barrier(2), {}

        def look(letter=letter, start=start, found=found):
            start.wait()
            StaffView.letter_opened(letter, sara)
            found["seen as"] = Letter.objects.get(pk=letter.pk).status
            connections.close_all()

        def withdraw(letter=letter, start=start, found=found):
            start.wait()
            try:
                Letter.objects.get(pk=letter.pk).withdraw(by=leila)
                found["withdrawn"] = True
            except OpenedMeanwhile:
                found["withdrawn"] = False
            connections.close_all()

        threads = [threading.Thread(target=one) for one in (look, withdraw)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert is_withdrawn(letter) == found["withdrawn"]
        assert (found["seen as"] == Status.WITHDRAWN) == found["withdrawn"]
        assert Event.objects.filter(letter=letter, kind=Kind.WITHDRAWN).count() == found["withdrawn"]
