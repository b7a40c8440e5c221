"""What in Word documents of both kinds starts or fetches something when they are opened. Runs in the child."""

import re

# DDE starts programs; the others read files or addresses. QUOTE inside another field spells its code in numbers.
_FETCHES = re.compile(r'\s*["“]?\s*(DDE|DDEAUTO|LINK|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|RD)\b', re.I)
_DDE = re.compile(r"\bDDE(AUTO)?\b", re.I)
_SPELLS = re.compile(r"\s*QUOTE\s[\s\d]*\d", re.I)

# Ends a field's code; what follows is what the field shows.
BETWEEN = "\x14"
# A link's switches, with what belongs to them, may stand before its target: HYPERLINK \\o "tip" "https://example.ir".
_LINK = re.compile(
    r'\s*HYPERLINK\b\s*(?:\\[mnsh]\b\s*|\\(?:[lot]\b|\*)\s*(?:"[^"]*"|\S+)\s*)*["“”]?([^"“”\x14]*)', re.I
)
# Where a link that a person clicks may lead.
WEB = ("http://", "https://", "mailto:", "tel:", "#")


def link_target(code):
    """Where a field's link leads; empty for another field, and for a link within the document."""
    found = _LINK.match(code)
    # Word keeps a mark of the link's own behind the target.
    return found[1].strip("\1 \r\n\t") if found else ""


def fetches(code, depth=1):
    """Whether a field's code does so. depth: 2 and more for a field inside another."""
    return bool(_FETCHES.match(code) or _DDE.search(code) or (depth > 1 and _SPELLS.search(code)))


def leads_outside(address):
    """Whether opening this address asks another machine, or another program."""
    address = address.strip().lower()
    return "://" in address or address.startswith(("\\\\", "//", "file:", "ms-"))
