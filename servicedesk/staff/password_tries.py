"""Wrong passwords are counted, so that nobody can try them through; and whoever tries them keeps nobody out.

A try counts for the address, for the user name from that address, and for the user name from everywhere. The last of
these is what strangers could use up: where they have, a network that has not tried this name within the hour still has
one try, and a browser in which this person has signed in before has an allowance of its own from the beginning.
Names that nobody has are counted like the others.
"""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from servicedesk.client_address import client_address
from servicedesk.known_browser import STAFF, KnownBrowser
from servicedesk.models import LimitHit, LimitReached
from servicedesk.waiting import waiting_time


def known_name(username):
    """A user name as it is counted: however it is written."""
    return unicodedata.normalize("NFKC", username).casefold().strip()[:254]


class PasswordTry:
    """One try, counted before the password is looked at: of many at once no more than the limit are."""

    def __init__(self, hits):
        self.hits = hits

    @classmethod
    def begin(cls, request, username):
        """Raises LimitReached; then the password must not be looked at."""
        name, address = known_name(username), client_address(request)
        browser = KnownBrowser.of(request).name_for(STAFF, name)
        with LimitHit.counted_or_refused():
            if browser:
                return cls([LimitHit.take("password-in-known-browser", f"{browser}:{name}")])
            return cls(
                [
                    LimitHit.take("password-of-user-from-address", f"{name}:{address.host}"),
                    LimitHit.take("password-from-address", address.host),
                    cls._for_everybody(name, address),
                ]
            )

    @staticmethod
    def _for_everybody(name, address):
        try:
            return LimitHit.take("password-of-user", name)
        except LimitReached:
            return LimitHit.take("password-of-user-from-fresh-network", f"{name}:{address.network}")

    def give_back(self):
        """The password was right."""
        LimitHit.objects.filter(pk__in=[hit.pk for hit in self.hits]).delete()


def require_own_password(request, password):
    """Asks whoever is signed in for the password once more, counted as at the sign-in: an open session must not be a
    place to try passwords. Raises ValidationError, in words."""
    try:
        tried = PasswordTry.begin(request, request.user.get_username())
    except LimitReached as reached:
        wait = {"wait": waiting_time(reached.retry_after)}
        raise ValidationError(_("Too many wrong passwords in a short time. Please wait %(wait)s.") % wait) from reached
    if not request.user.check_password(password):
        raise ValidationError(_("This is not your password."))
    tried.give_back()
