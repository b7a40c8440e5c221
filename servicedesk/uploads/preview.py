"""Pictures of a stored file's pages, for a look without fetching it. The child draws them; none of the file's own bytes
goes out."""

import logging
from dataclasses import dataclass

from servicedesk.uploads import sandbox
from servicedesk.uploads.limits import PREVIEW_BYTES, PREVIEW_COUNT_BYTES
from servicedesk.uploads.verdict import Task

log = logging.getLogger(__name__)

# What can be shown so; everything else is fetched.
SHOWN = ("png", "jpg", "pdf")
JPEG = b"\xff\xd8\xff"


class NoPreview(Exception):
    """The file has no such page, or it cannot be drawn."""


@dataclass(frozen=True)
class PagePicture:
    """``content``: JPEG. ``pages``: how many there are in all."""

    content: bytes
    pages: int


def page_picture(content, kind, number):
    """The picture of a page (from one on) of a file of a kind in SHOWN. Raises NoPreview, also where no turn of the
    child came in time."""
    inspector = {"extensions": [], "magic": [], "inspector": "servicedesk.uploads.preview_child", "page": number}
    try:
        verdict = sandbox.look(content, Task(kind, PREVIEW_BYTES + PREVIEW_COUNT_BYTES, {kind: inspector}))
    except sandbox.Unavailable as error:
        log.warning("a preview could not be drawn: %s", type(error).__name__)
        raise NoPreview from error
    pages, picture = verdict.stored[:PREVIEW_COUNT_BYTES], verdict.stored[PREVIEW_COUNT_BYTES:]
    # Its word is checked, for it has met the file.
    if verdict.refused or not picture.startswith(JPEG) or len(picture) > PREVIEW_BYTES:
        raise NoPreview
    return PagePicture(picture, int.from_bytes(pages))
