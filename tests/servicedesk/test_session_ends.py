"""Sessions end when they were idle or are old, and a removed right counts at the next click."""

import pytest

from servicedesk import middleware


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
