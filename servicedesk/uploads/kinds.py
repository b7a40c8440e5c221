"""The register of file kinds. A kind is one entry here and one inspector module; nothing else changes.

An inspector is named, not imported: its libraries belong into the child process only. It offers
``look(content, task)``, which raises ``verdict.Refusal``, or returns the bytes to store instead of the file,
None for "as it came". A container also offers ``kinds_inside(content, task)``, the kinds it will look into;
a picture ``pixels(content, kind)``, by which a container bounds its work.
"""

import importlib.util
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """name: what settings hold, e.g. "jpg". extensions: lower case, no dot, the usual one first.
    magic: the first bytes, any of them. inspector: dotted name of the module that looks at it.
    shrinks: whether one that is larger than the limit is made smaller instead of being refused."""

    name: str
    extensions: tuple[str, ...]
    magic: tuple[bytes, ...]
    content_type: str
    label: str
    inspector: str
    shrinks: bool = False


KINDS = {}


def register(kind):
    """Add a kind. Raises ValueError without an inspector, or for an extension that another kind has."""
    if not kind.inspector or importlib.util.find_spec(kind.inspector) is None:
        raise ValueError(f"the kind {kind.name} has no inspector")
    taken = {extension for other in KINDS.values() for extension in other.extensions if other.name != kind.name}
    if taken.intersection(kind.extensions):
        raise ValueError(f"the kind {kind.name} has an extension of another kind")
    KINDS[kind.name] = kind


def known_kinds():
    """The names of all kinds that can be allowed, in the order of the register."""
    return list(KINDS)


def extensions_of(kinds):
    """All extensions of these kinds, without dots, in the order of the register: ["png", "jpg", "jpeg"]."""
    return [extension for kind in KINDS.values() if kind.name in kinds for extension in kind.extensions]


def kind_choices():
    """[(kind, the endings of its files)], for forms that offer kinds."""
    # Isolated, or a right-to-left page would show the dot behind the name.
    return [(kind, f"\u2066.{' .'.join(extensions_of([kind]))}\u2069") for kind in known_kinds()]


def kind_of(extension, kinds):
    """The Kind among ``kinds`` (names) that has this extension, in any case; or None."""
    extension = extension.lower()
    for kind in KINDS.values():
        if kind.name in kinds and extension in kind.extensions:
            return kind
    return None


_HERE = __name__.rpartition(".")[0]

register(
    Kind("png", ("png",), (b"\x89PNG\r\n\x1a\n",), "image/png", _("PNG picture"), f"{_HERE}.picture", True),
)
register(
    Kind("jpg", ("jpg", "jpeg"), (b"\xff\xd8\xff",), "image/jpeg", _("JPG picture"), f"{_HERE}.picture", True),
)
register(
    Kind("pdf", ("pdf",), (b"%PDF-",), "application/pdf", _("PDF document"), f"{_HERE}.pdf"),
)
register(
    # The second is an empty archive, so that the inspector can say so.
    Kind("zip", ("zip",), (b"PK\3\4", b"PK\5\6"), "application/zip", _("ZIP archive"), f"{_HERE}.zip"),
)
# Neither is allowed unless the organisation ticks it.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
register(
    Kind(
        "docx",
        ("docx",),
        # The second is how Word wraps a locked one, so that the inspector can say so.
        (b"PK\3\4", _OLE),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _("Word document"),
        f"{_HERE}.docx",
    ),
)
register(
    Kind("doc", ("doc",), (_OLE,), "application/msword", _("old Word document"), f"{_HERE}.doc"),
)
