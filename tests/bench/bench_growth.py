"""`make bench`: what the desk does a thousand times a day, on small tables and on those of a busy year.

One run measures both and prints their ratio: machines differ, and so do their moods. A ratio that grows with the tables
is a missing index, or a page that reads all of them.
"""

import itertools
import json
import random
import statistics
import time
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from home.models import ContentPage, HomePage
from home.search.index import rebuild
from servicedesk.client_address import ClientAddress
from servicedesk.figures import keep_figures, rebuild_figures
from servicedesk.models import Letter, LimitHit, OutgoingMessage, SmsDevice, UnitMembership
from servicedesk.models.retention import due_letters
from servicedesk.models.sms_budget import SmsBudget
from servicedesk.persian import ascii_digits, jalali_short
from servicedesk.roles import Role
from servicedesk.staff.inbox.pages import PAGE_SIZE, place_of
from servicedesk.staff.inbox.tabs import BY_ARRIVAL, SHOWN_TAB, TABS
from servicedesk.sweeping import sweep
from servicedesk.workflow import Status
from tests import factories
from tests.many_letters import fill

INBOX = "/admin/desk/"
ROUNDS = 11
LETTERS, GROWN_LETTERS = 300, 30_000
# Where there are fewer pages of a list, the last one stands for it.
FAR_PAGE = 50
PAGES, GROWN_PAGES = 20, 500  # of four entries each
FINAL_MESSAGES, COUNTED = 300_000, 200_000

MESSAGES = """
    INSERT INTO servicedesk_outgoingmessage
        (kind, channel, recipient, text, language, dedupe_key, state, attempts, last_error,
         gateway, gateway_id, next_at, created_at, sent_at, final_at)
    SELECT 'message', 'sms', '', '', 'fa', 'old' || n, 'delivered', 1, '',
        'https://sms.example.ir', 'g' || n, at, at, at, at
    FROM (SELECT n, now() - n * interval '100 seconds' AS at FROM generate_series(1, %s) n) moments
"""
# Codes of a busy day: one a second, of as many people, from as many addresses.
HITS = """
    INSERT INTO servicedesk_limithit (name, key, at)
    SELECT (ARRAY['sms-budget', 'send-code-to-number', 'send-code-from-address', 'track-from-address'])[1 + n %% 4],
        CASE n %% 4 WHEN 0 THEN %s ELSE md5(n::text) END, now() - n * interval '0.4 seconds'
    FROM generate_series(1, %s) n
"""


class Bench:
    """The operations, by name: each is called without arguments and does its work anew each time."""

    def __init__(self, citizen, clerk, head, boss):
        self.citizen, self.clerk, self.head, self.boss, self.stranger = citizen, clerk, head, boss, Client()
        self.numbers = itertools.count(1)

    def operations(self):
        return {
            "a sign-in's first code": self.begin_sign_in,
            "claim of a message": self.claim,
            "sweep of the outbox": sweep,
            "figures of the SMS budget": lambda: SmsBudget().usage(),
            "count of overdue letters": lambda: due_letters().count(),
            "citizen: list of letters": lambda: self.get(self.citizen, "/desk/letters/"),
            **{f"clerk: {name}": self.opens(self.clerk, address) for name, address in inbox_addresses().items()},
            "clerk: an open letter": self.opens(self.clerk, letter_address(Status.IN_REVIEW)),
            "clerk: letters beside one": self.opens(self.clerk, f"{letter_address(Status.IN_REVIEW)}others/"),
            "clerk: an answered letter": self.opens(self.clerk, letter_address(Status.ANSWERED)),
            "head: inbox, approvals": self.opens(self.head, f"{INBOX}?tab=all&matter=approval"),
            "head: home page with own numbers": self.opens(self.head, "/admin/"),
            "head: report, last 30 days": self.opens(self.head, f"{INBOX}reports/"),
            "superuser: inbox": self.opens(self.boss, INBOX),
            "superuser: report, last 30 days": self.opens(self.boss, f"{INBOX}reports/"),
            "superuser: report, a year": self.opens(self.boss, f"{INBOX}reports/?{_last_year()}"),
            "figures, nothing moved": keep_figures,
            "stranger: search": lambda: self.get(self.stranger, "/search/?q=نامه گزارش"),
            "stranger: search, mistyped": lambda: self.get(self.stranger, "/search/?q=گزراش"),
            "stranger: search, nothing": lambda: self.get(self.stranger, "/search/?q=ظظظظظ"),
            "stranger: no such page": lambda: self.get(self.stranger, "/old-guide/", 404),
            "superuser: gateways": lambda: self.get(self.boss, "/admin/desk/gateways/"),
            "superuser: undelivered": lambda: self.get(self.boss, "/admin/desk/messages/"),
        }

    def opens(self, browser, address):
        return lambda: self.get(browser, address)

    def begin_sign_in(self):
        n = next(self.numbers)
        SmsDevice.begin(f"+98935{n:07d}", ClientAddress(f"10.{n // 250}.{n % 250}.1", f"10.{n // 250}.{n % 250}.0"))

    def claim(self):
        key = f"bench{next(self.numbers)}"
        message = OutgoingMessage.owe(kind="message", recipient="+98", text="-", language="fa", dedupe_key=key)
        assert OutgoingMessage.claim(message.pk).record_sent("https://sms.example.ir", key)

    @staticmethod
    def get(browser, address, status=200):
        assert browser.get(address).status_code == status

    def measure(self):
        """{name: [seconds of each round]}; of what counts all letters, the seconds of each."""
        began = time.perf_counter()
        counted = rebuild_figures(all_of_them=True)
        each = (time.perf_counter() - began) / counted
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        times = {name: _times(operation) for name, operation in self.operations().items()}
        return times | {"figures made anew, each letter": [each]}


