"""Passwords of staff cannot be tried through, and whoever tries keeps nobody out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections
from django.db.models import F
from django.test import Client

from servicedesk.known_browser import COOKIE
from servicedesk.models import LimitHit, UserSession
from servicedesk.password_links import send_link
from tests.factories import make_staff
from tests.servicedesk.staff.conftest import page_of

LOGIN, RESET = "/admin/login/", "/admin/password_reset/"
PASSWORD = "correct horse battery"


def attempt(password="wrong", username="sara", browser=None, host="192.0.2.1"):
    browser = browser or Client()
    return browser.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR=host)


def let_pass(seconds):
    LimitHit.objects.update(at=F("at") - timedelta(seconds=seconds))


def attack(username="sara", hosts=8):
    """Strangers from many networks use up what a user name may have."""
    for host in range(hosts):
        for _ in range(6):
            attempt(username=username, host=f"10.0.{host}.1")


@pytest.mark.django_db
class TestPassword:
    def test_the_seventh_wrong_one_from_an_address_is_not_looked_at(self, sara):
        assert [attempt().status_code for _ in range(6)] == [200] * 6
        refused = attempt(PASSWORD)
        assert refused.status_code == 429
        assert 200 < int(refused["Retry-After"]) <= 300
        assert "رمزهای نادرست بسیاری" in page_of(refused)
        assert 'value="sara"' in refused.content.decode()
        let_pass(301)
        assert attempt(PASSWORD).status_code == 303

    def test_a_right_one_costs_nothing(self, sara):
        for _ in range(10):
            assert attempt(PASSWORD).status_code == 303
        assert not LimitHit.objects.filter(name__startswith="password").exists()

    def test_an_address_cannot_go_through_all_names(self, sara):
        codes = [attempt(username=f"name-{number}").status_code for number in range(31)]
        assert codes == [200] * 30 + [429]
        assert attempt(PASSWORD, host="192.0.2.2").status_code == 303

    def test_names_nobody_has_are_treated_alike(self, sara):
        seen = []
        for username in ("sara", "nobody"):
            answers = [attempt(username=username, host="192.0.2.7") for _ in range(7)]
            seen.append([(answer.status_code, page_of(answer).replace(username, "")) for answer in answers])
            LimitHit.objects.all().delete()
        assert seen[0] == seen[1]

    def test_however_a_name_is_written_it_is_one_name(self, sara):
        for number in range(6):
            attempt(username=["sara", "SARA", "ｓａｒａ"][number % 3])
        assert attempt(PASSWORD).status_code == 429

    def test_strangers_do_not_keep_out_a_browser_that_is_known(self, sara):
        own = Client()
        assert attempt(PASSWORD, browser=own).status_code == 303
        own.post("/admin/logout/")
        attack()
        assert attempt(browser=own, host="10.0.0.1").status_code == 200
        assert attempt(PASSWORD, browser=own, host="10.0.0.1").status_code == 303

    def test_a_known_browser_cannot_try_forever(self, sara):
        own = Client()
        attempt(PASSWORD, browser=own)
        own.post("/admin/logout/")
        codes = [attempt(browser=own).status_code for _ in range(11)]
        assert codes == [200] * 10 + [429]

    def test_a_browser_known_for_somebody_else_is_a_stranger(self, sara, omid):
        other = Client()
        attempt(PASSWORD, username="omid", browser=other)
        other.post("/admin/logout/")
        attack()
        attempt(browser=other, host="10.9.9.9")
        assert attempt(PASSWORD, browser=other, host="10.9.9.9").status_code == 429

    def test_strangers_do_not_keep_out_a_new_browser_at_a_new_place(self, sara):
        attack()
        assert attempt(host="10.0.0.1").status_code == 429
        assert attempt(PASSWORD, host="198.51.100.1").status_code == 303

    def test_but_a_new_place_has_one_try(self, sara):
        attack()
        assert attempt(host="198.51.100.1").status_code == 200
        assert attempt(PASSWORD, host="198.51.100.2").status_code == 429

    def test_the_cookie_is_set_with_the_right_password_only(self, sara):
        assert COOKIE not in attempt().cookies
        assert attempt(PASSWORD).cookies[COOKIE]["httponly"]

    def test_wagtails_second_door_leads_to_the_first(self, sara):
        for address in ("/_util/login/", "/en/_util/login/"):
            answer = Client().post(f"{address}?next=/x/", {"username": "sara", "password": PASSWORD})
            assert answer.status_code == 303
            assert answer["Location"] == f"{LOGIN}?next=/x/"
            assert COOKIE not in answer.cookies

    def test_the_session_still_ends_with_the_browser(self, sara):
        browser = Client()
        attempt(PASSWORD, browser=browser)
        assert browser.session.get_expire_at_browser_close()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_forty_guesses_at_once_six_are_looked_at():
    make_staff("sara")

    def guess(_):
        try:
            return attempt().status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(guess, range(40)))
    assert sorted(codes) == [200] * 6 + [429] * 34


@pytest.mark.django_db
class TestForgottenPassword:
    @pytest.fixture
    def asked(self, monkeypatch):
        """What a worker was asked to do."""
        tasks = []
        monkeypatch.setattr(
            "celery.Celery.send_task", lambda self, name, args=(), **options: tasks.append((name, args))
        )
        return tasks

    def ask(self, email="sara@example.ir", host="192.0.2.1"):
        return Client(REMOTE_ADDR=host).post(RESET, {"email": email}, follow=True)

    def test_a_mailbox_of_nobody_hears_the_same(self, sara, asked):
        pages = [page_of(self.ask(email)) for email in ("sara@example.ir", "nobody@example.ir")]
        assert pages[0] == pages[1]
        assert asked == [
            ("servicedesk.send_password_link", [sara.pk, "fa"]),
            ("servicedesk.send_password_link", [0, "fa"]),
        ]
        assert mail.outbox == []

    def test_the_worker_sends_the_link(self, sara):
        send_link(sara.pk, "fa")
        assert mail.outbox[0].to == ["sara@example.ir"]
        assert "/admin/password_reset/confirm/" in mail.outbox[0].body
        send_link(0, "fa")
        assert len(mail.outbox) == 1

    def test_a_mailbox_gets_three_an_hour_and_nobody_hears_of_it(self, sara, asked):
        pages = {page_of(self.ask(host=f"10.0.{host}.1")) for host in range(5)}
        assert len(pages) == 1
        assert len(asked) == 3

    def test_an_address_asks_ten_times_an_hour(self, sara, asked):
        for number in range(12):
            self.ask(f"person-{number}@example.ir")
        assert len(asked) == 10


@pytest.mark.django_db
class TestOwnSessions:
    def test_staff_see_and_end_theirs(self, signed_in, sara):
        here, there = signed_in(sara), signed_in(sara)
        for browser in (here, there):
            browser.get("/admin/")
        page = page_of(here.get("/admin/sessions/"))
        assert "نشست‌های من" in page
        assert page.count("همین مرورگر") == 1
        assert "/admin/sessions/" in here.get("/admin/account/").content.decode()
        other = UserSession.objects.order_by("pk").last()
        here.post("/admin/sessions/", {"end": other.pk})
        assert there.get("/admin/")["Location"].startswith(LOGIN)
        assert here.get("/admin/").status_code == 200

    def test_signing_out_everywhere_signs_out_here_too(self, signed_in, sara):
        browser = signed_in(sara)
        browser.get("/admin/")
        assert browser.post("/admin/sessions/", {"end": "all"})["Location"] == LOGIN
        assert browser.get("/admin/")["Location"].startswith(LOGIN)

    def test_half_signed_in_sees_no_list(self, sara):
        browser = Client()
        attempt(PASSWORD, browser=browser)
        assert "second-factor" in browser.get("/admin/sessions/")["Location"]
