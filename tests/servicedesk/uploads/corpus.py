"""The corpus: ``bad()`` gives more than 150 files with what may become of each, ``good()`` more than 50, to be sent
under RULES."""

from servicedesk.uploads.inspection import Rules
from tests.servicedesk.uploads.corpus_bad import Bad, bad
from tests.servicedesk.uploads.corpus_good import Good, good
from tests.servicedesk.uploads.samples import MEGABYTE

__all__ = ["RULES", "Bad", "Good", "bad", "good"]

RULES = Rules({"png", "jpg", "pdf", "zip", "docx", "doc"}, MEGABYTE)
