"""Into whose hands a letter goes, and who reads it then."""

import pytest
from django.utils import timezone

from servicedesk.models import Letter, StandIn
from servicedesk.workflow import MoveNotAllowed, Status
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


def seen_by(user):
    return Letter.objects.visible_to(user).exists()


def test_given_to_a_person_and_to_nobody(letter, sara):
    letter.assign(by=sara, to=sara)
    assert letter.assign(by=sara, to=sara) is None
    letter.assign(by=sara, to=None)
    letter.refresh_from_db()
    assert letter.assignee is None
    assert [event.kind for event in letter.events.all()] == ["submitted", "assigned", "released"]
    assert [event.person for event in letter.events.all()] == [None, sara, sara]


def test_forwarded_it_is_nobodys(letter, sara, roads):
    letter.assign(by=sara, to=sara)
    letter.forward(by=sara, to=roads, reason="کار معابر است.")
    letter.refresh_from_db()
    assert letter.assignee is None


def test_a_copy_lets_the_other_unit_read(letter, sara, omid, roads):
    assert not seen_by(omid)
    letter.send_copy(by=sara, to=roads, remark="برای اطلاع")
    assert seen_by(omid)
    assert not Letter.objects.exportable_by(omid).exists()
    assert letter.send_copy(by=sara, to=roads) is None


def test_an_opinion_is_asked_for_and_given(letter, sara, omid, roads, leila, signed_in):
    letter.consult(by=sara, unit=roads, question="این چراغ مال شماست؟")
    assert seen_by(omid)
    with pytest.raises(MoveNotAllowed):
        letter.consult(by=sara, unit=roads, question="خبری نشد؟")
    opinion = letter.opinions.get()
    letter.advise(by=omid, opinion=opinion, text="خیر، مال برق است.")
    opinion.refresh_from_db()
    assert (opinion.text, opinion.given_by) == ("خیر، مال برق است.", omid)
    with pytest.raises(MoveNotAllowed):
        letter.advise(by=omid, opinion=opinion, text="بله.")
    page = signed_in(leila).get(f"/desk/letters/{letter.reference}/").content.decode()
    assert "مال برق" not in page
    assert "مال شماست" not in page


def test_who_stands_in_reads_in_that_time_only(letter, sara, omid, days_later):
    today = timezone.localdate()
    membership = sara.memberships.get()
    StandIn.objects.create(
        membership=membership, substitute=omid, first_day=today, last_day=today + timezone.timedelta(days=2)
    )
    assert seen_by(omid)
    days_later(2)
    assert seen_by(omid)
    days_later(3)
    assert not seen_by(omid)


def test_who_stands_in_for_nobody_any_more_reads_nothing(letter, sara, omid):
    today = timezone.localdate()
    StandIn.objects.create(membership=sara.memberships.get(), substitute=omid, first_day=today, last_day=today)
    sara.memberships.all().delete()
    assert not seen_by(omid)


@pytest.mark.parametrize("status", Status)
def test_notes_and_copies_fit_every_letter(status, make_letter_in, sara, roads):
    letter = make_letter_in(status)
    letter.note(by=sara, text="تلفنی گفتم.")
    letter.send_copy(by=sara, to=roads)
    letter.refresh_from_db()
    assert letter.status == status


def test_a_reader_sees_without_a_part(letter, water):
    reader = make_staff("reader", water)
    reader.memberships.update(role="reader")
    assert seen_by(reader)
