"""Passwords of staff cannot be tried through, and whoever tries keeps nobody out."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from kombu.exceptions import OperationalError

from servicedesk.known_browser import COOKIE
from servicedesk.models import LimitHit, OutgoingMessage, User, UserSession
from servicedesk.models.outbox import State
from servicedesk.outgoing import deliver_message
from servicedesk.purging import purge_message_texts
from servicedesk.sweeping import sweep
from tests.factories import make_staff
from tests.servicedesk.staff.conftest import page_of
from tests.smtp_double import SmtpDouble

LOGIN, RESET, ACCOUNT = "/admin/login/", "/admin/password_reset/", "/admin/account/"
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
class TestOldPassword:
    """The account page asks for the old password of whoever is signed in."""

    NEW = "another horse, another battery"

    def change(self, browser, old=PASSWORD, new=NEW, **more):
        sent = {
            "name_email-first_name": "سارا",
            "name_email-last_name": "نمونه",
            "name_email-email": "sara@example.ir",
            **more,
        }
        sent |= {f"password-{name}": value for name, value in (("old_password", old), ("new_password1", new))}
        sent |= {"password-new_password2": new, "locale-preferred_language": "fa", "locale-current_time_zone": ""}
        sent |= {"theme-theme": "system", "theme-contrast": "system", "theme-density": "default"}
        return browser.post(ACCOUNT, sent)

    def has(self, password):
        return User.objects.get(username="sara").check_password(password)

    def test_an_open_session_is_no_place_to_try_passwords(self, signed_in, sara):
        browser = signed_in(sara)
        for number in range(6):
            assert "این گذرواژهٔ شما نیست" in page_of(self.change(browser, old=f"guess {number}"))
        refused = page_of(self.change(browser, **{"name_email-last_name": "قناری"}))
        assert "چند بار گذرواژهٔ نادرست" in refused
        assert "دقیقه" in refused
        # What else was typed stands there still.
        assert 'value="قناری"' in self.change(browser, **{"name_email-last_name": "قناری"}).content.decode()
        assert self.has(PASSWORD)
        let_pass(301)
        assert self.change(browser).status_code == 303
        assert self.has(self.NEW)

    def test_its_tries_and_those_of_the_sign_in_are_counted_together(self, signed_in, sara):
        browser = signed_in(sara)
        for _ in range(6):
            assert attempt(host="127.0.0.1").status_code == 200
        assert "چند بار گذرواژهٔ نادرست" in page_of(self.change(browser))
        assert self.has(PASSWORD)

    def test_each_wrong_one_counts_once_and_the_right_one_nothing(self, signed_in, sara):
        browser = signed_in(sara)
        self.change(browser, old="wrong")
        assert LimitHit.objects.filter(name="password-of-user").count() == 1
        self.change(browser, new="1")  # The old one is right, the new one too short.
        assert LimitHit.objects.filter(name="password-of-user").count() == 1
        assert self.has(PASSWORD)

    def test_who_changes_no_password_is_asked_for_none(self, signed_in, sara):
        assert self.change(signed_in(sara), old="", new="").status_code == 303
        assert not LimitHit.objects.filter(name__startswith="password").exists()
        assert User.objects.get(username="sara").first_name == "سارا"

    def test_another_address_for_the_link_to_a_new_password_wants_the_password(self, signed_in, sara):
        browser, theirs = signed_in(sara), {"name_email-email": "thief@example.ir"}
        page = page_of(self.change(browser, old="", new="", **theirs))
        assert "این گذرواژهٔ شما نیست" in page
        for number in range(5):
            self.change(browser, old="", new="", **theirs, **{"name_email-own_password": f"guess {number}"})
        right = {"name_email-own_password": PASSWORD}
        assert "چند بار گذرواژهٔ نادرست" in page_of(self.change(browser, old="", new="", **theirs, **right))
        assert User.objects.get(username="sara").email == "sara@example.ir"
        let_pass(301)
        assert self.change(browser, old="", new="", **theirs, **right).status_code == 303
        assert User.objects.get(username="sara").email == "thief@example.ir"

    def test_a_new_password_ends_all_other_sessions(self, signed_in, sara, omid):
        here, there, colleague = signed_in(sara), signed_in(sara), signed_in(omid)
        for browser in (here, there, colleague):
            assert browser.get("/admin/").status_code == 200
        assert self.change(here).status_code == 303
        assert page_of(here.get("/admin/sessions/")).count("آخرین استفاده") == 1
        assert UserSession.objects.filter(user=sara).count() == 1
        assert there.get("/admin/")["Location"].startswith(LOGIN)
        assert here.get("/admin/").status_code == 200
        assert colleague.get("/admin/").status_code == 200

    def test_a_stranger_and_a_citizen_find_no_account_page(self, signed_in, leila, client):
        for browser in (client, signed_in(leila)):
            assert browser.get(ACCOUNT)["Location"].startswith((LOGIN, "/desk/"))
            assert self.change(browser).status_code == 303


@pytest.mark.django_db
class TestForgottenPassword:
    @pytest.fixture
    def server(self, settings):
        with SmtpDouble() as running:
            settings.MAILERS = running.mailer()
            yield running

    def ask(self, email="sara@example.ir", host="192.0.2.1"):
        return Client(REMOTE_ADDR=host).post(RESET, {"email": email}, follow=True)

    def owed(self):
        return OutgoingMessage.objects.filter(kind="link").order_by("pk")

    def work(self):
        """A sweep, and workers who do all that it nudges them about."""
        for message in self.owed():
            deliver_message(message.pk)

    def links(self):
        return [re.findall(r"http\S+", sent.body) for sent in mail.outbox]

    def test_a_mailbox_of_nobody_hears_the_same_and_leaves_the_same(self, sara):
        mailboxes = ["sara@example.ir", "nobody@example.ir"]
        pages = [page_of(self.ask(email)) for email in mailboxes]
        assert pages[0] == pages[1]
        told = ("kind", "channel", "text", "language", "state", "attempts", "letter", "sms_code", "gateway")
        rows = list(self.owed().values(*told))
        assert rows[0] == rows[1]
        assert list(self.owed().values_list("recipient", flat=True)) == mailboxes
        assert mail.outbox == []

    def test_the_link_is_made_while_the_mail_is_sent_and_nowhere_at_rest(self, sara):
        self.ask()
        assert "confirm" not in self.owed().get().text
        self.work()
        [sent] = mail.outbox
        assert sent.to == ["sara@example.ir"]
        assert "نام کاربری: sara" in sent.body
        assert "{link}" not in sent.body
        row = self.owed().get()
        assert row.state == State.SENT
        assert "confirm" not in row.text
        [[link]] = self.links()
        form = Client().get("/" + link.split("/", 3)[3], follow=True)
        assert form.status_code == 200
        assert "new_password1" in form.content.decode()

    def test_nobodys_row_is_closed_without_a_mail_and_keeps_nothing(self, sara):
        self.ask("nobody@example.ir")
        self.work()
        row = self.owed().get()
        assert (row.state, row.text, row.recipient) == (State.EXPIRED, "", "")
        assert row.final_at
        assert mail.outbox == []

    def test_with_the_broker_away_the_sweep_finds_what_is_owed(self, sara, monkeypatch):
        def away(*_args, **_options):
            raise OperationalError

        monkeypatch.setattr("celery.Celery.send_task", away)
        assert self.ask().status_code == 200
        assert mail.outbox == []
        OutgoingMessage.objects.update(next_at=Now() - timedelta(seconds=5))
        nudged = []
        monkeypatch.setattr("servicedesk.sweeping.nudge", lambda pk, queue, **_: nudged.append(pk))
        sweep()
        for pk in nudged:
            deliver_message(pk)
        assert [sent.to for sent in mail.outbox] == [["sara@example.ir"]]

    def test_a_mail_server_that_is_away_loses_nothing(self, sara, server):
        server.refuse = {"MAIL": "421 busy"}
        self.ask()
        self.work()
        assert self.owed().get().state == State.QUEUED
        server.refuse = {}
        OutgoingMessage.objects.update(next_at=Now())
        self.work()
        assert [to for to, _mail in server.mails] == [["sara@example.ir"]]

    def test_after_an_hour_it_is_not_sent_any_more(self, sara, admin_user, signed_in):
        self.ask()
        OutgoingMessage.objects.update(not_after=Now() - timedelta(seconds=1))
        self.work()
        sweep()
        assert mail.outbox == []
        row = self.owed().get()
        assert row.state == State.EXPIRED
        page = signed_in(admin_user).get("/admin/desk/messages/?tab=all").content.decode()
        assert 'name="message"' not in page
        assert OutgoingMessage.resend([row.pk], by=admin_user) == 0

    def test_what_was_given_up_is_listed_but_not_sent_again(self, sara, admin_user, signed_in):
        self.ask()
        self.owed().update(state=State.DEAD, final_at=Now(), last_error="mail_timeout")
        browser = signed_in(admin_user)
        assert 'name="message"' not in browser.get("/admin/desk/messages/").content.decode()
        page = page_of(browser.get("/admin/desk/messages/?tab=all"))
        assert "s•••@example.ir" in page
        assert "پیوند دوباره فرستاده نمی‌شود" in page
        browser.post("/admin/desk/messages/", {"do": "resend", "message": [self.owed().get().pk]})
        assert self.owed().get().state == State.DEAD

    def test_asking_again_while_one_waits_adds_none_and_lets_it_wait_longer(self, sara):
        self.ask()
        OutgoingMessage.objects.update(not_after=Now() + timedelta(minutes=1))
        before = self.owed().get().not_after
        self.ask()
        assert self.owed().get().not_after > before + timedelta(minutes=50)
        self.work()
        assert len(mail.outbox) == 1

    def test_two_who_share_a_mailbox_get_one_mail_with_two_links(self, sara):
        make_staff("sara-2")
        User.objects.filter(username="sara-2").update(email="sara@example.ir")
        make_staff("closed", is_active=False)
        User.objects.filter(username="closed").update(email="sara@example.ir")
        self.ask("SARA@example.ir")
        self.work()
        [links] = self.links()
        assert len(links) == 2
        assert "closed" not in mail.outbox[0].body

    def test_an_address_that_changed_meanwhile_gets_nothing(self, sara):
        self.ask()
        User.objects.filter(pk=sara.pk).update(email="other@example.ir")
        self.work()
        assert mail.outbox == []

    def test_it_goes_with_the_texts_of_all_messages(self, sara):
        self.ask()
        self.work()
        OutgoingMessage.objects.update(created_at=Now() - timedelta(days=8))
        assert purge_message_texts() == 1
        assert self.owed().get().recipient == ""

    def test_a_mailbox_gets_three_an_hour_and_nobody_hears_of_it(self, sara):
        pages = set()
        for host in range(5):
            pages.add(page_of(self.ask(host=f"10.0.{host}.1")))
            self.work()
        assert len(pages) == 1
        assert len(mail.outbox) == 3

    def test_an_address_asks_ten_times_an_hour(self, sara):
        for number in range(12):
            self.ask(f"person-{number}@example.ir")
        assert self.owed().count() == 10

    def test_a_password_by_link_ends_every_session(self, signed_in, sara):
        browser = signed_in(sara)
        assert browser.get("/admin/").status_code == 200
        self.ask()
        self.work()
        [[link]] = self.links()
        newcomer = Client()
        page = newcomer.get("/" + link.split("/", 3)[3])
        new = "another horse, another battery"
        assert newcomer.post(page["Location"], {"new_password1": new, "new_password2": new}).status_code == 303
        assert browser.get("/admin/")["Location"].startswith(LOGIN)
        assert User.objects.get(pk=sara.pk).check_password(new)


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
