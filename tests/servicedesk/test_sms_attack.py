"""Strangers ask for codes to other people's numbers: what it costs, and that the owners come in all the same."""

import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from servicedesk import references
from servicedesk.client_address import ClientAddress
from servicedesk.known_browser import CITIZEN, COOKIE, KnownBrowser
from servicedesk.models import Alarm, DeskSettings, LimitHit, LimitReached, OutgoingMessage, SmsDevice
from servicedesk.models.sms_budget import Part, SmsBudget
from tests.factories import make_citizen
from tests.servicedesk.sign_in_steps import CODE, SIGN_IN, ask_for_code, newest_code, solved

HOUR = 3600
OWN, UNKNOWN = "+989121234567", "+989127654321"


def at(host):
    """An address of a network of its own."""
    return ClientAddress(f"10.{host // 250}.{host % 250}.1/32", f"10.{host // 250}.{host % 250}.0/24")


def budget(minute, day=5000):
    desk = DeskSettings.load()
    desk.sms_budget_minute, desk.sms_budget_day = minute, day
    desk.save()


def let_pass(seconds):
    LimitHit.objects.update(at=F("at") - timedelta(seconds=seconds))


def sent_to(mobile=None):
    """Messages that somebody gets: those of withheld codes have lapsed before they were written."""
    messages = OutgoingMessage.objects.filter(sms_code__withheld=False)
    return messages.filter(recipient=mobile).count() if mobile else messages.count()


def use_up_the_open_part():
    for number in itertools.count():
        try:
            SmsDevice.begin(f"+98935{number:07d}", at(1000 + number))
        except LimitReached:
            return
        if SmsDevice.objects.filter(from_reserve=True).exists():
            return


def use_up_the_number(mobile):
    for host in range(5):
        SmsDevice.begin(mobile, at(500 + host))
        let_pass(61)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_under_attack_the_budget_holds_and_both_owners_are_served():
    budget(minute=30)
    owners = ["+989121111111", "+989122222222"]
    for mobile in owners:
        make_citizen(mobile=mobile)
    numbers = [make_citizen().mobile for _ in range(20)] + owners + [f"+98935{n:07d}" for n in range(8)]

    def attack(host):
        for mobile in numbers[host % 7 :] + numbers[: host % 7]:
            with suppress(LimitReached):
                SmsDevice.begin(mobile, at(host))
        connections.close_all()

    def come_home():
        SmsDevice.begin(owners[0], at(700), browser="the family's telephone")
        SmsDevice.begin(owners[1], at(701))
        connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(attack, range(16)))
        assert 20 < sent_to() <= 30
        let_pass(61)
        before = [sent_to(mobile) for mobile in owners]
        attackers = [pool.submit(attack, host) for host in range(16)]
        attackers[4].result()
        pool.submit(come_home).result()
        [attacker.result() for attacker in attackers]
    after = [sent_to(mobile) for mobile in owners]
    assert all(later > earlier for earlier, later in zip(before, after, strict=True))
    assert sent_to() == LimitHit.objects.filter(name="sms-budget").count() <= 60
    assert {alarm.kind for alarm in Alarm.objects.open()} == {"sms-budget-half", "sms-budget-spent"}


