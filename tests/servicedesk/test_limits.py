"""How often codes may be asked for: per number, per address, per network; counted in the database alone."""

import re
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.test import Client

from servicedesk.models import DeskSettings, LimitHit, LimitReached, OutgoingMessage, SmsDevice
from servicedesk.models.limit import LIMITS
from servicedesk.waiting import waiting_time
from tests.servicedesk.sign_in_steps import SIGN_IN, solved

pytestmark = pytest.mark.django_db

MINUTE, HOUR = 60, 3600


def ask(mobile="09121234567", **headers):
    """Step one in a new browser, the picture read rightly."""
    browser = Client(**headers)
    fields = solved(browser, mobile=mobile)
    return browser.post(SIGN_IN, fields)


def numbers():
    return (f"0912{number:07d}" for number in range(1000))


def let_pass(seconds):
    LimitHit.objects.update(at=F("at") - timedelta(seconds=seconds))


def test_a_number_gets_one_code_a_minute_and_hears_when_the_next_may_come():
    assert ask().status_code == 303
    refused = ask("+98 912 123 4567")
    assert refused.status_code == 429
    assert 50 <= int(refused["Retry-After"]) <= 60
    page = refused.content.decode()
    assert re.search("به‌تازگی کدی به این شماره فرستاده‌ایم. [۰-۹]+ ثانیه دیگر", page)
    assert 'value="+98 912 123 4567"' in page
    assert OutgoingMessage.objects.count() == SmsDevice.objects.count() == 1
    let_pass(61)
    assert ask().status_code == 303


def test_a_number_gets_five_codes_an_hour():
    for _ in range(5):
        assert ask().status_code == 303
        let_pass(61)
    refused = ask()
    assert refused.status_code == 429
    assert HOUR - 6 * 61 - 5 <= int(refused["Retry-After"]) <= HOUR - 5 * 61
    assert "دقیقه دیگر" in refused.content.decode()
    let_pass(HOUR - 5 * 61)
    assert ask().status_code == 303


def test_a_number_gets_ten_codes_a_day():
    for _ in range(10):
        assert ask().status_code == 303
        let_pass(15 * MINUTE)
    refused = ask()
    assert refused.status_code == 429
    assert "ساعت دیگر" in refused.content.decode()
    let_pass(24 * HOUR - 150 * MINUTE)
    assert ask().status_code == 303


def test_an_address_gets_twenty_codes_an_hour_and_others_go_on():
    answers = [
        ask(mobile, REMOTE_ADDR="192.0.2.7").status_code for mobile, _ in zip(numbers(), range(22), strict=False)
    ]
    assert answers == [303] * 20 + [429] * 2
    assert OutgoingMessage.objects.count() == 20
    assert ask("09351112233", REMOTE_ADDR="192.0.2.8").status_code == 303


def test_a_network_gets_a_hundred_codes_an_hour():
    desk = DeskSettings.load()
    desk.sms_budget_minute = 1000
    desk.save()
    for host in range(1, 101):
        SmsDevice.begin(f"+98912{host:07d}", _Address(f"192.0.2.{host}/32", "192.0.2.0/24"))
    assert ask("09351112233", REMOTE_ADDR="192.0.2.200").status_code == 429
    assert ask("09351112233", REMOTE_ADDR="192.0.3.200").status_code == 303


class _Address:
    def __init__(self, host, network):
        self.host, self.network = host, network


def test_forged_forwarding_changes_nothing():
    for forged, mobile in zip(range(20), numbers(), strict=False):
        ask(mobile, REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": f"203.0.113.{forged}"})
    refused = ask("09351112233", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "198.51.100.1"})
    assert refused.status_code == 429
    assert OutgoingMessage.objects.count() == 20


def test_behind_our_own_proxy_the_address_that_it_wrote_counts(settings):
    settings.TRUSTED_PROXY_HOPS = 1
    for forged, mobile in zip(range(20), numbers(), strict=False):
        ask(mobile, headers={"X-Forwarded-For": f"203.0.113.{forged}, 192.0.2.7"})
    assert ask("09351112233", headers={"X-Forwarded-For": "203.0.113.99, 192.0.2.7"}).status_code == 429
    assert ask("09351112233", headers={"X-Forwarded-For": "192.0.2.7, 192.0.2.8"}).status_code == 303


def test_flushing_valkey_resets_nothing():
    ask()
    cache.clear()
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    assert ask().status_code == 429


def test_a_refused_wish_costs_nothing():
    of_sending = LimitHit.objects.filter(Q(name__startswith="send-code") | Q(name="sms-budget"))
    ask()
    hits = of_sending.count()
    ask()
    assert of_sending.count() == hits == 5


def test_no_number_and_no_address_is_kept_with_a_limit():
    ask(REMOTE_ADDR="192.0.2.7")
    for name, key in LimitHit.objects.values_list("name", "key"):
        assert name in LIMITS
        assert re.fullmatch("[0-9a-f]{64}", key)


def test_a_share_of_a_small_limit_is_at_least_one():
    LimitHit.take("send-code-to-number", "a", share=3)
    with pytest.raises(LimitReached) as reached, transaction.atomic():
        LimitHit.take("send-code-to-number", "a", share=3)
    assert reached.value.retry_after > MINUTE  # A third of five an hour is one an hour.


def test_what_no_limit_counts_any_more_is_purged():
    ask()
    let_pass(25 * HOUR)
    ask("09351112233")
    remaining = LimitHit.objects.count()
    assert LimitHit.purge() == remaining - LimitHit.objects.count() > 0
    assert LimitHit.objects.filter(name="send-code-to-number").count() == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "۱ ثانیه"), (90, "۹۰ ثانیه"), (91, "۲ دقیقه"), (3600, "۶۰ دقیقه"), (5401, "۲ ساعت"), (86400, "۲۴ ساعت")],
)
def test_waiting_is_told_in_words_and_never_too_short(seconds, words):
    assert waiting_time(seconds) == words
