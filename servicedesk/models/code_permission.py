"""Whether one more code may be sent to a number, and out of whose allowance.

Strangers may ask for codes to any number, so what they use up must not be what its owner needs. Three ways, in order:

- a browser in which the owner has signed in before has an allowance of its own, and a part of the budget; since every
  sign-in without the cookie makes one more such browser, all those of a number together have a limit too;
- everybody else shares the allowance of the number, of the address, of the network, and the open part of the budget;
- where others have used up the number's allowance, or everybody the open part, an owner on a new browser who has solved
  the security code gets one code an hour out of what is kept for numbers that have an account, if his address is quiet.

The last way is the same for numbers without an account, word for word and row for row, but no code goes out: nobody
can ask the desk who its citizens are.

Locks are taken in one order: the numbers, sorted; the address; the network; the budget last. Under them all else of a
number, an address or a network is counted without waiting for anybody.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from servicedesk.client_address import ClientAddress
from servicedesk.models.limit import HOUR, LimitHit, LimitReached
from servicedesk.models.sms_budget import NAME as BUDGET
from servicedesk.models.sms_budget import Part, SmsBudget
from servicedesk.models.user import User

# From a quiet address and network: so many wishes for a code in an hour, to whatever numbers, granted or not.
QUIET_ADDRESS, QUIET_NETWORK = 3, 10


@dataclass(frozen=True)
class Wish:
    """For one code to ``mobile``. ``address`` is the client's; ``share`` divides the limits of whoever solved no
    security code; ``browser`` names the browser if this number's owner has signed in there before."""

    mobile: str
    address: ClientAddress
    share: int = 1
    browser: str = ""


@dataclass(frozen=True)
class Permission:
    """``from_reserve``: out of what is kept for owners. ``withheld``: as if sent, but nobody gets it."""

    from_reserve: bool = False
    withheld: bool = False


@contextmanager
def sending():
    """The transaction that owes a code. What cannot be counted is not sent; a spent budget is told to people."""
    try:
        with LimitHit.counted_or_refused():
            yield
    except LimitReached as reached:
        if reached.name == BUDGET:
            SmsBudget().say_spent()
        raise


def count_asking(wish):
    """Counts a wish for a code, whatever becomes of it: in a transaction of its own, before that of the code.

    A known browser has a limit of its own for that too, or strangers behind the same address would keep its owner out.
    """
    with LimitHit.counted_or_refused():
        if wish.browser:
            LimitHit.take("ask-for-code-known-browser", f"{wish.browser}:{wish.mobile}")
            LimitHit.take("ask-for-code-known-browsers-of-number", wish.mobile)
        else:
            LimitHit.take("ask-for-code-from-address", wish.address.host)
            LimitHit.take("ask-for-code-from-network", wish.address.network)


def permit(*wishes):
    """The Permission of each wish for one more code, counted in the open transaction; raises LimitReached."""
    _lock_what_they_count(wishes)
    parts_of = [(wish, _take_known(wish) if wish.browser else _take_open(wish)) for wish in wishes]
    budget = SmsBudget()
    return [_spend(wish, parts, budget) for wish, parts in parts_of]


def _lock_what_they_count(wishes):
    """All that is waited for but the budget."""
    for name, subjects in (
        ("send-code-to-number", {wish.mobile for wish in wishes}),
        ("send-code-from-address", {wish.address.host for wish in wishes}),
        ("send-code-from-network", {wish.address.network for wish in wishes}),
    ):
        for subject in sorted(subjects):
            LimitHit.lock(name, subject)


def _take_known(wish):
    """Counts a code for a known browser; gives the parts of the budget that it may draw on, the first that has room."""
    LimitHit.take("send-code-known-browser", f"{wish.browser}:{wish.mobile}", wish.share)
    LimitHit.take("send-code-known-browsers-of-number", wish.mobile, wish.share)
    LimitHit.take("send-code-known-from-address", wish.address.host)
    LimitHit.take("send-code-known-from-network", wish.address.network)
    return Part.OPEN, Part.KNOWN


def _take_open(wish):
    """The same for any other browser."""
    mobile, address = wish.mobile, wish.address
    may_use_reserve = wish.share == 1 and _is_quiet(address) and _is_new_to(mobile, address)
    parts = (Part.OPEN, Part.OWNER) if may_use_reserve else (Part.OPEN,)
    try:
        LimitHit.take("send-code-to-number", mobile, wish.share)
    except LimitReached:
        if not may_use_reserve:
            raise
        parts = (Part.OWNER,)
    LimitHit.take("send-code-to-number-from-address", f"{mobile}:{address.host}")
    LimitHit.take("send-code-from-address", address.host, wish.share)
    LimitHit.take("send-code-from-network", address.network, wish.share)
    return parts


def _spend(wish, parts, budget):
    """The Permission out of the first of these parts that has room."""
    for part in parts:
        try:
            if part == Part.OWNER:
                return _from_reserve(wish, budget)
            budget.spend(part)
            return Permission()
        except LimitReached:
            if part == parts[-1]:
                raise


def _is_quiet(address):
    """Whether this is no address from which code after code is asked for."""
    host = LimitHit.count("ask-for-code-from-address", address.host, HOUR)
    return host <= QUIET_ADDRESS and LimitHit.count("ask-for-code-from-network", address.network, HOUR) <= QUIET_NETWORK


def _is_new_to(mobile, address):
    """Whether others have used up what the number may have: this address got no code for it in the last hour."""
    return LimitHit.count("send-code-to-number-from-address", f"{mobile}:{address.host}", HOUR) == 0


def _from_reserve(wish, budget):
    """Never out of the open part: what is left for everybody would tell whether the number has an account."""
    LimitHit.take("send-code-to-owner", wish.mobile)
    LimitHit.take("send-code-to-owner-from-address", wish.address.host)
    has_account = User.citizens.filter(mobile=wish.mobile).exists()
    budget.spend(Part.OWNER, really=has_account)
    return Permission(from_reserve=True, withheld=not has_account)
