"""Letters with a past: each step at a moment of a known week, in an office without holidays."""

from datetime import datetime, time

import jdatetime
import pytest
from django.db import connection
from django.utils import timezone

from servicedesk.figures import keep_figures
from servicedesk.models import Holiday, Letter, UnitMembership
from servicedesk.models.event import Kind
from servicedesk.roles import Role
from tests import factories


def jalali(year, month, day):
    return jdatetime.date(year, month, day).togregorian()


def clock(day, hour, minute=0):
    """The moment in Aban 1405 at which the clock in Tehran shows this time; its second day is a Saturday."""
    moment = datetime.combine(jalali(1405, 8, day), time(hour, minute))
    return timezone.make_aware(moment, timezone.get_default_timezone())


def move(letter, kind, moment):
    """Lets the letter's latest event of this kind have happened at ``moment``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE servicedesk_event SET at = %s WHERE id = (SELECT max(id) FROM servicedesk_event "
            "WHERE letter_id = %s AND kind = %s)",
            [moment, letter.pk, kind],
        )
        assert cursor.rowcount == 1
    columns = {Kind.SUBMITTED: "submitted_at", Kind.ANSWERED: "answered_at", Kind.CLOSED: "closed_at"}
    if kind in columns:
        Letter.objects.filter(pk=letter.pk).update(**{columns[kind]: moment})


@pytest.fixture(autouse=True)
def no_holidays(db):
    Holiday.with_removed.all().delete()


@pytest.fixture
def send(leila, service):
    """``send(unit, moment, **what there is of a letter)``: a Letter that came then."""

    def sent(unit, moment, **values):
        letter = factories.make_letter(leila, unit, **{"service": service} | values)
        move(letter, Kind.SUBMITTED, moment)
        return letter

    return sent


@pytest.fixture
def answer():
    """``answer(letter, by, moment)``: the final answer, given then."""

    def answered(letter, by, moment):
        letter.answer(by=by, text="چراغ عوض شد.")
        move(letter, Kind.ANSWERED, moment)

    return answered


@pytest.fixture
def mina(water):
    """The head of the water unit."""
    person = factories.make_staff("mina", first_name="مینا", last_name="سرچشمه")
    UnitMembership.objects.create(unit=water, user=person, role=Role.HEAD)
    return person


@pytest.fixture
def month(water, roads, sara, omid, send, answer):
    """Aban 1405. Water: came five; of these four answered by Sara after 1, 2, 3 and 10 working hours, the last one
    late; one is open and late. Roads: one open letter. In Mehr water answered one after 5 hours."""
    for hours, promised in ((1, 30), (2, 30), (3, 30), (10, 3)):
        letter = send(water, clock(3, 8))
        answer(letter, sara, clock(3, 8 + hours) if hours < 6 else clock(4, 11))
        Letter.objects.filter(pk=letter.pk).update(promised_on=jalali(1405, 8, promised))
    late = send(water, clock(10, 9))
    late.assign(by=sara, to=sara)
    Letter.objects.filter(pk=late.pk).update(promised_on=jalali(1405, 8, 12), due_on=jalali(1405, 8, 12))
    other = send(roads, clock(11, 16))
    Letter.objects.filter(pk=other.pk).update(promised_on=None, due_on=None)
    earlier = send(water, clock(1, 8).replace(day=10))
    answer(earlier, sara, clock(1, 13).replace(day=10))
    Letter.objects.filter(pk=earlier.pk).update(promised_on=jalali(1405, 7, 30))
    keep_figures()
