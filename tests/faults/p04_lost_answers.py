"""A gateway that takes a message and loses its answer, for one in ten."""

from collections import Counter

from tests.faults.promise import Promise, Result
from tests.outside.running import until

MESSAGES, LOST = 300, 0.1
LONGEST = 240  # seconds for all to become final or flagged
OWE = """
import json, os
from servicedesk.models import OutgoingMessage
for number in range(int(os.environ["COUNT"])):
    told = {"recipient": f"+98{os.environ['LEAD']}{number:06d}", "text": f"خبر {number}", "language": "fa"}
    OutgoingMessage.owe(kind="message", dedupe_key=f"faults:{told['recipient']}", **told)
print(json.dumps(number))
"""
STATES = "SELECT recipient, state, flagged_at IS NOT NULL FROM servicedesk_outgoingmessage WHERE recipient LIKE %s"


def attack(stage):
    gateway, usual = stage.production.gateway, stage.production.gateways
    try:
        asked = [_lose(stage, url, lead) for url, lead in ((gateway.url, "9331"), (gateway.kavenegar_url(), "9332"))]
        mute = _lose(stage, gateway.apprise_url(), "9333")
    finally:
        gateway.lie(0)
        stage.production.use_gateways(usual)
    lost, twice = sum(one["lost"] for one in asked), sum(one["twice"] for one in asked)
    unsent = sum(one["unsent"] for one in [*asked, mute])
    figure = (
        f"askable: {lost} answers lost, {twice} sent twice;"
        f" else: {mute['lost']} lost, {mute['twice']} sent twice, {mute['unflagged']} not flagged; {unsent} not sent"
    )
    held = not twice and mute["twice"] <= mute["lost"] and not mute["unflagged"] and not unsent
    return Result(figure, held and lost and mute["lost"])


def _lose(stage, url, lead):
    """Sends messages by one gateway: {"lost": answers lost, "twice": posts too many, "unsent", "unflagged"}."""
    production, count = stage.production, stage.some(MESSAGES, least=20)
    production.use_gateways(url)
    production.gateway.lie(LOST, stage.seed)
    first = len(production.gateway.posts)
    production.in_shell(OWE, COUNT=str(count), LEAD=lead)
    until(lambda: not production.unfinished(), LONGEST, f"the end of every message by {url.partition(':')[0]}")
    posts = [post for post in production.gateway.posts[first:] if post["accepted"]]
    came = Counter(post["to"][-10:] for post in posts)
    lost = {post["to"][-10:] for post in posts if post["mode"] == "drop_after_accept"}
    states = {number[-10:]: (state, flagged) for number, state, flagged in production.rows(STATES, f"+98{lead}%")}
    return {
        "lost": len(lost),
        "twice": sum(times - 1 for times in came.values()),
        "unsent": len(states) - len(came),
        "unflagged": sum(states[number] != ("unknown", True) for number in lost),
    }


PROMISE = Promise(4, "A gateway that loses 10 % of its answers", "0 sent twice; else <= 1 each, all flagged", attack)
