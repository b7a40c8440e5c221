"""Whether one more code may be sent to a number, and out of whose allowance.

Strangers may ask for codes to any number, so what they use up must not be what its owner needs. Three ways, in order:

- a browser in which the owner has signed in before has an allowance of its own, and a part of the budget; since every
  sign-in without the cookie makes one more such browser, all those of a number together have a limit too;
- everybody else shares the allowance of the number, of the address, of the network, and the open part of the budget;
- where others have used up the number's allowance, or everybody the open part, an owner on a new browser who has solved
  the security code gets one code an hour out of what is kept for numbers that have an account, if his address is quiet.

The last way is the same for numbers without an account, word for word and row for row, but no code goes out: nobody
can ask the desk who its citizens are. Locks are taken in the order number, address, network, budget.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from servicedesk.models.limit import HOUR, LimitHit, LimitReached
from servicedesk.models.sms_budget import NAME as BUDGET
from servicedesk.models.sms_budget import Part, SmsBudget
from servicedesk.models.user import User

# From a quiet address and network: so many wishes for a code in an hour, to whatever numbers, granted or not.
QUIET_ADDRESS, QUIET_NETWORK = 3, 10


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


def count_asking(address):
    """Counts a wish for a code, whatever becomes of it."""
    with transaction.atomic():
        LimitHit.take("ask-for-code-from-address", address.host)
        LimitHit.take("ask-for-code-from-network", address.network)


def permit(mobile, address, share, browser):
    """The Permission for one more code, counted in the open transaction; raises LimitReached.

    ``share`` divides the limits of whoever solved no security code; ``browser`` names a known browser of the number.
    """
    if browser:
        LimitHit.take("send-code-known-browser", f"{browser}:{mobile}", share)
        LimitHit.take("send-code-known-browsers-of-number", mobile, share)
        LimitHit.take("send-code-known-from-address", address.host)
        LimitHit.take("send-code-known-from-network", address.network)
        SmsBudget().spend(Part.KNOWN)
        return Permission()
    LimitHit.lock("send-code-to-number", mobile)  # Before looking: of two at once the second is not new.
    may_use_reserve = share == 1 and _is_quiet(address) and _is_new_to(mobile, address)
    try:
        LimitHit.take("send-code-to-number", mobile, share)
        number_is_free = True
    except LimitReached:
        if not may_use_reserve:
            raise
        number_is_free = False
    LimitHit.take("send-code-to-number-from-address", f"{mobile}:{address.host}")
    LimitHit.take("send-code-from-address", address.host, share)
    LimitHit.take("send-code-from-network", address.network, share)
    if number_is_free:
        try:
            SmsBudget().spend(Part.OPEN)
            return Permission()
        except LimitReached:
            if not may_use_reserve:
                raise
    return _from_reserve(mobile, address)


def _is_quiet(address):
    """Whether this is no address from which code after code is asked for."""
    host = LimitHit.count("ask-for-code-from-address", address.host, HOUR)
    return host <= QUIET_ADDRESS and LimitHit.count("ask-for-code-from-network", address.network, HOUR) <= QUIET_NETWORK


def _is_new_to(mobile, address):
    """Whether others have used up what the number may have: this address got no code for it in the last hour."""
    return LimitHit.count("send-code-to-number-from-address", f"{mobile}:{address.host}", HOUR) == 0


def _from_reserve(mobile, address):
    LimitHit.take("send-code-to-owner", mobile)
    LimitHit.take("send-code-to-owner-from-address", address.host)
    has_account = User.citizens.filter(mobile=mobile).exists()
    SmsBudget().spend(Part.OWNER, really=has_account)
    return Permission(from_reserve=True, withheld=not has_account)
