"""The code of the SMS: replayed and guessed in parallel, and how soon it reaches the gateway."""

from concurrent.futures import ThreadPoolExecutor

from tests.faults.promise import Promise, Result, p95
from tests.faults.visitor import Visitor
from tests.outside.citizen import CODE, at_once

REPLAYED, REPLAYS = 100, 8
GUESSED, GUESSES, EVALUATED = 20, 200, 5
# nginx lets one address hold 60 connections, so a crowd of guesses comes from several.
FROM_ONE_ADDRESS = 40
LONGEST = 3  # seconds from click to gateway


def attack(stage):
    storm = stage.storm
    codes, stormy = p95(storm.waits(storm.calm_codes)), p95(storm.waits(storm.codes))
    with ThreadPoolExecutor(4) as pool:
        sessions = list(pool.map(lambda _: _replay(stage.production), range(stage.some(REPLAYED))))
    guessed = [_guess(stage.production) for _ in range(stage.some(GUESSED))]
    most = max(evaluated for evaluated, _ in guessed)
    let_in = sum(was_let_in for _, was_let_in in guessed)
    figure = (
        f"{len(sessions)} x {REPLAYS} replays: {min(sessions)} to {max(sessions)} sessions each;"
        f" {len(guessed)} x {GUESSES} guesses: at most {most} evaluated, {let_in} let in afterwards;"
        f" p95 {codes:.1f} s of {len(storm.calm_codes)} codes ({stormy:.1f} s while parts died)"
    )
    held = set(sessions) == {1} and most <= EVALUATED and not let_in and codes <= LONGEST
    return Result(figure, held)


def _replay(production):
    """How many of eight browsers that post one right code at once are signed in."""
    visitor = Visitor(production)
    visitor.ask_for_code()
    form = visitor.code_form(visitor.read_code())
    answers = at_once([visitor.later(CODE, form) for _ in range(REPLAYS)])
    return sum(_is_in(production, browser) for _, browser in answers)


def _guess(production):
    """(guesses that the database counted, whether the right code was taken after 200 wrong ones)."""
    visitor = Visitor(production)
    visitor.ask_for_code()
    code = visitor.read_code()
    form = visitor.code_form(code)
    crowd, guesses = [], [f"{(int(code) + number) % 10**6:06d}" for number in range(1, GUESSES + 1)]
    for first in range(0, GUESSES, FROM_ONE_ADDRESS):
        helper = Visitor(production, visitor.mobile)
        helper.browser.cookies.update(visitor.browser.cookies)
        some = guesses[first : first + FROM_ONE_ADDRESS]
        crowd += [helper.later(CODE, {**form, "code": guess}) for guess in some]
    at_once(crowd)
    taken = visitor.post(CODE, form).status_code == 303 or _is_in(production, visitor.browser)
    return production.one("SELECT guesses FROM servicedesk_smsdevice WHERE id = %s", visitor.device), taken


def _is_in(production, browser):
    return browser.get(f"{production.url}/desk/letters/", allow_redirects=False, timeout=60).status_code == 200


PROMISE = Promise(
    5,
    "Code: replays, guesses, and its way to the gateway under load",
    f"1 session, <= {EVALUATED} evaluated, p95 <= {LONGEST} s",
    attack,
)
