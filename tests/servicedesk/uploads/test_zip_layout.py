"""ZIP: whether a program reads by the directory or from the first byte on, it finds the same files and no other."""

import pytest

from tests.servicedesk.uploads import zips
from tests.servicedesk.uploads.samples import refusal

HIDING = zips.hiding()


@pytest.mark.parametrize("title", HIDING)
def test_nothing_is_hidden_from_the_look(title):
    assert refusal("letter.zip", HIDING[title]) in {"zip-damaged", "zip-entry", "two-files-in-one"}


def test_the_same_archive_without_a_trick_passes():
    assert refusal("letter.zip", zips.made(zips.PICTURE, zips.LETTER, zips.SECOND)) is None
