"""The second way past the picture: an ALTCHA puzzle that the browser solves, good once, for ten minutes.

ALTCHA's first kind of puzzle (find the number whose SHA-256 with a salt is given): the simplest that runs in old
browsers. Nothing is kept about a puzzle that was given out; one that was solved leaves a mark in the table of the
security codes until its time is over.
"""

import binascii
import json
import re
from base64 import b64decode
from datetime import timedelta
from hashlib import sha256

from altcha import create_challenge_v1, verify_solution_v1
from captcha.models import CaptchaStore
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

LIFE = timedelta(minutes=10)
# One to three seconds of a cheap phone: it tries half of these on average.
MAX_NUMBER = 300_000
LONGEST = 1000  # characters of a payload; an honest one has about 350


def _key():
    return salted_hmac("servicedesk.proof-of-work", "altcha", algorithm="sha256").hexdigest()


def puzzle():
    """A new puzzle: ``{"algorithm", "challenge", "maxNumber", "salt", "signature"}``."""
    return create_challenge_v1(max_number=MAX_NUMBER, hmac_key=_key(), expires=timezone.now() + LIFE).to_dict()


def spend(payload):
    """Whether ``payload`` (base64 of JSON, as ALTCHA's widget sends it) solves a puzzle of ours, for the first time."""
    solution = _parse(payload)
    if solution is None:
        return False
    right, _reason = verify_solution_v1(solution, _key(), check_expires=True)
    if not right:
        return False
    # The challenge is what is signed: however a salt is cut, one puzzle has one mark. It can never be typed as a
    # security code, since it has no digits.
    mark = sha256(f"altcha:{solution['challenge']}".encode()).hexdigest()[:40]
    _row, first = CaptchaStore.objects.get_or_create(
        hashkey=mark, defaults={"challenge": "altcha", "response": "spent", "expiration": Now() + LIFE}
    )
    return first


def _parse(payload):
    """The solution in the shape that the library relies on, or None: it trusts the types of what it is given."""
    if not payload or len(payload) > LONGEST:
        return None
    try:
        solution = json.loads(b64decode(payload, validate=True))
    except (binascii.Error, ValueError):
        return None
    if not isinstance(solution, dict) or not isinstance(solution.get("number"), int):
        return None
    texts = [solution.get(name) for name in ("algorithm", "challenge", "salt", "signature")]
    if not all(isinstance(text, str) for text in texts) or solution["algorithm"] != "SHA-256":
        return None
    return solution if re.fullmatch("[0-9a-f]{64}", solution["challenge"]) else None