def inbox_addresses():
    """{name: address} of each tab, and of what a clerk narrows it by."""
    tabs = {f"inbox, {name}": f"{INBOX}?tab={name}" for name in [*TABS, SHOWN_TAB.name]}
    return tabs | {
        "inbox, nobody's with a file": f"{INBOX}?assignee=nobody&files=yes",
        "inbox, late in one unit": f"{INBOX}?tab=overdue&unit={clerks_letters().first().unit_id}",
        "inbox, a search": f"{INBOX}?tab=all&q=ن123",
        "inbox, a search for a code": f"{INBOX}?tab=all&q={clerks_letters().first().reference}",
        "inbox, a search for a mobile": f"{INBOX}?tab=all&q={clerks_letters().first().citizen.mobile}",
        "inbox, a search for six digits": f"{INBOX}?tab=all&q={clerks_letters().first().reference[2:8]}",
        "inbox, a search for what all have": f"{INBOX}?tab=open&q=موضوع نویس",
        "inbox, a search for nothing": f"{INBOX}?tab=all&q=ظظظظظ",
        f"inbox, page {FAR_PAGE}": f"{INBOX}?tab=all&after={far_place()}",
        "inbox, opinions": f"{INBOX}?tab=all&matter=opinion",
        "inbox, undelivered": f"{INBOX}?tab=all&matter=undelivered",
    }


def far_place():
    """The place that a far page of all letters in the clerk's units begins after."""
    letters = BY_ARRIVAL.sorted(clerks_letters())
    first = min(FAR_PAGE - 1, letters.count() // PAGE_SIZE - 1) * PAGE_SIZE
    return quote(place_of(letters[first - 1]))


def letter_address(status):
    return f"{INBOX}{clerks_letters().filter(status=status).last()}/"


def clerks_letters():
    return Letter.objects.filter(unit__memberships__user__username="sara")


def _last_year():
    """The span of 365 days until today, as an address asks for it."""
    today = timezone.localdate()
    since, until = (jalali_short(today - timedelta(days=days)) for days in (364, 0))
    return f"since={ascii_digits(since)}&until={ascii_digits(until)}"


def _times(operation):
    """The seconds of each round, after one that warms up."""
    operation()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        operation()
        times.append(time.perf_counter() - began)
    return times


def write_pages(count):
    """Pages with three questions each, of words as they come: «گزارش ۱۷».. and some that many pages share."""
    draw = random.Random(count)
    words = [
        f"{draw.choice('ابپتجخدرزسشفکگلمنهی')}{draw.choice('ابپتجخدرزسشفکگلمنهی')}{number}" for number in range(2000)
    ]
    shared = ["نامه", "گزارش", "خدمت", "شهرداری", "درخواست", "واحد", "پاسخ"]
    home = HomePage.objects.get(slug="home")

    def text(length):
        return " ".join(draw.choice(shared if draw.random() < 0.2 else words) for _ in range(length))

    for _ in range(count):
        questions = [{"question": text(6), "answer": f"<p>{text(60)}</p>"} for _ in range(3)]
        body = [
            {"type": "text", "value": {"heading": text(3), "text": f"<p>{text(150)}</p>"}},
            {"type": "questions", "value": {"heading": "", "questions": questions}},
        ]
        page = ContentPage(title=text(4), slug=f"bench-{ContentPage.objects.count()}", locale=home.locale)
        page.body = json.dumps(body)
        home.add_child(instance=page)
    began = time.perf_counter()
    pages = rebuild()
    print(f"\n{pages} pages read for the search in {time.perf_counter() - began:.1f} s")


def grow(clerk):
    fill(GROWN_LETTERS - LETTERS, file_bytes=100, clerk=clerk)
    write_pages(GROWN_PAGES - PAGES)
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES, [FINAL_MESSAGES])
        cursor.execute(HITS, [LimitHit.key_of("sms-budget", "open"), COUNTED])


def report(small, grown):
    """A line for each operation. What else the machine does meanwhile moves the medians; the quickest rounds less."""
    head = f"milliseconds, median of {ROUNDS}"
    print(f"\n\n{head:40}{'small':>10}{'grown':>10}{'ratio':>8}{'of the quickest':>18}")
    for name, before in small.items():
        after = grown[name]
        one, other = (statistics.median(times) * 1000 for times in (before, after))
        print(f"{name:40}{one:10.2f}{other:10.2f}{other / one:8.1f}{min(after) / min(before):18.1f}")


@pytest.mark.django_db
def test_what_grows_with_the_tables(signed_in, leila, service, admin_user, settings):
    settings.SMS_GATEWAYS = ["https://sms.example.ir"]
    boss = signed_in(admin_user)
    # Two of them ask the others, and are asked.
    units = [factories.make_unit(f"واحد {number}") for number in range(8)]
    clerk, head = factories.make_staff("sara", *units[:6]), factories.make_staff("mina", *units[:6])
    UnitMembership.objects.filter(user=head).update(role=Role.HEAD)
    factories.make_letter(leila, units[0], service=service)
    bench = Bench(signed_in(leila), signed_in(clerk), signed_in(head), boss)
    fill(LETTERS, file_bytes=100, clerk=clerk)
    write_pages(PAGES)
    small = bench.measure()
    grow(clerk)
    grown = bench.measure()
    report(small, grown)
    print(
        f"\nsmall: {LETTERS} letters; grown: {GROWN_LETTERS} letters, {FINAL_MESSAGES} messages, "
        f"{COUNTED} counted uses, {GROWN_PAGES} pages"
    )
