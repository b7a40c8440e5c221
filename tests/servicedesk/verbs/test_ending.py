"""Closing, opening again, a later day, a corrected answer, letters on paper."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from servicedesk.models import Letter, User
from servicedesk.models.verbs.arriving import PaperLetter
from servicedesk.models.verbs.ending import DayNotLater
from servicedesk.workflow import MoveNotAllowed, Status
from tests.factories import make_attachment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", Status)
def test_closing(status, make_letter_in, sara):
    letter = make_letter_in(status)
    if status not in (Status.IN_REVIEW, Status.WAITING):
        with pytest.raises(MoveNotAllowed):
            letter.close(by=sara, text="تکراری است.")
        return
    letter.close(by=sara, text="تکراری است.")
    letter.refresh_from_db()
    assert letter.status == Status.CLOSED
    assert letter.closed_at is not None


@pytest.mark.parametrize("status", Status)
def test_opening_again(status, make_letter_in, sara):
    letter = make_letter_in(status)
    if status in (Status.ANSWERED, Status.CLOSED):
        letter.reopen(by=sara, text="مدرک تازه رسید.")
        letter.refresh_from_db()
        assert letter.status == Status.IN_REVIEW
        assert letter.closed_at is None
    else:
        with pytest.raises(MoveNotAllowed):
            letter.reopen(by=sara, text="مدرک تازه رسید.")


def test_what_is_opened_again_has_a_day_to_come(letter, sara, days_later):
    promised = letter.promised_on
    letter.close(by=sara, text="تکراری است.")
    days_later(60)
    letter.reopen(by=sara, text="مدرک تازه رسید.")
    letter.refresh_from_db()
    assert letter.due_on > timezone.localdate()
    assert letter.promised_on == promised


def test_why_is_read_by_the_citizen(letter, sara, leila, signed_in):
    letter.close(by=sara, text="نامهٔ دیگری از شما در دست است.")
    page = signed_in(leila).get(f"/desk/letters/{letter.reference}/").content.decode()
    assert "نامهٔ دیگری از شما در دست است." in page
    assert "دیگری" not in letter.messages.last().text


def test_a_later_day(letter, sara, leila, signed_in):
    day = letter.due_on + timedelta(days=10)
    letter.postpone(by=sara, day=day, reason="کارشناس در مأموریت است.")
    letter.refresh_from_db()
    assert (letter.due_on, letter.promised_on) == (day, letter.promised_on)
    assert "مأموریت" in signed_in(leila).get(f"/desk/letters/{letter.reference}/").content.decode()
    for earlier in (day, day - timedelta(days=1), timezone.localdate()):
        with pytest.raises(DayNotLater):
            letter.postpone(by=sara, day=earlier, reason="زودتر")


@pytest.mark.parametrize("status", Status)
def test_only_a_final_answer_can_be_corrected(status, make_letter_in, sara):
    letter = make_letter_in(status)
    with pytest.raises(MoveNotAllowed):
        letter.correct_answer(by=sara, text="درست شد.")


def test_the_first_answer_stays_to_be_read(letter, sara, leila, signed_in):
    letter.answer(by=sara, text="چراغ فردا عوض می‌شود.")
    letter.correct_answer(by=sara, text="چراغ پس‌فردا عوض می‌شود.")
    letter.refresh_from_db()
    assert letter.status == Status.ANSWERED
    assert letter.final_answer.text == "چراغ پس‌فردا عوض می‌شود."
    page = signed_in(leila).get(f"/desk/letters/{letter.reference}/").content.decode()
    assert page.index("چراغ پس‌فردا") < page.index("چراغ فردا")
    assert letter.messages.count() == 3


class TestOnPaper:
    def enter(self, by, service, unit, form_key=None, **more):
        paper = PaperLetter(sender_name="کریم نمونه", subject="پیاده‌رو خراب است", unit=unit, **more)
        return Letter.enter(by=by, service=service, form_key=form_key or uuid.uuid4(), paper=paper)

    def test_with_a_number_it_is_its_citizens(self, sara, prompt, water, leila):
        letter = self.enter(sara, prompt, water, mobile=leila.mobile)
        assert letter in Letter.objects.visible_to(leila)
        assert letter.messages.get().recipient == leila.mobile
        assert letter.promised_on is not None

    def test_a_new_number_gets_an_account(self, sara, prompt, water):
        letter = self.enter(sara, prompt, water, mobile="+989009999999")
        assert User.citizens.get(mobile="+989009999999") == letter.citizen

    def test_without_a_number_nobody_is_told(self, sara, prompt, water):
        letter = self.enter(sara, prompt, water, contact="خیابان بهار، پلاک ۳")
        assert letter.citizen is None
        letter.answer(by=sara, text="انجام شد.")
        assert not letter.messages.exists()

    def test_all_scans_are_its_body(self, sara, prompt, water):
        key = uuid.uuid4()
        scans = tuple(make_attachment(sara, key, name=f"برگ {page}.png") for page in (1,))
        letter = self.enter(sara, prompt, water, key, scans=scans)
        assert [file.name for file in letter.body_files] == ["برگ 1.png"]

    def test_entered_twice_it_is_one(self, sara, prompt, water):
        key = uuid.uuid4()
        assert self.enter(sara, prompt, water, key) == self.enter(sara, prompt, water, key)
        assert Letter.objects.count() == 1
