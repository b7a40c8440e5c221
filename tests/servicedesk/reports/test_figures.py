"""The summary table behind the reports: what is counted of each letter, and that it follows the letters."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from servicedesk import figures, tasks
from servicedesk.figures import keep_figures, rebuild_figures, spans_of_ours
from servicedesk.models import Closure, Letter, LetterFigure
from servicedesk.models.event import Kind

from .conftest import clock, jalali, move

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
START = clock(3, 8)


def figure_of(letter):
    keep_figures()
    return LetterFigure.objects.get(letter=letter)


@pytest.mark.parametrize(
    ("moves", "ours"),
    [
        ([], [(0, 24)]),
        ([(Kind.ASKED, 2), (Kind.COMPLETED, 5)], [(0, 2), (5, 24)]),
        ([(Kind.ASKED, 2), (Kind.REMINDED, 3), (Kind.TAKEN_BACK, 5)], [(0, 2), (5, 24)]),
        # A file of the citizen's is wanted, and meanwhile something is asked as well.
        ([(Kind.FILE_REMOVED, 1), (Kind.ASKED, 2), (Kind.FILE_GIVEN, 3), (Kind.COMPLETED, 4)], [(0, 1), (4, 24)]),
        ([(Kind.FILE_REMOVED, 1), (Kind.FILE_REMOVED, 2), (Kind.FILE_GIVEN, 3)], [(0, 1)]),
        # Between its end and its reopening it lay with nobody; what had been asked is forgotten.
        ([(Kind.ASKED, 2), (Kind.ANSWERED, 4), (Kind.REOPENED, 9)], [(0, 2), (9, 24)]),
        ([(Kind.ASKED, 2), (Kind.LAPSED, 4), (Kind.REOPENED, 9)], [(0, 2), (9, 24)]),
        # What came after the moment does not count.
        ([(Kind.ASKED, 30)], [(0, 24)]),
    ],
)
def test_the_time_in_which_a_letter_lies_with_the_organisation(moves, ours):
    moves = [(kind, START + HOUR * hours) for kind, hours in moves]
    spans = list(spans_of_ours(START, moves, START + HOUR * 24))
    assert spans == [(START + HOUR * begin, START + HOUR * end) for begin, end in ours]


def test_what_is_counted_of_an_answered_letter(water, sara, send, answer):
    # On a Wednesday afternoon, after the office has closed.
    letter = send(water, clock(6, 16))
    letter.answer_meanwhile(by=sara, text="در دست بررسی است.")
    move(letter, Kind.INTERIM_ANSWER, clock(9, 8, 30))
    answer(letter, sara, clock(10, 9))
    found = figure_of(letter)
    assert (found.unit, found.clerk, found.service_title) == (water, sara, letter.service_title)
    assert (found.weekday, found.hour) == (4, 16)
    # From half past seven on Saturday; the office closes at half past two.
    assert (found.reaction_minutes, found.answer_minutes) == (60, 7 * 60 + 90)
    assert (found.answered_at, found.ended_at) == (clock(10, 9), clock(10, 9))


def test_the_time_in_which_the_citizen_is_asked_does_not_count(water, sara, leila, send, answer):
    letter = send(water, clock(3, 8))
    letter.ask(by=sara, question="کدام چراغ؟")
    move(letter, Kind.ASKED, clock(3, 9))
    letter.complete(by=leila, text="سومی")
    move(letter, Kind.COMPLETED, clock(5, 10))
    answer(letter, sara, clock(5, 10, 30))
    found = figure_of(letter)
    assert (found.reaction_minutes, found.answer_minutes) == (60, 90)


@pytest.mark.parametrize(("answered_on", "in_time"), [(6, True), (9, True), (10, False)])
def test_in_time_is_the_first_promise_and_days_of_rest(water, sara, send, answer, answered_on, in_time):
    letter = send(water, clock(3, 8))
    # Promised for Wednesday; one day of rest makes it Saturday. A later day that the citizen was told changes nothing.
    Letter.objects.filter(pk=letter.pk).update(
        promised_on=jalali(1405, 8, 6), rested_days=1, due_on=jalali(1405, 8, 20)
    )
    answer(letter, sara, clock(answered_on, 12))
    assert figure_of(letter).is_in_time is in_time


def test_a_closed_letter_ends_without_answer_and_an_open_one_is_with_its_person(water, sara, send):
    closed, open_one = send(water, clock(3, 8)), send(water, clock(3, 8))
    closed.close(by=sara, text="تکراری است.")
    move(closed, Kind.CLOSED, clock(3, 10))
    open_one.assign(by=sara, to=sara)
    found = figure_of(closed)
    assert (found.answered_at, found.ended_at, found.clerk) == (None, clock(3, 10), sara)
    assert (found.reaction_minutes, found.is_in_time) == (120, None)
    found = figure_of(open_one)
    assert (found.ended_at, found.reacted_at, found.clerk) == (None, None, sara)


def test_a_reopened_letter_is_open_until_it_is_answered_anew(water, sara, send, answer):
    letter = send(water, clock(3, 8))
    answer(letter, sara, clock(3, 9))
    letter.reopen(by=sara, text="پاسخ کامل نبود.")
    move(letter, Kind.REOPENED, clock(4, 8))
    found = figure_of(letter)
    assert (found.answered_at, found.ended_at, found.reaction_minutes) == (None, None, 60)
    answer(letter, sara, clock(4, 8, 30))
    # An hour before, half an hour after; not the day in between.
    assert figure_of(letter).answer_minutes == 90


def test_only_what_came_or_moved_is_counted_again(water, roads, sara, send):
    first, second = send(water, clock(3, 8)), send(water, clock(3, 8))
    assert keep_figures() == 2
    assert keep_figures() == 0
    second.forward(by=sara, to=roads, reason="برای شماست")
    assert keep_figures() == 1
    assert {figure.letter_id: figure.unit for figure in LetterFigure.objects.all()} == {
        first.pk: water,
        second.pk: roads,
    }


def test_a_move_that_became_visible_late_is_found(water, sara, send):
    """A verb whose transaction began before another one's and ended after it."""
    slow, quick = send(water, clock(3, 8)), send(water, clock(3, 8))
    keep_figures()
    quick.note(by=sara, text="یادداشت")
    keep_figures()
    quick.refresh_from_db()
    Letter.objects.filter(pk=slow.pk).update(moved_at=quick.moved_at - timedelta(minutes=5), subject="دیگر")
    assert keep_figures() == 1


