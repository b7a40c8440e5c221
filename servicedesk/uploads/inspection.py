"""The way of a file from a stranger's hands: steps 1 to 3 of the upload pipeline. Nothing is stored here.

``inspect(uploaded, rules)`` gives what may be stored, or raises Refused with a sentence for the sender, or
InspectionUnavailable when the fault is this machine's.
"""

import hashlib
import logging
from dataclasses import dataclass

from servicedesk.uploads import limits, names, refusals, sandbox
from servicedesk.uploads.kinds import KINDS, extensions_of, kind_of, known_kinds
from servicedesk.uploads.verdict import Task

__all__ = [
    "Inspected",
    "InspectionUnavailable",
    "Refused",
    "Rules",
    "extensions_of",
    "inspect",
    "known_kinds",
]

log = logging.getLogger(__name__)

# What iPhones and some others make of photos unless they are told otherwise; no browser but Safari can show it.
HEIC = ("heic", "heif")
HEIC_STARTS = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1")


@dataclass(frozen=True)
class Rules:
    """What may be sent. kinds: names from the register, e.g. {"png", "jpg", "pdf", "zip"}; "jpeg" is an
    extension of "jpg". max_bytes: of the file as stored, and as sent but for photos, which are made smaller. An unknown
    kind raises ValueError."""

    kinds: frozenset[str]
    max_bytes: int

    def __post_init__(self):
        object.__setattr__(self, "kinds", frozenset(self.kinds))
        if unknown := self.kinds - KINDS.keys():
            raise ValueError(f"no inspector for the kinds {sorted(unknown)}")

    @property
    def extensions(self):
        """What such files' names may end in, without dots, in the order of the register."""
        return extensions_of(self.kinds)

    @property
    def photo_extensions(self):
        """Those among them of files that may be larger than ``max_bytes`` when they are sent."""
        return extensions_of({name for name in self.kinds if KINDS[name].shrinks})

    @property
    def photo_bytes(self):
        """The most of such a file as sent."""
        return max(self.max_bytes, limits.PHOTO_BYTES)


class Refused(Exception):
    """The file cannot be accepted. code: stable, a key of ``refusals.SENTENCES``. message: a lazy sentence
    in the reader's language that tells how to mend it."""

    def __init__(self, code, message):
        super().__init__(code)
        self.code = code
        self.message = message


class InspectionUnavailable(Exception):
    """The file could not be looked at for a reason that is ours. message: a lazy sentence for the sender."""

    message = refusals.UNAVAILABLE


@dataclass(frozen=True)
class Inspected:
    """A file that may be stored. name: a label only. content: the bytes to store (a picture encoded anew
    without metadata, anything else as it came). size: of content, in bytes. sha256: of content, in hex."""

    name: str
    kind: str
    content_type: str
    content: bytes
    size: int
    sha256: str


def inspect(uploaded, rules):
    """Look at one uploaded file: Django's UploadedFile, or anything with ``name`` and ``read()``.

    None, and a list that does not hold exactly one file, are refused too. Reads at most one byte more than such a file
    may have. Raises Refused or InspectionUnavailable.
    """
    uploaded = _the_only_one(uploaded, rules)
    name = names.label(uploaded.name)
    kind = kind_of(names.extension(name), rules.kinds)
    if kind is None:
        raise _refused("photo-heic" if names.extension(name) in HEIC else "kind-not-allowed", {}, rules)
    most = rules.photo_bytes if kind.shrinks else rules.max_bytes
    content = _read(uploaded, most + 1)
    if not content:
        raise _refused("empty", {}, rules)
    if len(content) > most:
        raise _refused("photo-too-large" if kind.shrinks else "too-large", {}, rules)
    if not content.startswith(kind.magic):
        code = "photo-heic" if kind.shrinks and content[4:12] in HEIC_STARTS else "wrong-content"
        raise _refused(code, {"kind": kind.name}, rules)
    content = _looked_at(content, kind, rules)
    if not content.startswith(kind.magic):
        kind = KINDS["jpg"]
        name = names.label(f"{name.rpartition('.')[0]}.jpg")
    return Inspected(name, kind.name, kind.content_type, content, len(content), hashlib.sha256(content).hexdigest())


def _the_only_one(uploaded, rules):
    if isinstance(uploaded, list | tuple):
        if len(uploaded) > 1:
            raise _refused("one-file-only", {}, rules)
        uploaded = uploaded[0] if uploaded else None
    if not uploaded:
        raise _refused("no-file", {}, rules)
    return uploaded


def _read(uploaded, most):
    if hasattr(uploaded, "seek"):
        uploaded.seek(0)
    pieces, left = [], most
    while left > 0 and (piece := uploaded.read(left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _looked_at(content, kind, rules):
    """What is to be stored, as the child says. Its word is checked, for it has met the file."""
    allowed = {
        name: {"extensions": KINDS[name].extensions, "magic": [start.hex() for start in KINDS[name].magic]}
        | {"inspector": KINDS[name].inspector}
        for name in rules.kinds
    }
    try:
        verdict = sandbox.look(content, Task(kind.name, rules.max_bytes, allowed))
    except sandbox.Unavailable as error:
        log.error("file inspection is unavailable: %s", error)
        raise InspectionUnavailable from error
    if verdict.refused:
        raise _refused(verdict.refused, verdict.details, rules)
    stored = verdict.stored or content
    # A PNG that was made smaller may have become a JPG.
    is_jpg = kind.shrinks and "jpg" in rules.kinds and stored.startswith(KINDS["jpg"].magic)
    if len(stored) > rules.max_bytes or not (stored.startswith(kind.magic) or is_jpg):
        raise _refused("could-not-inspect", {}, rules)
    return stored


def _refused(code, details, rules):
    if not refusals.known(code, details):
        code, details = "could-not-inspect", {}
    return Refused(code, refusals.sentence(code, details, rules))
