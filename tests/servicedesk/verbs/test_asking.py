"""The citizen is asked for more in the course of a letter: the letter waits, the promise rests."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from servicedesk.models import Holiday, WeeklyHours
from servicedesk.models.weekly_hours import CLOCKS
from servicedesk.workflow import MoveNotAllowed, Status
from tests.factories import make_attachment, make_citizen

pytestmark = pytest.mark.django_db


@pytest.fixture
def never_closed(db):
    """All days are working days, so that a rest is as long as the calendar says."""
    Holiday.with_removed.all().delete()
    WeeklyHours.objects.all().delete()
    clocks = {name: time(0) if name.endswith("opens") else time(23, 59, 59) for name in CLOCKS}
    WeeklyHours.objects.create(first_day=date(2020, 1, 1), **clocks)


def test_the_letter_waits_and_its_citizen_is_told(letter, sara):
    letter.ask(by=sara, question="پلاک خانه چند است؟", wanted=["عکس کنتور"])
    letter.refresh_from_db()
    assert letter.status == Status.WAITING
    assert letter.is_resting
    asked = letter.open_request
    assert (asked.question, asked.wanted, asked.unit) == ("پلاک خانه چند است؟", ["عکس کنتور"], letter.unit)
    assert letter.messages.count() == 2  # the receipt and this
    assert "پلاک" not in letter.messages.last().text


def test_the_reply_takes_the_letter_on(letter, sara, leila):
    letter.ask(by=sara, question="پلاک خانه چند است؟")
    file = make_attachment(leila)
    letter.complete(by=leila, text="پلاک ۱۲", files=[file])
    letter.refresh_from_db()
    assert letter.status == Status.IN_REVIEW
    assert not letter.is_resting
    [asked] = letter.completion_requests.all()
    assert (asked.text, asked.is_open, [one.pk for one in asked.files]) == ("پلاک ۱۲", False, [file.pk])
    # It is no second body.
    assert letter.body_file.pk != file.pk


def test_the_promised_day_rests_as_long_as_the_citizen_takes(never_closed, letter, sara, leila, days_later):
    promised = letter.due_on
    letter.ask(by=sara, question="کدام کوچه؟")
    days_later(4)
    letter.complete(by=leila, text="کوچهٔ بهار")
    letter.refresh_from_db()
    assert letter.due_on == promised + timedelta(days=4)
    assert letter.promised_on == promised
    assert letter.rested_days == 4


def test_what_waits_is_not_late(letter, sara):
    type(letter).objects.filter(pk=letter.pk).update(due_on=timezone.localdate() - timedelta(days=3))
    letter.refresh_from_db()
    assert letter.is_late
    letter.ask(by=sara, question="کدام کوچه؟")
    assert not letter.is_late


def test_one_question_at_a_time(letter, sara):
    letter.ask(by=sara, question="کدام کوچه؟")
    with pytest.raises(MoveNotAllowed):
        letter.ask(by=sara, question="کدام پلاک؟")
    letter.take_question_back(by=sara)
    letter.refresh_from_db()
    assert letter.status == Status.IN_REVIEW
    letter.ask(by=sara, question="کدام پلاک؟")


def test_nobody_replies_to_what_is_not_asked_any_more(letter, sara, leila):
    letter.ask(by=sara, question="کدام کوچه؟")
    letter.take_question_back(by=sara)
    with pytest.raises(MoveNotAllowed):
        letter.complete(by=leila, text="کوچهٔ بهار")


def test_the_final_answer_ends_the_question(letter, sara):
    letter.ask(by=sara, question="کدام کوچه؟")
    letter.answer(by=sara, text="خودمان یافتیم.")
    letter.refresh_from_db()
    assert letter.open_request is None
    assert letter.status == Status.ANSWERED


def test_a_reminder_comes_once_and_on_its_day(letter, sara, days_later):
    letter.ask(by=sara, question="کدام کوچه؟")
    assert letter.remind() is None
    days_later(7)
    assert letter.remind() is not None
    assert letter.remind() is None
    assert letter.messages.count() == 3


def test_without_a_reply_the_letter_is_closed_on_its_day(letter, sara, days_later):
    letter.ask(by=sara, question="کدام کوچه؟")
    days_later(29)
    assert letter.lapse() is None
    days_later(30)
    assert letter.lapse() is not None
    letter.refresh_from_db()
    assert letter.status == Status.CLOSED
    assert letter.open_request is None


def test_a_service_may_wait_for_ever(letter, sara, prompt, days_later):
    type(prompt).objects.update(reminder_days=None, closing_days=None)
    letter.refresh_from_db()
    letter.ask(by=sara, question="کدام کوچه؟")
    days_later(400)
    assert letter.remind() is None
    assert letter.lapse() is None


def test_what_was_typed_after_the_sessions_end_stands_there_after_signing_in(letter, sara, leila, client):
    letter.ask(by=sara, question="کدام کوچه؟")
    address = f"/desk/letters/{letter.reference}/"
    late = client.post(f"{address}reply/", {"form_key": "", "text": "کوچهٔ یاس"})
    assert f"/desk/sign-in/?next={address}".replace("/", "%2F")[-20:] in late["Location"]
    kept = client.session["late_reply"]
    assert letter.completion_requests.get().is_open
    other = client.__class__()
    for person, browser in ((make_citizen(), other), (leila, client)):
        browser.force_login(person, backend="servicedesk.backends.CitizenBackend")
        session = browser.session
        session["late_reply"] = kept
        session.save()
    assert other.get(address).status_code == 404
    assert "کوچهٔ یاس</textarea>" in client.get(address).content.decode()
    # Once.
    assert "کوچهٔ یاس" not in client.get(address).content.decode()
