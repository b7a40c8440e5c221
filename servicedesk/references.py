"""Tracking codes (کد رهگیری): nine random digits and a Damm check digit.

Readable over the telephone, not a secret. The Damm code catches each single wrong digit and each swap of
neighbours. Source: H. Michael Damm, "Total anti-symmetrische Quasigruppen", 2004, the table of order 10.
"""

import re
import secrets

from servicedesk import persian

LENGTH = 10

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def _interim(digits):
    row = 0
    for digit in digits:
        row = _DAMM[row][int(digit)]
    return row


def make():
    """A new code of ten ASCII digits; the first is never 0, so that no spreadsheet eats it."""
    body = str(secrets.choice(range(1, 10))) + "".join(secrets.choice("0123456789") for _ in range(LENGTH - 2))
    return body + str(_interim(body))


def is_valid(code):
    """Whether ``code`` (ASCII digits) has the right length and check digit."""
    return len(code) == LENGTH and code.isascii() and code.isdigit() and _interim(code) == 0


def grouped(code):
    """The code as people read it: ``123 456 7890``."""
    return f"{code[:3]} {code[3:6]} {code[6:]}"


def scanned(text):
    """The code out of the address that a receipt's or a slip's picture holds, as a scanner types it; any other text as
    it is. With a Persian keyboard the letters of the address come as other letters, digits and slashes as themselves.
    """
    plain = persian.ascii_digits(text).strip()
    codes = {code for code in re.findall(r"(?<!\d)\d{10}(?!\d)", plain) if is_valid(code)}
    # Two numbers with a slash between them are somebody's official number.
    is_address = plain.count("/") > 1 and re.search(r"[^\W\d]", plain) and not re.search(r"\s", plain)
    return codes.pop() if is_address and len(codes) == 1 else text
