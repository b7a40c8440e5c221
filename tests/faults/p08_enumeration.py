"""Whether the sign-in tells who has an account: its answers and its times, for known and unknown numbers."""

import json
import re
import statistics
import time

from tests.faults.promise import Promise, Result
from tests.faults.visitor import Visitor
from tests.outside.citizen import CODE, SIGN_IN

REQUESTS = 500
FROM_ONE_ADDRESS = 10
# The page that follows is compared for one request in so many; the answer itself for each.
PAGES = 5
APART, AUC = 5, 0.55  # milliseconds between the medians
MAKE = """
import json, os
from servicedesk.models import User
for mobile in json.loads(os.environ["MOBILES"]):
    User.citizens.owning(mobile)
print(json.dumps(User.citizens.count()))
"""
# What is another in each answer, whoever asks: tokens, keys, nonces, the number itself, the clock of the code.
OWN = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|[0-9a-f]{40}|0?9\d\d[\s\u200c]?\d{3}[\s\u200c]?\d{4}'
    r'|[\u06f0-\u06f9][\u06f0-\u06f9\s\u200c]{9,14}|data-[a-z-]+="\d+"'
)


def attack(stage):
    count = stage.some(REQUESTS, least=20)
    known, unknown = ([f"09{lead}{number:07d}" for number in range(count)] for lead in ("31", "36"))
    stage.production.in_shell(MAKE, MOBILES=json.dumps([f"+98{mobile[1:]}" for mobile in known]))
    asked = [(mobile, True) for mobile in known] + [(mobile, False) for mobile in unknown]
    stage.chance.shuffle(asked)
    times, answers, pages = ({True: [], False: []} for _ in range(3))
    address = None
    for number, (mobile, is_known) in enumerate(asked):
        if number % FROM_ONE_ADDRESS == 0:
            address = stage.production.fresh_address()
        visitor = Visitor(stage.production, mobile, address)
        seconds, answer = _ask(visitor)
        times[is_known].append(seconds * 1000)
        answers[is_known].append(answer)
        if number % PAGES == 0 or not pages[is_known]:
            pages[is_known].append(_page(visitor))
    apart = abs(statistics.median(times[True]) - statistics.median(times[False]))
    auc = _auc(times[True], times[False])
    same = all(len({*told[True], *told[False]}) == 1 for told in (answers, pages))
    figure = f"2 x {count}: medians {apart:.1f} ms apart, AUC {auc:.3f}, {'same' if same else 'different'} answers"
    return Result(figure, apart <= APART and auc <= AUC and same)


def _ask(visitor):
    """One request for a code: (seconds, what the browser is told)."""
    form = visitor.solved_form()
    began = time.perf_counter()
    answer = visitor.post(SIGN_IN, form)
    seconds = time.perf_counter() - began
    headers = sorted(name for name in answer.headers if name != "Date")
    return seconds, (answer.status_code, answer.headers.get("Location"), tuple(headers), answer.text)


def _page(visitor):
    """The page on which the code is typed, without what is another on each."""
    page = visitor.get(CODE)
    return page.status_code, OWN.sub("", page.text)


def _auc(some, others):
    """How well a threshold tells the two apart: 0.5 not at all, 1 always (either way round)."""
    wins = sum((one > other) + (one == other) / 2 for one in some for other in others)
    share = wins / (len(some) * len(others))
    return max(share, 1 - share)


PROMISE = Promise(8, "Enumeration: interleaved known and unknown numbers", "5 ms, AUC 0.55, same answers", attack)
