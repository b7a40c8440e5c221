"""What an SMS costs."""

import pytest

from servicedesk.delivery.sms_text import parts


@pytest.mark.parametrize(
    ("text", "count"),
    [
        # Persian: vectors of the design's notes on Iran, part 3.
        ("ی" * 70, 1),
        ("ی" * 71, 2),
        ("ی" * 134, 2),
        ("ی" * 135, 3),
        # ZWNJ takes one place, an emoji two.
        ("می\u200cروم" * 10, 1),
        ("می\u200cروم" * 11 + "می\u200cر", 1),
        ("ی" * 68 + "😀", 1),
        ("ی" * 69 + "😀", 2),
        # An emoji is not cut in two: the first part ends at 66.
        ("ی" * 66 + "😀" + "ی" * 66, 3),
        # One Persian letter makes all of it UTF-16.
        ("a" * 70 + "ی", 2),
        # GSM.
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("`" * 71, 2),
    ],
)
def test_parts(text, count):
    assert parts(text) == count
