"""Word files: what one program reads and another does not is judged as the one reads it that does more."""

import pytest

from tests.servicedesk.uploads import samples, word_hidden
from tests.servicedesk.uploads.corpus import RULES

HIDING, HARMLESS = word_hidden.hiding(), word_hidden.harmless()


@pytest.mark.parametrize("title", HIDING)
def test_nothing_that_starts_or_fetches_is_hidden(title):
    content, codes = HIDING[title]
    assert samples.refusal("letter.docx", content, RULES) in codes


@pytest.mark.parametrize("title", HARMLESS)
def test_the_same_means_in_honest_use_pass(title):
    assert samples.refusal("letter.docx", HARMLESS[title], RULES) is None
