"""The browser in which somebody has signed in before, so that what strangers do to his number keeps him out of nothing.

A cookie holds a random name of the browser and, for each person, keyed hashes of browser and person and of the person:
nobody can read a number out of it, and it lets nobody in. It only opens allowances of its own, for codes
(models/code_permission.py), for pictures and for the passwords of staff; the hash of the person is there so that all
known browsers of one number can be counted together.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "known-browser" if settings.LOCAL else "__Host-known-browser"
LIFE = 180 * 86400  # seconds
SALT = "servicedesk.known-browser"
# A family's telephone, an office's computer.
MOST_PEOPLE = 3
CITIZEN, STAFF = "c", "s"
# So many characters of a mark are of browser and person.
OF_BOTH = 32


@dataclass(frozen=True)
class KnownBrowser:
    """``name``: 128 random bits, as text. ``marks``: {CITIZEN or STAFF: the marks of people, the latest first}."""

    name: str
    marks: dict

    @classmethod
    def of(cls, request):
        """What the request's cookie says; without one, or with one that is not ours, a new browser."""
        try:
            name, marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFE)
        except signing.BadSignature:
            return cls(secrets.token_hex(16), {CITIZEN: [], STAFF: []})
        return cls(name, marks)

    def name_for(self, kind, person):
        """The browser's name if ``person`` (a mobile number, a user name) has signed in here, else an empty text."""
        mark = self._mark(kind, person)
        known = [constant_time_compare(mark[:OF_BOTH], other[:OF_BOTH]) for other in self.marks[kind]]
        return self.name if any(known) else ""

    @property
    def number(self):
        """What stands for the number of the citizen who signed in here last, the same in all browsers where he did; an
        empty text where nobody did, or not since such marks are made."""
        return self.marks[CITIZEN][0][OF_BOTH:] if self.marks[CITIZEN] else ""

    def having_met(self, kind, person, instead_of=None):
        """The browser as it is after this person's sign-in; whom he is not any more may be named."""
        gone = {self._mark(kind, someone)[:OF_BOTH] for someone in (person, instead_of) if someone}
        marks = [self._mark(kind, person), *(mark for mark in self.marks[kind] if mark[:OF_BOTH] not in gone)]
        return KnownBrowser(self.name, self.marks | {kind: marks[:MOST_PEOPLE]})

    def write(self, response):
        response.set_cookie(
            COOKIE,
            signing.dumps([self.name, self.marks], salt=SALT),
            max_age=LIFE,
            secure=not settings.LOCAL,
            httponly=True,
            samesite="Lax",
        )

    def _mark(self, kind, person):
        """A keyed hash of browser and person, then one of the person."""
        of_both, of_person = (
            salted_hmac(SALT, text, algorithm="sha256").hexdigest()
            for text in (f"{self.name}:{kind}:{person}", f"{kind}:{person}")
        )
        return of_both[:OF_BOTH] + of_person[:16]