def test_the_background_keeps_it_and_a_command_makes_it_anew(water, send):
    letter = send(water, clock(3, 8))
    tasks.keep_figures_task()
    LetterFigure.objects.filter(letter=letter).update(hour=3)
    told = StringIO()
    call_command("rebuild_reports", stdout=told)
    assert told.getvalue() == "1 letters counted.\n"
    assert LetterFigure.objects.get().hour == 8


def test_each_night_the_calendar_of_now_counts(water, sara, send, answer):
    letter = send(water, clock(3, 8))
    answer(letter, sara, clock(4, 9))
    assert figure_of(letter).answer_minutes == 390 + 90
    Closure.objects.create(unit=water, first_day=jalali(1405, 8, 3), last_day=jalali(1405, 8, 3), reason="برف")
    assert keep_figures() == 0
    tasks.rebuild_figures_task()
    assert LetterFigure.objects.get().answer_minutes == 90
    Letter.objects.update(moved_at=letter.moved_at - figures.OF_LATE)
    assert rebuild_figures() == 0
    assert rebuild_figures(all_of_them=True) == 1


def test_as_many_questions_for_many_letters_as_for_one(water, sara, send, answer):
    counts = []
    for number in (1, 5):
        for _time in range(number):
            answer(send(water, clock(3, 8)), sara, clock(3, 9))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            rebuild_figures(all_of_them=True)
        counts.append(len(queries))
    assert counts[0] == counts[1]