@pytest.mark.django_db
class TestOwners:
    def test_a_known_browser_has_an_allowance_of_its_own(self, client):
        code = ask_for_code(client)
        client.post(CODE, {"code": code})
        client.post("/desk/sign-out/")
        let_pass(61)
        use_up_the_number(OWN)
        stranger = Client(REMOTE_ADDR="192.0.2.1")
        for _ in range(4):
            stranger.post(SIGN_IN, solved(stranger))
        assert stranger.post(SIGN_IN, solved(stranger)).status_code == 429
        assert client.post(SIGN_IN, solved(client)).status_code == 303
        assert client.post(SIGN_IN, solved(client)).status_code == 429
        for _ in range(4):
            let_pass(61)
            assert client.post(SIGN_IN, solved(client)).status_code == 303
        let_pass(61)
        assert client.post(SIGN_IN, solved(client)).status_code == 429

    def sign_in_without_cookie(self, cookie, **fields):
        """Asks in the browser of ``cookie``, types the code in a fresh one: the cookie that makes, None if refused."""
        browser = Client()
        if cookie:
            browser.cookies[COOKIE] = cookie
        if browser.post(SIGN_IN, fields or solved(browser)).status_code != 303:
            return None
        browser.cookies.pop(COOKIE, None)
        browser.post(CODE, {"code": newest_code()})
        return browser.cookies[COOKIE].value

    def test_who_makes_browser_after_browser_known_gets_no_code_after_code(self):
        cookies = [self.sign_in_without_cookie(None)]
        while cookies[-1]:
            cookies.append(self.sign_in_without_cookie(cookies[-1]))
            assert len(cookies) < 9
        assert sent_to(OWN) == 3
        assert LimitHit.objects.filter(name="sms-budget").count() == 3

    def test_nor_over_the_hour_nor_without_a_security_code(self):
        unsolved = {"mobile": "0912 123 4567", "way": "altcha", "altcha": ""}
        names = [self.sign_in_without_cookie(None, **unsolved)]
        for _ in range(30):
            names += [made for name in list(names) if (made := self.sign_in_without_cookie(name, **unsolved))]
            let_pass(61)
        assert sent_to(OWN) <= 4

    def test_the_owner_has_two_devices(self):
        for browser in ("telephone", "computer"):
            SmsDevice.begin(OWN, at(1), browser=browser)
        with pytest.raises(LimitReached) as reached:
            SmsDevice.begin(OWN, at(1), browser="third")
        assert reached.value.name == "send-code-known-browsers-of-number"

    def test_known_browsers_of_one_network_have_a_limit_far_away(self):
        budget(minute=5000)
        for number in range(60):
            SmsDevice.begin(f"+98936{number:07d}", at(1), browser="known")
        with pytest.raises(LimitReached) as reached:
            SmsDevice.begin("+989369999999", at(1), browser="known")
        assert reached.value.name == "send-code-known-from-address"

    def test_a_known_browser_of_another_number_is_a_stranger(self):
        use_up_the_number(OWN)
        browser = Client()
        known = KnownBrowser("a" * 32, {"c": [], "s": []}).having_met(CITIZEN, UNKNOWN)
        assert known.name_for(CITIZEN, UNKNOWN) == "a" * 32
        assert known.name_for(CITIZEN, OWN) == ""
        assert browser.cookies.get(COOKIE) is None

    def test_an_owner_on_a_new_browser_gets_the_code_that_is_kept_for_him(self):
        make_citizen(mobile=OWN)
        use_up_the_number(OWN)
        assert SmsDevice.begin(OWN, at(1)).from_reserve
        assert sent_to(OWN) == 6
        with pytest.raises(LimitReached):
            SmsDevice.begin(OWN, at(2))

    def test_it_is_kept_for_those_who_solved_the_security_code(self):
        make_citizen(mobile=OWN)
        use_up_the_number(OWN)
        with pytest.raises(LimitReached):
            SmsDevice.begin(OWN, at(1), share=3)

    def test_it_is_not_for_an_address_that_asks_for_code_after_code(self):
        make_citizen(mobile=OWN)
        use_up_the_number(OWN)
        for number in range(3):
            SmsDevice.begin(f"+98935{number:07d}", at(1))
        with pytest.raises(LimitReached):
            SmsDevice.begin(OWN, at(1))
        assert SmsDevice.begin(OWN, at(2)).from_reserve

    def test_wishes_that_were_refused_make_an_address_loud_too(self):
        make_citizen(mobile=OWN)
        use_up_the_number(OWN)
        SmsDevice.begin("+989350000000", at(1))
        for _ in range(3):
            with pytest.raises(LimitReached):
                SmsDevice.begin("+989350000000", at(1))
        with pytest.raises(LimitReached):
            SmsDevice.begin(OWN, at(1))

    def test_when_the_budget_is_spent_each_kind_of_owner_has_a_part(self):
        make_citizen(mobile=OWN)
        budget(minute=20)
        use_up_the_open_part()
        with pytest.raises(LimitReached) as reached:
            SmsDevice.begin("+989359999999", at(1), share=3)
        assert reached.value.name == "sms-budget"
        for number in range(4):
            SmsDevice.begin(f"+98936{number:07d}", at(2), browser="known")
        with pytest.raises(LimitReached):
            SmsDevice.begin("+989369999999", at(2), browser="known")
        assert SmsDevice.begin(OWN, at(3)).from_reserve
        assert sent_to() <= 20


