"""Strangers behind the same address as a known browser use up what the address may have; its owner comes in."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.http import HttpResponse
from django.test import Client

from servicedesk.client_address import ClientAddress
from servicedesk.known_browser import COOKIE, STAFF, KnownBrowser
from servicedesk.models import LimitHit, LimitReached, SmsDevice
from servicedesk.models.limit import LIMITS
from tests.servicedesk.sign_in_steps import CODE, MOBILE, RESEND, SIGN_IN, ask_for_code, solved

pytestmark = pytest.mark.django_db

HOST, NETWORK = "198.51.100.7/32", "198.51.100.0/24"
HERE = ClientAddress(HOST, NETWORK)
FRESH = "/desk/sign-in/fresh/"


def let_pass(seconds):
    LimitHit.objects.update(at=F("at") - timedelta(seconds=seconds))


def use_up(name, subject):
    """As if strangers had done it all within this moment."""
    allowed = max(allowed for allowed, _ in LIMITS[name])
    LimitHit.objects.bulk_create(LimitHit(name=name, key=LimitHit.key_of(name, subject)) for _ in range(allowed))


def new_browser(cookie=None):
    browser = Client(REMOTE_ADDR=HOST.removesuffix("/32"))
    if cookie:
        browser.cookies[COOKIE] = cookie
    return browser


def known_browser(mobile=MOBILE):
    """A browser in which the owner of this number has signed in, an hour ago."""
    browser = new_browser()
    browser.post(CODE, {"code": ask_for_code(browser, mobile="0" + mobile.removeprefix("+98"))})
    browser.post("/desk/sign-out/")
    let_pass(3700)
    return browser


def fresh_picture(browser):
    return browser.get(FRESH, headers={"Accept": "application/json"}).status_code


class TestAsking:
    @pytest.mark.parametrize(
        ("name", "subject"), [("ask-for-code-from-address", HOST), ("ask-for-code-from-network", NETWORK)]
    )
    def test_the_owner_gets_a_code_where_strangers_asked_too_often(self, name, subject):
        owner, stranger = known_browser(), new_browser()
        fields = solved(stranger, mobile="09351112233")
        use_up(name, subject)
        assert stranger.post(SIGN_IN, fields).status_code == 429
        assert owner.post(SIGN_IN, solved(owner)).status_code == 303
        let_pass(61)
        use_up(name, subject)
        assert owner.post(RESEND).status_code == 303

    def test_he_is_a_stranger_where_he_asks_for_another_number(self):
        owner = known_browser()
        use_up("ask-for-code-from-address", HOST)
        assert owner.post(SIGN_IN, solved(owner, mobile="09351112233")).status_code == 429

    def test_it_uses_up_nothing_of_what_strangers_may(self):
        SmsDevice.begin(MOBILE, HERE, browser="telephone")
        assert not LimitHit.objects.filter(name__startswith="ask-for-code-from").exists()

    def test_a_known_browser_asks_so_often_and_no_oftener(self):
        assert self.asked_until_refused("telephone") == (30, "ask-for-code-known-browser")

    def test_nor_do_all_known_browsers_of_a_number_together(self):
        for browser in ("telephone", "computer"):
            self.asked_until_refused(browser)
        assert self.asked_until_refused("third") == (0, "ask-for-code-known-browsers-of-number")

    def asked_until_refused(self, browser):
        """How many wishes were looked at, whatever became of them, and the name of the limit that ended it."""
        for count in range(100):
            try:
                SmsDevice.begin(MOBILE, HERE, browser=browser)
            except LimitReached as reached:
                if reached.name.startswith("ask-for-code"):
                    return count, reached.name
        raise AssertionError("asked for ever")


class TestPictures:
    def test_the_owner_gets_one_where_strangers_took_all(self):
        owner, stranger = known_browser(), new_browser()
        use_up("security-picture-from-address", HOST)
        assert stranger.get(SIGN_IN).status_code == fresh_picture(stranger) == 429
        assert owner.get(SIGN_IN).status_code == fresh_picture(owner) == 200

    def test_a_known_browser_gets_many_but_not_all(self):
        owner = known_browser()
        use_up("picture-known-browser", self.name_of(owner))
        assert owner.get(SIGN_IN).status_code == 429
        let_pass(601)
        assert owner.get(SIGN_IN).status_code == 200

    def test_nor_do_all_known_browsers_of_a_number_together(self):
        """Each sign-in without the cookie makes one more of them."""
        one, other, somebody_else = known_browser(), known_browser(), known_browser("+989351112233")
        assert self.name_of(one) != self.name_of(other)
        use_up("picture-known-browsers-of-number", self.known(one).number)
        assert one.get(SIGN_IN).status_code == other.get(SIGN_IN).status_code == 429
        assert somebody_else.get(SIGN_IN).status_code == 200

    def test_a_cookie_that_is_not_ours_opens_nothing(self):
        use_up("security-picture-from-address", HOST)
        assert new_browser("W10:1:2").get(SIGN_IN).status_code == 429

    def test_nor_does_one_of_staff(self):
        answer = HttpResponse()
        KnownBrowser("a" * 32, {"c": [], "s": []}).having_met(STAFF, "sara").write(answer)
        use_up("security-picture-from-address", HOST)
        assert new_browser(answer.cookies[COOKIE].value).get(SIGN_IN).status_code == 429

    def known(self, browser):
        return KnownBrowser.of(type("Request", (), {"COOKIES": {COOKIE: browser.cookies[COOKIE].value}})())

    def name_of(self, browser):
        return self.known(browser).name
