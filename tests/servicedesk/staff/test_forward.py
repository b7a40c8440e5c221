"""Forwarding hands a letter over, with a reason that stays among colleagues."""

import threading

import pytest
from django.db import connection

from servicedesk.models import Event, Letter, UnitMembership

from .conftest import at, keyed, page_of


def test_the_letter_goes_and_the_clerk_is_told_where(signed_in, sara, omid, roads, letter):
    browser = signed_in(sara)
    response = browser.post(at("forward", letter), keyed(unit=roads.pk, reason="چاله در خیابان است."), follow=True)
    assert response.redirect_chain == [("/admin/desk/", 302)]
    assert roads.name in page_of(response)
    assert browser.get(at("letter", letter)).status_code == 404
    page = signed_in(omid).get(at("letter", letter))
    assert "چاله در خیابان است." in page_of(page)
    letter.refresh_from_db()
    assert (letter.unit, letter.status) == (roads, "in-review")
    assert letter.messages.count() == 1  # no SMS beyond the receipt


def test_whoever_belongs_to_both_units_stays_on_the_letter(signed_in, sara, roads, letter):
    UnitMembership.objects.create(unit=roads, user=sara)
    response = signed_in(sara).post(at("forward", letter), keyed(unit=roads.pk, reason="به معابر مربوط است."))
    assert response.url == at("letter", letter)


@pytest.mark.parametrize("missing", ["unit", "reason"])
def test_unit_and_reason_are_wanted_and_what_was_given_is_kept(signed_in, sara, roads, letter, missing):
    fields = keyed(unit=roads.pk, reason="دلیل ارجاع")
    del fields[missing]
    page = signed_in(sara).post(at("forward", letter), fields)
    assert page.status_code == 422
    text = page.content.decode()
    assert ("دلیل ارجاع" in text) if missing == "unit" else (f'value="{roads.pk}" selected' in text)
    letter.refresh_from_db()
    assert letter.unit != roads


def test_neither_its_own_unit_nor_one_that_is_off_gets_it(signed_in, sara, water, roads, letter):
    type(roads).objects.filter(pk=roads.pk).update(is_active=False)
    for unit in (water, roads):
        page = signed_in(sara).post(at("forward", letter), keyed(unit=unit.pk, reason="دلیل"))
        assert page.status_code == 422
    assert not letter.events.filter(kind="forwarded").exists()


def test_the_second_click_finds_it_done_instead_of_a_404(signed_in, sara, roads, letter):
    browser, fields = signed_in(sara), keyed(unit=roads.pk, reason="دلیل")
    for _click in range(2):
        response = browser.post(at("forward", letter), fields)
        assert (response.status_code, response.url) == (302, "/admin/desk/")
    assert letter.events.filter(kind="forwarded").count() == 1


@pytest.mark.parametrize("status", ["answered", "closed", "withdrawn"])
def test_what_is_not_open_stays_where_it_is(signed_in, sara, roads, letter, status):
    Letter.objects.filter(pk=letter.pk).update(status=status)
    page = signed_in(sara).post(at("forward", letter), keyed(unit=roads.pk, reason="دلیل ارجاع"))
    assert page.status_code == 422
    assert "دلیل ارجاع" in page.content.decode()
    assert not letter.events.filter(kind="forwarded").exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_parallel_clicks_forward_once_and_all_end_well(signed_in, sara, roads, letter):
    fields, gate, codes = keyed(unit=roads.pk, reason="دلیل"), threading.Barrier(4), []

    def click(browser):
        gate.wait()
        try:
            codes.append(browser.post(at("forward", letter), fields).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=[signed_in(sara)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [302] * 4
    assert Event.objects.filter(letter=letter, kind="forwarded").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_answer_that_meets_a_forwarding_is_given_by_the_unit_that_had_it_or_not_at_all(
    signed_in, sara, admin_user, roads, letter
):
    gate, codes = threading.Barrier(2), {}

    def click(name, browser, fields):
        gate.wait()
        try:
            codes[name] = browser.post(at(name, letter), fields).status_code
        finally:
            connection.close()

    jobs = [
        ("answer", signed_in(sara), keyed(text="پاسخ")),
        ("forward", signed_in(admin_user), keyed(unit=roads.pk, reason="دلیل")),
    ]
    threads = [threading.Thread(target=click, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    letter.refresh_from_db()
    reply = letter.replies.first()
    if letter.unit == roads:
        assert reply is None
        assert codes == {"answer": 404, "forward": 302}
    else:
        assert reply.unit == letter.unit
        assert codes == {"answer": 302, "forward": 422}
