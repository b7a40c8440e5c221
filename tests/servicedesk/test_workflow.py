"""Every pair of statuses, and the verbs on the real model."""

import pytest

from servicedesk.models.event import EventIsWritten
from servicedesk.workflow import MOVES, MoveNotAllowed, Status, require

ALLOWED = {
    ("in-review", "waiting"),
    ("in-review", "answered"),
    ("in-review", "closed"),
    ("in-review", "withdrawn"),
    ("waiting", "in-review"),
    ("waiting", "closed"),
    ("waiting", "answered"),
    ("waiting", "withdrawn"),
    ("answered", "in-review"),
    ("answered", "answered"),
    ("answered", "closed"),
    ("closed", "in-review"),
}


@pytest.mark.parametrize("current", Status)
@pytest.mark.parametrize("wanted", Status)
def test_each_pair_of_statuses_is_allowed_or_refused_as_the_table_says(current, wanted):
    if (current.value, wanted.value) in ALLOWED:
        require(current, wanted)
    else:
        with pytest.raises(MoveNotAllowed):
            require(current, wanted)


def test_no_status_is_missing_from_the_table():
    assert set(MOVES) == set(Status)


@pytest.mark.parametrize("status", Status)
def test_a_letter_moves_only_as_the_table_says(status, make_letter_in, sara):
    letter = make_letter_in(status)
    if (status.value, "answered") in ALLOWED:
        letter.answer(by=sara, text="پاسخ")
        letter.refresh_from_db()
        assert letter.status == Status.ANSWERED
    else:
        with pytest.raises(MoveNotAllowed):
            letter.answer(by=sara, text="پاسخ")
        letter.refresh_from_db()
        assert letter.status == status
        assert not letter.replies.exists()


@pytest.mark.parametrize("status", Status)
def test_forwarding_and_interim_answers_need_an_open_letter_and_leave_the_status_alone(
    status, make_letter_in, sara, roads
):
    letter = make_letter_in(status)
    for verb in (
        lambda: letter.answer_meanwhile(by=sara, text="منتظر کارشناس هستیم."),
        lambda: letter.forward(by=sara, to=roads, reason="به ما مربوط نیست."),
    ):
        if status in (Status.IN_REVIEW, Status.WAITING):
            verb()
        else:
            with pytest.raises(MoveNotAllowed):
                verb()
    letter.refresh_from_db()
    assert letter.status == status


def test_a_written_event_cannot_be_changed_or_removed(make_letter_in):
    event = make_letter_in(Status.IN_REVIEW).events.get()
    event.remark = "چیز دیگر"
    for attempt in (
        event.save,
        event.delete,
        lambda: type(event).objects.update(remark="x"),
        lambda: type(event).objects.all().delete(),
    ):
        with pytest.raises(EventIsWritten):
            attempt()
