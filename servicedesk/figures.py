"""Keeps the summary table that reports read: one ``LetterFigure`` a letter, from the letter and its timeline.

The background brings it up to date each minute, and each night once more for the letters of late, whose working hours
may count otherwise by now: a holiday or a closure was entered. ``manage.py rebuild_reports`` makes all of it anew.
"""

from datetime import timedelta

from django.db.models import F, Max
from django.utils import timezone

from servicedesk import workflow
from servicedesk.models import Event, Letter, LetterFigure
from servicedesk.models.event import Kind
from servicedesk.models.office_calendar import calendars_of
from servicedesk.workflow import Status
from servicedesk.working_days import NoWorkingDay, place_in_week

BATCH = 500
# A verb's moment is the beginning of its transaction; none takes longer than this to become visible.
MARGIN = timedelta(minutes=15)
# How far back each night looks.
OF_LATE = timedelta(days=100)

# By these a citizen hears that somebody has read the letter.
REACTIONS = (Kind.INTERIM_ANSWER, Kind.ANSWERED, Kind.ASKED, Kind.CLOSED)
ENDS = (Kind.ANSWERED, Kind.CLOSED, Kind.LAPSED)
# What moves a letter out of the organisation's hands and back.
MOVES = (
    *REACTIONS,
    Kind.LAPSED,
    Kind.REOPENED,
    Kind.COMPLETED,
    Kind.TAKEN_BACK,
    Kind.FILE_REMOVED,
    Kind.FILE_GIVEN,
)


def keep_figures():
    """Counts the letters that came or moved since they were counted last. Gives their number."""
    latest = LetterFigure.objects.aggregate(latest=Max("moved_at"))["latest"]
    letters = Letter.objects.exclude(figure__moved_at=F("moved_at"))
    return _count(letters.filter(moved_at__gte=latest - MARGIN) if latest else letters)


def rebuild_figures(*, all_of_them=False):
    """Counts letters anew, whether they moved or not: those of late, or all. Gives their number."""
    letters = Letter.objects.all()
    return _count(letters if all_of_them else letters.filter(moved_at__gte=timezone.now() - OF_LATE))


def _count(letters):
    count, last = 0, 0
    while batch := list(letters.filter(pk__gt=last).order_by("pk")[:BATCH]):
        figures = _figures_of(batch)
        kept = [field.name for field in LetterFigure._meta.fields if not field.primary_key]
        LetterFigure.objects.bulk_create(figures, update_conflicts=True, unique_fields=["letter"], update_fields=kept)
        count, last = count + len(batch), batch[-1].pk
    return count


def _figures_of(letters):
    """The LetterFigures (unsaved) of some letters; as many questions for five hundred as for one."""
    calendars = calendars_of({letter.unit_id for letter in letters}, _day(min(one.submitted_at for one in letters)))
    moves = {letter.pk: [] for letter in letters}
    events = Event.objects.filter(letter__in=moves, kind__in=MOVES).order_by("at", "pk")
    for letter, kind, at, actor in events.values_list("letter", "kind", "at", "actor"):
        moves[letter].append((Kind(kind), at, actor))
    return [_figure_of(letter, moves[letter.pk], calendars[letter.unit_id]) for letter in letters]


def _figure_of(letter, moves, calendar):
    came = _here(letter.submitted_at)
    reacted_at = next((at for kind, at, _actor in moves if kind in REACTIONS), None)
    answered_at = letter.answered_at if letter.status == Status.ANSWERED else None
    is_open = letter.status in workflow.OPEN
    ended_by = None if is_open else next((actor for kind, _at, actor in reversed(moves) if kind in ENDS), None)
    return LetterFigure(
        letter=letter,
        moved_at=letter.moved_at,
        unit_id=letter.unit_id,
        service_id=letter.service_id,
        service_title=letter.service_title,
        clerk_id=ended_by or letter.assignee_id,
        came_at=letter.submitted_at,
        weekday=place_in_week(came.date()),
        hour=came.hour,
        reacted_at=reacted_at,
        reaction_minutes=_minutes(letter, moves, calendar, reacted_at),
        answered_at=answered_at,
        answer_minutes=_minutes(letter, moves, calendar, answered_at),
        ended_at=None if is_open else answered_at or letter.closed_at or letter.moved_at,
        is_withdrawn=letter.status == Status.WITHDRAWN,
        is_in_time=_is_in_time(letter, calendar, answered_at),
        due_on=letter.due_on,
        rests_since=letter.rests_since,
    )


def _minutes(letter, moves, calendar, until):
    """The minutes of opening hours until that moment in which the letter lay with the organisation; None without a
    moment."""
    if until is None:
        return None
    spans = spans_of_ours(letter.submitted_at, [(kind, at) for kind, at, _actor in moves], until)
    return round(sum(calendar.minutes(_here(begin), _here(end)) for begin, end in spans))


def spans_of_ours(came_at, moves, until):
    """(begin, end) of each span until ``until`` in which nothing was wanted of the citizen and the letter had not
    ended. ``moves``: (Kind, moment), the first one first."""
    begin, is_asked, files_wanted, has_ended = came_at, False, 0, False
    for kind, at in moves:
        if at >= until:
            break
        if kind in ENDS:
            is_asked, files_wanted, has_ended = False, 0, True
        elif kind == Kind.REOPENED:
            has_ended = False
        elif kind in (Kind.ASKED, Kind.COMPLETED, Kind.TAKEN_BACK):
            is_asked = kind == Kind.ASKED
        elif kind in (Kind.FILE_REMOVED, Kind.FILE_GIVEN):
            files_wanted = max(0, files_wanted + (1 if kind == Kind.FILE_REMOVED else -1))
        is_ours = not (is_asked or files_wanted or has_ended)
        if is_ours and begin is None:
            begin = at
        elif begin is not None and not is_ours:
            yield begin, at
            begin = None
    if begin is not None:
        yield begin, until


def _is_in_time(letter, calendar, answered_at):
    if answered_at is None or letter.promised_on is None:
        return None
    try:
        promised_on = calendar.shift(letter.promised_on, letter.rested_days)
    except NoWorkingDay:
        promised_on = letter.promised_on
    return _day(answered_at) <= promised_on


def _here(moment):
    """The moment as the clock on the organisation's wall shows it."""
    return timezone.make_naive(moment, timezone.get_default_timezone())


def _day(moment):
    return _here(moment).date()