@pytest.mark.django_db
class TestEnumeration:
    """In each state of the desk, a number with an account and one without are answered alike."""

    @pytest.fixture(params=["at peace", "number used up", "number used up again", "budget spent", "all spent"])
    def state(self, request):
        make_citizen(mobile=OWN)
        budget(minute=20)
        if "number" in request.param:
            for host, mobile in enumerate((OWN, UNKNOWN)):
                use_up_the_number(mobile)
                if "again" in request.param:
                    SmsDevice.begin(mobile, at(600 + host))
            let_pass(61)
        if "spent" in request.param:
            use_up_the_open_part()
        if request.param == "all spent":
            for _ in range(4):
                LimitHit.take("sms-budget", Part.OWNER, rules=((100, HOUR),))
        return request.param

    def test_the_answer_is_the_same(self, state):
        seen = [self.walk(OWN, "192.0.2.1"), self.walk(UNKNOWN, "198.51.100.1")]
        assert seen[0] == seen[1]
        assert seen[0]["status"] == (303 if state in ("at peace", "number used up", "budget spent") else 429)

    def walk(self, mobile, host):
        """All that a stranger notices who asks for a code to ``mobile``, guesses, and asks again."""
        browser = Client(REMOTE_ADDR=host)
        fields = solved(browser, mobile="0" + mobile.removeprefix("+98"))
        with CaptureQueriesContext(connection) as queries:
            asked = browser.post(SIGN_IN, fields)
        page = browser.get(CODE) if asked.status_code == 303 else asked
        return {
            "status": asked.status_code,
            "to": asked.get("Location"),
            "page": self.without_what_always_differs(page.content.decode()),
            "guessed": browser.post(CODE, {"code": "000000"}).status_code,
            "again": browser.post("/desk/sign-in/resend/").status_code,
            "messages": OutgoingMessage.objects.filter(recipient=mobile).count(),
            # Statement by statement the same work, so that nothing can be measured.
            "work": [query["sql"].split(" ", 2)[:2] for query in queries if "SAVEPOINT" not in query["sql"]],
        }

    def without_what_always_differs(self, page):
        page = re.sub(r"[0-9a-f]{40}|csrfmiddlewaretoken\" value=\"\w+|nonce=\"[^\"]+|data-\w+=\"\d+", "", page)
        return re.sub(r"[۰-۹]+ (ثانیه|دقیقه)|[۰-۹]{4} [۰-۹]{3} [۰-۹]{4}|09\d{9}|0912 \d{3} \d{4}", "", page)

    def test_what_is_left_for_everybody_does_not_tell_who_has_an_account(self):
        make_citizen(mobile=OWN)
        budget(minute=20)
        assert self.left_after_reserve_of(OWN) == self.left_after_reserve_of(UNKNOWN) == 12

    def left_after_reserve_of(self, mobile):
        """How many codes strangers still get out of the open part after one that is kept for this number's owner."""
        LimitHit.objects.all().delete()
        use_up_the_number(mobile)
        assert SmsDevice.begin(mobile, at(1)).from_reserve
        before = sent_to()
        with suppress(LimitReached):
            for count in range(100):
                SmsDevice.begin(f"+98935{count:07d}", at(1000 + count), share=3)
        return sent_to() - before

    def test_the_code_of_a_number_without_an_account_is_never_right(self):
        use_up_the_number(UNKNOWN)
        device = SmsDevice.begin(UNKNOWN, at(1))
        assert device.from_reserve
        assert device.check_code(device.codes.get().digits) == "wrong"

    def test_nobody_gets_it_and_it_eats_nothing_of_what_is_kept(self):
        use_up_the_number(UNKNOWN)
        before = LimitHit.objects.filter(name="sms-budget").count()
        message = OutgoingMessage.objects.get(sms_code=SmsDevice.begin(UNKNOWN, at(1)).codes.get())
        assert OutgoingMessage.claim(message.pk) is None
        assert LimitHit.objects.filter(name="sms-budget").count() == before


