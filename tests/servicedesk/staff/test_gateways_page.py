"""«درگاه‌های پیامک»: the last hour, and the alarms on the admin's home page."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from servicedesk.client_address import ClientAddress
from servicedesk.models import Alarm, GatewayState, OutgoingMessage, SmsDevice
from servicedesk.models.alarm import Kind
from servicedesk.models.gateway_state import MOST_FAILURES
from servicedesk.models.outbox import State

pytestmark = pytest.mark.django_db
PAGE = "/admin/desk/gateways/"
FIRST, SECOND = "kavenegar://10004346", "smsir://30007732"


@pytest.fixture
def browser(signed_in, admin_user, settings):
    settings.SMS_GATEWAYS = ["kavenegar://KEY@10004346", "smsir://KEY@30007732"]
    return signed_in(admin_user)


def had(number, gateway, state, *, ago=5, took=2, arrived=None, **more):
    """A message owed ``ago`` minutes ago, sent ``took`` and delivered ``arrived`` seconds later."""
    row = OutgoingMessage.owe(
        kind="message", recipient="+989000000001", text="x", language="fa", dedupe_key=f"{gateway}{state}{number}"
    )
    owed = Now() - timedelta(minutes=ago)
    OutgoingMessage.objects.filter(pk=row.pk).update(created_at=owed, state=state, gateway=gateway, **more)
    rows = OutgoingMessage.objects.filter(pk=row.pk)
    rows.update(final_at=F("created_at") + timedelta(seconds=took))
    if state in (State.SENT, State.DELIVERED):
        rows.update(sent_at=F("created_at") + timedelta(seconds=took))
    if arrived:
        rows.update(delivered_at=F("created_at") + timedelta(seconds=arrived))


def figures(browser):
    """{gateway: [its figures, as text]}."""
    page = browser.get(PAGE).content.decode()
    panels = [panel for panel in page.split("<section")[1:] if 'id="budget"' not in panel]
    return {
        re.search(r"<bdi dir=\"ltr\">(.*?)</bdi>|E-mail|ایمیل", p).group(0): re.findall(r"<dd>(.*?)</dd>", p)
        for p in panels
    }


def test_each_gateway_has_its_own_figures(browser):
    for number in range(5):
        had(number, FIRST, State.SENT, took=number + 1)
    had(0, FIRST, State.DELIVERED, took=2, arrived=90)
    had(0, SECOND, State.FAILED, last_error="blocked_by_recipient")
    had(9, SECOND, State.FAILED, last_error="smsir_104")
    had(0, SECOND, State.DEAD)
    had(1, SECOND, State.UNKNOWN, flagged_at=Now())
    had(2, SECOND, State.QUEUED, ago=300)
    had(30, FIRST, State.SENT, ago=70)
    told = {name: values for name, values in figures(browser).items()}
    assert told[f'<bdi dir="ltr">{FIRST}</bdi>'] == ["۶", "۱", "۰", "۰", "۰", "۰", "۲٫۵ ثانیه", "۲ دقیقه"]
    assert told[f'<bdi dir="ltr">{SECOND}</bdi>'] == ["۰", "۰", "۱", "۲", "۱", "۱", "—", "—"]


def test_of_e_mail_it_says_nothing_that_no_mail_server_tells(browser):
    """A mail server takes a mail and is silent from then on: «رسید: ۰» would read as if none had arrived."""
    assert figures(browser)["ایمیل"] == ["۰", "۰", "۰", "۰", "—"]


def test_a_cut_off_gateway_says_since_when(browser):
    for _ in range(MOST_FAILURES):
        GatewayState.failed(FIRST)
    GatewayState.failed(SECOND)
    page = browser.get(PAGE).content.decode()
    assert page.count("desk-status--late") == 1
    assert page.count("desk-status--waiting") == 1
    assert "<time" in page


def test_a_gateway_that_left_the_list_is_still_shown_while_it_has_figures(browser):
    had(0, "https://old.example.ir", State.SENT)
    page = browser.get(PAGE).content.decode()
    assert "دیگر به کار نمی‌رود" in page


def test_a_quiet_hour_says_so(browser):
    assert "در یک ساعت گذشته پیامی برای فرستادن نبوده است" in browser.get(PAGE).content.decode()


def test_the_budget_for_codes_stands_beside_them(browser):
    for number in range(2):
        SmsDevice.begin(f"+98912000000{number}", ClientAddress("192.0.2.1/32", "192.0.2.0/24"))
    page = browser.get(PAGE).content.decode()
    assert "<dt>در دقیقهٔ گذشته</dt><dd>۲ از ۶۰</dd>" in page
    assert "<dt>در شبانه‌روز گذشته</dt><dd>۲ از ۵۰۰۰</dd>" in page


def test_many_messages_cost_no_further_query(browser, django_assert_max_num_queries):
    browser.get(PAGE)
    for number in range(60):
        had(number, FIRST, State.SENT)
    with django_assert_max_num_queries(18):
        browser.get(PAGE)


def test_only_superusers_come_in(signed_in, sara):
    assert signed_in(sara).get(PAGE).status_code == 403


def test_the_home_page_shows_superusers_the_open_alarms(browser, signed_in, sara):
    Alarm.sound(Kind.GATEWAY_FAILING, FIRST, reason="اعتبار درگاه پیامک تمام شده است.")
    Alarm.sound(Kind.SCANNER_LATE)
    Alarm.settle(Kind.SCANNER_LATE)
    home = browser.get("/admin/").content.decode()
    assert home.count('class="desk-alarm"') == 1
    assert FIRST in home
    assert "اعتبار و کلید حساب را در پنل درگاه بررسی کنید" in home
    assert PAGE in home
    assert "desk-alarm" not in signed_in(sara).get("/admin/").content.decode()
