"""Every number of the inspection that is not an organisation's to change (source: design, "Upload pipeline").

Sizes are bytes, times are seconds. The size limit and the accepted kinds are the organisation's and
come with each call as ``inspection.Rules``.
"""

from dataclasses import dataclass

NAME_LENGTH = 100

PICTURE_PIXELS = 40_000_000
PICTURE_SIDE = 12_000

PDF_PAGES = 500

ZIP_ENTRIES = 100
ZIP_BYTES = 20 * 1024 * 1024
# Pictures in one ZIP, together: about 2.5 s of decoding. A hundred blank ones of 40 million pixels fit in 1 MB.
ZIP_PIXELS = 200_000_000
# What Finder writes beside a file on a Mac, at the most.
ZIP_FINDER_BYTES = 64 * 1024

# Parts of one DOCX; unpacked it is bounded like a ZIP.
WORD_PARTS = 500


@dataclass(frozen=True)
class ChildLimits:
    """What one inspection may use before it is killed. ``memory`` bounds address space (RLIMIT_AS)."""

    memory: int = 512 * 1024 * 1024
    cpu: int = 8
    wall: float = 15


CHILD = ChildLimits()

# Inspections at the same time in one web or worker process, and how long a further one waits for its
# turn: 2 workers x 2 children x 512 MB is the most memory that uploads can take.
CHILDREN_AT_ONCE = 2
CHILD_TURN = 10
