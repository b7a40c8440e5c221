"""Two gateways, and the first one breaks: who serves, what a killed worker forgets (nothing), and what waited then."""

import time

import pytest

from tests.gateway_double import GatewayDouble
from tests.outside.running import LocalRun, until

RECOVERY = 120
OPEN = "SELECT count(*) FROM servicedesk_gatewaystate WHERE opened_at IS NOT NULL"
OWE = (
    "INSERT INTO servicedesk_outgoingmessage (kind, channel, recipient, text, language, dedupe_key, state, attempts,"
    " gateway, gateway_id, last_error) SELECT 'message', 'sms', '+98900' || lpad(n::text, 7, '0'), 'x', 'fa', %s || n,"
    " 'queued', 0, '', '', '' FROM generate_series(1, %s) AS n"
)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    with GatewayDouble() as first, GatewayDouble() as second:
        running = LocalRun(tmp_path_factory.mktemp("pair"), first, second)
        try:
            running.start()
            yield running
        finally:
            running.stop()


@pytest.fixture(autouse=True)
def a_gateway_that_works():
    """Not that of the package's run, which need not be started for these tests."""


def owe(run, name, count):
    """Debts whose nudges were lost: the sweep finds them."""
    run.rows(OWE, name, count)


def test_the_second_serves_and_neither_a_killed_worker_nor_an_emptied_broker_forgets_it(pair):
    first, second = pair.gateways
    first.control(503)
    owe(pair, "a", 30)
    until(lambda: not pair.unfinished(), 60, "the end of the first messages")
    assert pair.one(OPEN) == 1
    # Four workers may have been in the middle of a try when the fifth failure was written.
    assert 5 <= len(first.posts) <= 9 + 3
    assert second.counts()["sms"] == 30
    pair.kill("worker")
    pair.flush_broker()
    before = len(first.posts)
    owe(pair, "b", 30)
    until(lambda: not pair.unfinished(), RECOVERY, "the end of the second messages")
    assert len(first.posts) - before <= 4
    assert second.counts()["sms"] == 60
    first.control("accept")
    owe(pair, "c", 30)
    until(lambda: not pair.unfinished(), 60, "the end of the third messages")
    began = time.monotonic()
    while pair.one(OPEN):
        assert time.monotonic() < began + RECOVERY, "the first gateway is still cut off"
        owe(pair, f"d{time.monotonic()}-", 1)
        time.sleep(1)
    until(lambda: not pair.unfinished(), RECOVERY, "the end of every message")
    assert first.counts()["duplicates"] == second.counts()["duplicates"] == 0


def test_with_both_away_everything_waits_and_leaves_within_two_minutes(pair):
    first, second = pair.gateways
    for gateway in pair.gateways:
        gateway.reset()
        gateway.control(500)
    owe(pair, "e", 200)
    until(lambda: pair.one(OPEN) == 2, 60, "both circuits")
    # As if they had been away for hours: the next try of each that was tried lies far ahead.
    pair.rows(
        "UPDATE servicedesk_outgoingmessage SET attempts = 9, next_at = now() + interval '29 minutes'"
        " WHERE state = 'queued' AND attempts > 0"
    )
    for gateway in pair.gateways:
        gateway.control("accept")
    seconds = until(lambda: not pair.unfinished(), RECOVERY, "the end of every message")
    print(f"200 messages final {seconds:.0f} s after both gateways are back")
    assert first.counts()["sms"] + second.counts()["sms"] == 200
