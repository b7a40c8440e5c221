"""Strangers who solve the security code ask for codes to a thousand numbers; the owners want to come in meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from tests.faults.promise import Promise, Result
from tests.faults.visitor import Visitor

NUMBERS, ADDRESSES, SECONDS, ATTACKERS = 1000, 50, 120, 8
# As the organisation finds it in the admin.
MINUTE, DAY = 60, 5000
CODES = (
    "SELECT count(*) FROM servicedesk_outgoingmessage WHERE kind = 'code' AND created_at > %s AND state <> 'expired'"
)
ALARMS = "SELECT count(*) FROM servicedesk_alarm WHERE kind LIKE 'sms-budget%%' AND settled_at IS NULL"


def attack(stage):
    production = stage.production
    known, moved = Visitor(production).sign_in(), Visitor(production).sign_in()
    known.post("/desk/sign-out/", _token(known))
    seconds = SECONDS * stage.scale
    production.set_budget(MINUTE, DAY)
    # A number gets one code a minute; let that minute have passed.
    production.rows("UPDATE servicedesk_limithit SET at = at - interval '61 seconds'")
    posts, [[began]] = len(production.gateway.posts), production.rows("SELECT now()")
    end = time.monotonic() + seconds
    try:
        with ThreadPoolExecutor(ATTACKERS + 2) as pool:
            attackers = [pool.submit(_ask_and_ask, stage, end, number) for number in range(ATTACKERS)]
            production.pause(seconds / 2)
            production.kill("valkey")
            production.pause(seconds / 4)
            served = [_is_served(owner) for owner in (known, Visitor(production, moved.mobile))]
            asked = sum(attacker.result() for attacker in attackers)
    finally:
        production.set_budget(100_000, 10_000_000)
    sent = sum(post["kind"] == "code" for post in production.gateway.posts[posts:])
    budget = MINUTE * max(1, round(seconds / 60))
    owed, alarms = production.one(CODES, began), production.one(ALARMS)
    words = " and ".join("served" if one else "NOT served" for one in served)
    figure = f"{asked} asked, {sent} sent of {budget} ({owed} owed); owners: known browser and new one: {words}"
    return Result(f"{figure}; {alarms} alarms", sent <= budget and owed <= budget and all(served) and alarms > 0)


def _ask_and_ask(stage, end, number):
    """Asks for codes to the numbers, each time from the next address, until ``end``; how often."""
    production, asked = stage.production, 0
    while time.monotonic() < end:
        place = asked * ATTACKERS + number
        stranger = Visitor(production, f"0935{place % NUMBERS:07d}", f"127.201.{place % ADDRESSES}.3")
        with suppress(AssertionError, OSError):  # No picture for this address any more, or none at this moment.
            stranger.post("/desk/sign-in/", stranger.solved_form())
        asked += 1
    return asked


def _is_served(owner):
    """Whether the owner's code comes and lets him in."""
    before = len(owner.texts("code"))
    try:
        owner.ask_for_code()
        return owner.enter(owner.read_code(number=before + 1, seconds=60)).status_code == 303
    except AssertionError:
        return False


def _token(visitor):
    return {"csrfmiddlewaretoken": visitor.browser.cookies["__Host-csrftoken"]}


PROMISE = Promise(
    6, "SMS attack: 1,000 numbers x 50 addresses, 2 minutes", "sends <= budget, both owners served", attack
)
