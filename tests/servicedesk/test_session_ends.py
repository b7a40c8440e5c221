"""Sessions end when they were idle or are old, and a removed right counts at the next click."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from django.db import connections
from django.test import Client

from servicedesk import middleware
from servicedesk.client_address import ClientAddress
from servicedesk.models import LimitHit, NumberChange, User, UserSession
from servicedesk.views import sign_in
from tests.servicedesk.sign_in_steps import CODE, MOBILE, ask_for_code


@pytest.fixture
def clock(monkeypatch):
    """``clock.later(seconds)``: what the session middleware takes for now."""

    class Clock:
        now = 1_800_000_000

        def later(self, seconds):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr(middleware.time, "time", lambda: clock.now)
    return clock


@pytest.mark.parametrize(("person", "idle", "whole"), [("leila", 20 * 60, 4 * 3600), ("sara", 30 * 60, 10 * 3600)])
def test_a_session_ends_when_idle_and_when_old(request, person, idle, whole, signed_in, clock, service):
    home = "/desk/" if person == "leila" else "/admin/desk/"
    browser = signed_in(request.getfixturevalue(person))
    assert browser.get(home).status_code == 200
    clock.later(idle - 5)
    assert browser.get(home).status_code == 200
    clock.later(idle + 5)
    assert browser.get(home).status_code == 302

    browser = signed_in(request.getfixturevalue(person))
    for _ in range(whole // (15 * 60)):
        assert browser.get(home).status_code == 200
        clock.later(15 * 60)
    clock.later(5)
    assert browser.get(home).status_code == 302


def test_a_closed_account_is_out_at_the_next_click(signed_in, leila, service):
    browser = signed_in(leila)
    assert browser.get("/desk/").status_code == 200
    leila.is_active = False
    leila.save()
    assert browser.get("/desk/").status_code == 302


def test_a_clerk_who_leaves_a_unit_is_out_at_the_next_click(signed_in, sara, make_letter_in):
    letter = make_letter_in("in-review")
    browser = signed_in(sara)
    assert browser.get(f"/admin/desk/{letter.reference}/").status_code == 200
    sara.memberships.all().delete()
    assert browser.get(f"/admin/desk/{letter.reference}/").status_code == 404


def test_a_citizen_who_signs_in_over_a_clerks_session_leaves_no_row_of_it(signed_in, sara, leila):
    browser = signed_in(sara)
    browser.get("/admin/desk/")
    assert UserSession.objects.get().user == sara
    browser.post(CODE, {"code": ask_for_code(browser)})
    assert UserSession.objects.get().user.is_citizen


def number_changed_to(citizen, mobile):
    LimitHit.objects.all().delete()
    change = NumberChange.begin(citizen, mobile, ClientAddress("10.0.0.1/32", "10.0.0.0/24"))
    for device in (change.old, change.new):
        device.check_code(device.codes.get().digits)
    return change


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("moment", ["before login", "before the answer"])
def test_a_sign_in_with_the_old_number_does_not_outlive_a_change_of_number(monkeypatch, service, moment):
    citizen, thief = User.citizens.owning(MOBILE), Client()
    code = ask_for_code(thief)
    change, pool, changing, login = (
        number_changed_to(citizen, "+989351234567"),
        ThreadPoolExecutor(1),
        [],
        sign_in.login,
    )

    def finish():
        try:
            change.finish()
        finally:
            connections.close_all()

    def change_meanwhile():
        changing.append(pool.submit(finish))
        with suppress(TimeoutError):
            changing[0].result(timeout=1)

    def login_meanwhile(*args, **more):
        login(*args, **more)
        change_meanwhile()

    let_in = sign_in._let_in
    if moment == "before login":
        monkeypatch.setattr(sign_in, "_let_in", lambda *args: (change_meanwhile(), let_in(*args))[1])
    else:
        monkeypatch.setattr(sign_in, "login", login_meanwhile)
    with pool:
        thief.post(CODE, {"code": code})
    changing[0].result()
    assert thief.get("/desk/letters/").status_code == 302
    assert not UserSession.objects.exists()
