"""What one person may do with a letter, where he has several parts or only sees it because it was shown to his unit."""

import pytest

from servicedesk.models import Rights, UnitMembership
from servicedesk.models.rights import AUDITOR, REGISTRAR
from servicedesk.roles import OF_ROLE, Act, Role
from tests import factories
from tests.access_scene import allow, stand_in
from tests.servicedesk.staff.conftest import at, keyed


@pytest.fixture
def letter(leila, water, service):
    return factories.make_letter(leila, water, service=service)


@pytest.fixture
def asked(letter, sara, roads):
    """The opinion that the roads unit is asked for."""
    letter.consult(by=sara, unit=roads, question="نظرتان چیست؟")
    return letter.opinions.get()


@pytest.fixture
def reader_of():
    def make(unit):
        person = factories.make_staff("reader")
        UnitMembership.objects.create(unit=unit, user=person, role=Role.READER)
        return person

    return make


def test_a_reader_of_a_unit_that_was_asked_or_got_a_copy_reads_and_says_nothing(
    signed_in, letter, sara, roads, asked, reader_of
):
    letter.send_copy(by=sara, to=roads)
    browser = signed_in(reader_of(roads))
    assert browser.get(at("letter", letter)).status_code == 200
    assert browser.post(at("note", letter), keyed(text="یادداشت")).status_code == 403
    assert browser.post(at("advise", letter), keyed(opinion=asked.pk, text="نظر")).status_code == 403


def test_a_reader_here_who_is_a_clerk_where_it_was_asked_says_his_units_opinion(letter, asked, water, omid):
    UnitMembership.objects.create(unit=water, user=omid, role=Role.READER)
    assert Rights(omid).on(letter) == {Act.READ, Act.NOTE}


def test_an_auditor_who_is_a_clerk_where_it_was_asked_does_too(letter, asked, omid):
    allow(omid, AUDITOR)
    assert Rights(omid).on(letter) == {Act.READ, Act.NOTE}


def test_of_several_parts_each_counts(letter, roads, sara, omid):
    stand_in(omid, sara, first=0, last=0)
    assert Rights(omid).on(letter) == OF_ROLE[Role.CLERK]
    assert set(Rights(omid).units_for(Act.EXPORT)) == {letter.unit_id, roads.pk}
    sara.memberships.update(role=Role.HEAD)
    assert Rights(omid).may(Act.LEAD, letter)


@pytest.mark.parametrize("part", ["clerk here, reader there", "registrar"])
def test_nobody_gives_the_opinion_of_a_unit_that_is_not_his(part, signed_in, letter, asked, roads, sara, editor):
    if part == "registrar":
        person = editor
        allow(person, REGISTRAR)
    else:
        person = sara
        UnitMembership.objects.create(unit=roads, user=person, role=Role.READER)
    browser = signed_in(person)
    assert at("advise", letter) not in browser.get(at("letter", letter)).content.decode()
    assert browser.post(at("advise", letter), keyed(opinion=asked.pk, text="نظر")).status_code == 422
    asked.refresh_from_db()
    assert asked.given_at is None


def test_a_superuser_may_give_it_for_the_unit(signed_in, letter, asked, admin_user):
    browser = signed_in(admin_user)
    assert at("advise", letter) in browser.get(at("letter", letter)).content.decode()
    browser.post(at("advise", letter), keyed(opinion=asked.pk, text="نظر"))
    asked.refresh_from_db()
    assert asked.text == "نظر"
