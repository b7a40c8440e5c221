"""Strangers behind the same address as a known browser use up what the address may have; its owner comes in."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from servicedesk.client_address import ClientAddress
from servicedesk.known_browser import COOKIE
from servicedesk.models import LimitHit, LimitReached, SmsDevice
from servicedesk.models.limit import LIMITS
from tests.servicedesk.sign_in_steps import CODE, MOBILE, RESEND, SIGN_IN, ask_for_code, solved

pytestmark = pytest.mark.django_db

HOST, NETWORK = "198.51.100.7/32", "198.51.100.0/24"
HERE = ClientAddress(HOST, NETWORK)


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
