"""PDF: nothing is opened on another machine nor sent there unasked, and what takes too long to check is not begun."""

import pytest

from tests.servicedesk.uploads import pdf_hidden
from tests.servicedesk.uploads.samples import MEGABYTE, processor_time_below, refusal

HIDING, HARMLESS = pdf_hidden.hiding(), pdf_hidden.harmless()


@pytest.mark.parametrize("title", HIDING)
def test_nothing_leads_to_another_machine(title):
    assert refusal("letter.pdf", HIDING[title]) == "pdf-outside"


@pytest.mark.parametrize("title", HARMLESS)
def test_what_honest_documents_do_passes(title):
    assert refusal("letter.pdf", HARMLESS[title]) is None


@pytest.mark.parametrize("make", [pdf_hidden.many_objects, pdf_hidden.many_within])
def test_very_many_objects_are_not_walked_to_the_end(make):
    content = make()
    assert len(content) < MEGABYTE
    with processor_time_below(3):
        assert refusal("letter.pdf", content) == "pdf-too-many"
