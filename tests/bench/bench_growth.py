"""`make bench`: what the desk does a thousand times a day, on small tables and on those of a busy year.

One run measures both and prints their ratio: machines differ, and so do their moods. A ratio that grows with the tables
is a missing index, or a page that reads all of them.
"""

import itertools
import json
import random
import statistics
import time

import pytest
from django.db import connection
from django.test import Client

from home.models import ContentPage, HomePage
from home.search.index import rebuild
from servicedesk.client_address import ClientAddress
from servicedesk.models import LimitHit, OutgoingMessage, SmsDevice
from servicedesk.models.retention import due_letters
from servicedesk.models.sms_budget import SmsBudget
from servicedesk.sweeping import sweep
from tests import factories
from tests.many_letters import fill

ROUNDS = 25
LETTERS, GROWN_LETTERS = 300, 15_000
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

    def __init__(self, citizen, clerk, boss):
        self.citizen, self.clerk, self.boss, self.stranger = citizen, clerk, boss, Client()
        self.numbers = itertools.count(1)

    def operations(self):
        return {
            "a sign-in's first code": self.begin_sign_in,
            "claim of a message": self.claim,
            "sweep of the outbox": sweep,
            "figures of the SMS budget": lambda: SmsBudget().usage(),
            "count of overdue letters": lambda: due_letters().count(),
            "citizen: list of letters": lambda: self.get(self.citizen, "/desk/letters/"),
            "clerk: inbox": lambda: self.get(self.clerk, "/admin/desk/"),
            "clerk: search in the inbox": lambda: self.get(self.clerk, "/admin/desk/?tab=all&q=ن123"),
            "stranger: search": lambda: self.get(self.stranger, "/search/?q=نامه گزارش"),
            "stranger: search, mistyped": lambda: self.get(self.stranger, "/search/?q=گزراش"),
            "stranger: search, nothing": lambda: self.get(self.stranger, "/search/?q=ظظظظظ"),
            "stranger: no such page": lambda: self.get(self.stranger, "/old-guide/", 404),
            "superuser: gateways": lambda: self.get(self.boss, "/admin/desk/gateways/"),
            "superuser: undelivered": lambda: self.get(self.boss, "/admin/desk/messages/"),
        }

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
        """{name: median seconds}."""
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return {name: _median(operation) for name, operation in self.operations().items()}


def _median(operation):
    operation()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        operation()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


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


def grow():
    fill(GROWN_LETTERS - LETTERS, file_bytes=100)
    write_pages(GROWN_PAGES - PAGES)
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES, [FINAL_MESSAGES])
        cursor.execute(HITS, [LimitHit.key_of("sms-budget", "open"), COUNTED])


@pytest.mark.django_db
def test_what_grows_with_the_tables(signed_in, leila, service, admin_user, settings):
    settings.SMS_GATEWAYS = ["https://sms.example.ir"]
    boss = signed_in(admin_user)
    units = [factories.make_unit(f"واحد {number}") for number in range(6)]
    clerk = signed_in(factories.make_staff("sara", *units))
    factories.make_letter(leila, units[0], service=service)
    bench = Bench(signed_in(leila), clerk, boss)
    fill(LETTERS, file_bytes=100)
    write_pages(PAGES)
    small = bench.measure()
    grow()
    grown = bench.measure()
    print(f"\n\n{'milliseconds, median of ' + str(ROUNDS):40}{'small':>10}{'grown':>10}{'ratio':>8}")
    for name, before in small.items():
        print(f"{name:40}{before * 1000:10.1f}{grown[name] * 1000:10.1f}{grown[name] / before:8.1f}")
    print(
        f"\nsmall: {LETTERS} letters; grown: {GROWN_LETTERS} letters, {FINAL_MESSAGES} messages, "
        f"{COUNTED} counted uses, {GROWN_PAGES} pages"
    )
