"""Who stands in for somebody does that one's part, no more, for a time."""

import pytest

from servicedesk.models import StandIn, UnitMembership
from servicedesk.models.event import Kind as EventKind
from servicedesk.roles import Role

from .conftest import at, keyed, page_of
from .unit_steps import (
    day,
    home_of,
    jalali_words,
    let_go_days,
    make_stand_in,
    page_about,
    role_of,
    stands_in,
    trace,
)


def test_a_stand_in_does_what_the_other_may_on_these_days_only(head, signed_in, sara, reza, water, letter):
    browser = signed_in(reza)
    note = keyed(text="زنگ زد.")
    assert browser.post(at("note", letter), note).status_code in (302, 303, 403)
    assert not letter.events.filter(kind=EventKind.NOTED).exists()
    page = head.post(page_about(sara, water), stands_in(reza, 0, 3), follow=True)
    assert f"رضا جویبار از {jalali_words(0)} تا {jalali_words(3)} جانشین sara است." in trace(water)
    assert "رضا جویبار" in page_of(page)
    assert "جانشین تا" in page_of(head.get(home_of(water)))
    browser.post(at("note", letter), note)
    assert letter.events.filter(kind=EventKind.NOTED, actor=reza).exists()
    let_go_days(StandIn.objects.get())
    browser.post(at("note", letter), keyed(text="باز هم زنگ زد."))
    assert letter.events.filter(kind=EventKind.NOTED).count() == 1


def test_who_stands_in_for_a_reader_only_reads(head, signed_in, reza, omid, water, letter):
    # Omid, a reader here, clerk elsewhere.
    UnitMembership.objects.create(unit=water, user=omid, role=Role.READER)
    assert head.post(page_about(reza, water), stands_in(omid)).status_code == 303
    browser = signed_in(omid)
    assert browser.get(at("letter", letter)).status_code == 200
    browser.post(at("note", letter), keyed(text="زنگ زد."))
    assert not letter.events.filter(kind=EventKind.NOTED).exists()


def test_a_coming_stand_in_has_no_rights_yet_and_stands_in_the_list(head, signed_in, sara, reza, water):
    head.post(page_about(sara, water), stands_in(reza, 2, 3))
    assert "در پیش" in page_of(head.get(page_about(sara, water)))
    assert not UnitMembership.objects.in_force_for(reza).filter(user=sara).exists()
    let_go_days(StandIn.objects.get())
    assert "در پیش" not in page_of(head.get(page_about(sara, water)))


def test_overlapping_stand_ins_are_fine_and_the_same_twice_is_one(head, sara, reza, mina, water):
    for _click in range(2):
        assert head.post(page_about(sara, water), stands_in(reza, 0, 5)).status_code == 303
    assert head.post(page_about(sara, water), stands_in(mina, 3, 8)).status_code == 303
    assert StandIn.objects.count() == 2
    assert water.events.count() == 2


@pytest.mark.parametrize(
    ("who", "first", "last", "words"),
    [
        ("sara", 0, 1, "این فرد در این واحد نیست"),
        ("omid", 0, 1, "این فرد در این واحد نیست"),
        ("reza", 3, 1, "پیش از"),
        ("reza", -1, 1, "پیش از"),
        ("reza", 0, 4000, "پس از"),
    ],
)
def test_who_and_when_must_make_sense(head, sara, reza, omid, water, who, first, last, words):
    page = head.post(page_about(sara, water), stands_in({"sara": sara, "omid": omid, "reza": reza}[who], first, last))
    assert page.status_code == 422
    assert words in page_of(page)
    assert not StandIn.objects.exists()
    # What was typed is still there.
    assert day(last) in page.content.decode()


def test_a_stand_in_is_ended_at_once(head, signed_in, sara, omid, reza, water, roads, letter):
    stand_in = make_stand_in(sara, water, reza, 0, 9)
    elsewhere = make_stand_in(omid, roads, reza, 0, 9)
    browser = signed_in(reza)
    for pk in (elsewhere.pk, "x", ""):
        head.post(page_about(sara, water), {"do": "end-stand-in", "stand_in": pk})
    assert StandIn.objects.count() == 2
    head.post(page_about(sara, water), {"do": "end-stand-in", "stand_in": stand_in.pk})
    assert list(StandIn.objects.all()) == [elsewhere]
    assert trace(water) == ["رضا جویبار دیگر جانشین sara نیست."]
    browser.post(at("note", letter), keyed(text="زنگ زد."))
    assert not letter.events.filter(kind=EventKind.NOTED).exists()


def test_who_stands_in_for_the_head_leads_and_cannot_make_it_last(signed_in, mina, sara, reza, water):
    make_stand_in(mina, water, reza, 0, 1)
    browser = signed_in(reza)
    assert browser.post(page_about(sara, water), {"do": "role", "role": "approver"}).status_code == 303
    for address, act in (
        (page_about(reza, water), {"do": "role", "role": "head"}),
        (page_about(mina, water), stands_in(reza, 2, 100)),
        (page_about(mina, water), {"do": "take-out"}),
    ):
        assert browser.post(address, act).status_code == 422
    assert role_of(reza, water) == Role.READER
    assert role_of(mina, water) == Role.HEAD
    assert StandIn.objects.count() == 1
