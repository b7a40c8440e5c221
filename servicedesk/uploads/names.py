"""A file's name: only a label that people read, never part of a stored key."""

import re
import unicodedata

from servicedesk.uploads import limits

# Persian words need them; every other format character (bidi marks, zero-width space) only hides something.
_JOINERS = "\u200c\u200d"


def label(name):
    """The name for showing: the last part of a path, NFC, no control or bidi marks, one line, at most
    100 characters; a longer one loses the end of its stem, not its extension. Never empty."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", str(name or ""))[-1])
    name = "".join(_kept(char) for char in name)
    name = re.sub(r" +", " ", name).strip(" " + _JOINERS).rstrip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return _shortened(name, limits.NAME_LENGTH) or "file"
    room = max(limits.NAME_LENGTH - len(extension) - 1, 0)
    return (_shortened(stem, room) or "file")[:room] + dot + extension[: limits.NAME_LENGTH - 1]


def extension(name):
    """The extension of a label, lower case, without the dot; empty when there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _kept(char):
    if char in _JOINERS:
        return char
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") else char


def _shortened(text, room):
    # A letter and its marks stay together.
    while 0 < room < len(text) and unicodedata.combining(text[room]):
        room -= 1
    return text[:room].rstrip(" " + _JOINERS)
