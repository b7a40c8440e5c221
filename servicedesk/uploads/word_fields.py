"""What in Word documents of both kinds starts or fetches something when they are opened. Runs in the child."""

import re

# DDE starts programs; the others read files or addresses. QUOTE inside another field spells its code in numbers.
_FETCHES = re.compile(r'\s*["“]?\s*(DDE|DDEAUTO|LINK|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|RD)\b', re.I)
_DDE = re.compile(r"\bDDE(AUTO)?\b", re.I)
_SPELLS = re.compile(r"\s*QUOTE\s[\s\d]*\d", re.I)


def fetches(code, depth=1):
    """Whether a field's code does so. depth: 2 and more for a field inside another."""
    return bool(_FETCHES.match(code) or _DDE.search(code) or (depth > 1 and _SPELLS.search(code)))


def leads_outside(address):
    """Whether opening this address asks another machine, or another program."""
    address = address.strip().lower()
    return "://" in address or address.startswith(("\\\\", "//", "file:", "ms-"))
