"""Every number of the inspection that is not an organisation's to change (source: design, "Upload pipeline").

Sizes are bytes, times are seconds. The size limit and the accepted kinds are the organisation's and
come with each call as ``inspection.Rules``.
"""

from dataclasses import dataclass

NAME_LENGTH = 100

PICTURE_PIXELS = 40_000_000
PICTURE_SIDE = 12_000
# A pixel takes 4 bytes, and so does each copy of it. Above this many points nothing is done that needs a copy: the
# picture keeps its note of how it was held, and is packed a little less.
PICTURE_PIXELS_WITH_COPIES = 12_000_000
# For pictures that cannot be read without one: JPG that come in layers, or in the colours of a printing press.
PICTURE_PIXELS_IN_LAYERS = 20_000_000
# A photo may come in this many bytes, whatever the limit of the desk is: it is made smaller until it keeps to it, first
# by quality, then by points: at most so many along its longer side, then shares of that in percent. 2000 along a sheet
# of A4 are 170 to the inch, like a fine fax.
PHOTO_BYTES = 12 * 1024 * 1024
PHOTO_SIDE = 2400
PHOTO_SHARES = (100, 83, 67, 50, 37, 25)
PHOTO_QUALITIES = (80, 65, 50)
# Of a PNG that must stay one.
PHOTO_COLOURS = (256, 32)
# How often a JPG may go over its points; usual are 1 and 10. One of 100 kB could do so for minutes.
PICTURE_SCANS = 40
# Of a PNG's notes, each unpacked.
PICTURE_NOTES = 4 * 1024 * 1024

PDF_PAGES = 500
# Objects of one PDF and what is in them: about a second. An honest one of 2 MB has some ten thousand.
PDF_THINGS = 400_000

ZIP_ENTRIES = 100
ZIP_BYTES = 20 * 1024 * 1024
# Pictures in one ZIP, together: decoding them costs what the largest picture does, which is also encoded. A hundred
# blank ones of 40 million pixels fit in 1 MB.
ZIP_PIXELS = 80_000_000
# What Finder writes beside a file on a Mac, at the most.
ZIP_FINDER_BYTES = 64 * 1024

# A page drawn for a look: pixels along its longer side (some 200 kB), bytes at the most, and those of the number of
# pages that goes before it.
PREVIEW_SIDE = 1400
PREVIEW_BYTES = 3 * 1024 * 1024
PREVIEW_COUNT_BYTES = 2

# Pictures in one DOCX, together; they are measured, not decoded.
WORD_PIXELS = 200_000_000
# Parts of one DOCX; unpacked it is bounded like a ZIP.
WORD_PARTS = 500
# Text of one DOC: some four thousand pages. Its pieces may point to one stretch of the file again and again.
WORD_CHARACTERS = 8_000_000
# Of all drawings of one DOC together; one has some fifty.
WORD_PROPERTIES = 1_000_000


@dataclass(frozen=True)
class ChildLimits:
    """What one inspection may use before it is killed. ``memory`` bounds address space (RLIMIT_AS), of which some 80
    MB are libraries that never come into memory; the rest keeps the promise of 256 MB."""

    memory: int = 336 * 1024 * 1024
    cpu: int = 8
    wall: float = 15


CHILD = ChildLimits()

# Inspections at the same time in one web or worker process, and how long a further one waits for its
# turn: 2 workers x 2 children x 256 MB is the most memory that uploads can take. Half of the threads of a web process
# (views/upload_turn.py).
CHILDREN_AT_ONCE = 2
CHILD_TURN = 10
