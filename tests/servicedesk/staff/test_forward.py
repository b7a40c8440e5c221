"""Forwarding hands a letter over, with a reason that stays among colleagues."""

import threading
import time

import pytest
from django.db import connection, transaction

from servicedesk import persian
from servicedesk.models import Event, Letter, UnitMembership

from .conftest import at, keyed, page_of


def test_the_letter_goes_and_the_clerk_is_told_where(signed_in, sara, omid, roads, letter):
    browser = signed_in(sara)
    response = browser.post(at("forward", letter), keyed(unit=roads.pk, reason="چاله در خیابان است."), follow=True)
    assert response.redirect_chain == [("/admin/desk/", 303)]
    assert roads.name in page_of(response)
    assert f"درخواست {persian.persian_digits(letter.reference)} به" in page_of(response)
    gone = browser.get(at("letter", letter))
    assert gone.status_code == 404
    assert "به واحد دیگری ارجاع شده" in page_of(gone)
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
        assert (response.status_code, response.url) == (303, "/admin/desk/")
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
    assert codes == [303] * 4
    assert Event.objects.filter(letter=letter, kind="forwarded").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_answer_that_meets_a_forwarding_half_way_is_not_given(signed_in, sara, admin_user, roads, letter):
    """The clerk may still see the letter when his click arrives, and no longer when his turn comes."""
    browser, codes = signed_in(sara), []

    def click():
        try:
            codes.append(browser.post(at("answer", letter), keyed(text="پاسخ")).status_code)
        finally:
            connection.close()

    clerk = threading.Thread(target=click)
    with transaction.atomic():
        letter.forward(by=admin_user, to=roads, reason="دلیل")
        clerk.start()
        _wait_until_somebody_waits_for_a_lock()
    clerk.join()
    assert codes == [404]
    assert not letter.replies.exists()


def _wait_until_somebody_waits_for_a_lock():
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
        time.sleep(0.05)
    pytest.fail("The click never came to the letter's lock.")