@pytest.mark.django_db
class TestAlarms:
    def test_half_is_said_with_the_code_that_reaches_it(self):
        budget(minute=20)
        for number in range(9):
            SmsDevice.begin(f"+98935{number:07d}", at(number))
        assert not Alarm.objects.exists()
        SmsDevice.begin("+989359999999", at(99))
        alarm = Alarm.objects.get()
        assert alarm.kind == "sms-budget-half"
        assert alarm.figures == {"minute": 10, "minute_budget": 20, "day": 10, "day_budget": 5000}

    def test_spent_is_said_although_the_refused_wish_is_undone(self):
        budget(minute=20)
        use_up_the_open_part()
        with pytest.raises(LimitReached):
            SmsDevice.begin("+989359999999", at(1), share=3)
        assert Alarm.objects.open().filter(kind="sms-budget-spent").exists()

    def test_they_are_settled_when_it_has_been_calm_for_ten_minutes(self):
        budget(minute=20)
        use_up_the_open_part()
        SmsBudget().watch()
        assert Alarm.objects.open().count() == 2
        let_pass(120)
        SmsBudget().watch()
        assert Alarm.objects.open().count() == 2
        Alarm.objects.update(last_at=F("last_at") - timedelta(minutes=11))
        SmsBudget().watch()
        assert not Alarm.objects.open().exists()

    def test_the_day_has_a_budget_too(self):
        budget(minute=1000, day=100)
        use_up_the_open_part()
        assert sent_to() == 60
        let_pass(2 * HOUR)
        with pytest.raises(LimitReached) as reached:
            SmsDevice.begin("+989359999999", at(1), share=3)
        assert reached.value.retry_after > 20 * HOUR


@pytest.mark.django_db
class TestKnownBrowserCookie:
    def sign_in(self, client, mobile):
        LimitHit.objects.all().delete()
        client.post(CODE, {"code": ask_for_code(client, mobile=mobile)})
        client.post("/desk/sign-out/")

    def test_it_says_nothing_readable_and_is_shut_tight(self, client):
        self.sign_in(client, "09121234567")
        cookie = client.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
        assert cookie["max-age"] == 180 * 86400
        assert "9121234567" not in str(KnownBrowser.of(self.request_with(cookie.value)).marks)

    def request_with(self, value):
        return type("Request", (), {"COOKIES": {COOKIE: value}})()

    def test_three_numbers_of_a_family_are_known_the_latest_of_them(self, client):
        for number in range(4):
            self.sign_in(client, f"0912123456{number}")
        known = KnownBrowser.of(self.request_with(client.cookies[COOKIE].value))
        assert [bool(known.name_for(CITIZEN, f"+98912123456{number}")) for number in range(4)] == [
            False,
            True,
            True,
            True,
        ]

    @pytest.mark.parametrize("value", ["", "x", "W10:1:2", "é" * 50])
    def test_a_forged_one_is_none(self, value):
        assert KnownBrowser.of(self.request_with(value)).name_for(CITIZEN, OWN) == ""

    def test_another_browsers_marks_do_not_fit(self):
        mine, theirs = KnownBrowser("a", {"c": [], "s": []}), KnownBrowser("b", {"c": [], "s": []})
        assert mine.having_met(CITIZEN, OWN).marks != theirs.having_met(CITIZEN, OWN).marks

    def test_no_cookie_before_the_code_was_right(self, client):
        ask_for_code(client)
        client.post(CODE, {"code": "abc"})
        assert COOKIE not in client.cookies


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_cannot_be_counted_is_not_sent(monkeypatch, client):
    monkeypatch.setattr("servicedesk.models.limit.SENDERS_PATIENCE", "300ms")
    fields = solved(client)
    with holding("send-code-to-number", OWN):
        answer = elsewhere(lambda: client.post(SIGN_IN, fields))
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert not SmsDevice.objects.exists()
    assert not OutgoingMessage.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_only_looks_is_let_through_uncounted(monkeypatch, client):
    monkeypatch.setattr("servicedesk.models.limit.READERS_PATIENCE", "300ms")
    fields = {"reference": references.make(), "mobile": "09121234567"}
    with holding("track-number", OWN):
        assert elsewhere(lambda: client.post("/desk/track/", fields)).status_code == 422
    assert not LimitHit.objects.exists()
    assert client.post("/desk/track/", fields).status_code == 422
    assert LimitHit.objects.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_only_looks_is_let_through_where_the_database_takes_no_writes(client):
    def look():
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
        try:
            LimitHit.take_for_reading(("track-number", OWN))
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = off")

    elsewhere(look)
    assert not LimitHit.objects.exists()


@contextmanager
def holding(name, subject):
    """Somebody else holds the lock of a limit meanwhile: this thread's connection."""
    with transaction.atomic():
        LimitHit.lock(name, subject)
        yield


def elsewhere(ask):
    """The answer to ``ask()`` on a connection of its own."""

    def answer():
        try:
            return ask()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(answer).result()
