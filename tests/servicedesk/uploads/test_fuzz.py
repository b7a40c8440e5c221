"""Spoilt files: whatever is changed in a good one, the answer is a verdict, soon, and never a breakdown."""

import random

import pytest
from PIL import Image

from servicedesk.uploads.refusals import SENTENCES
from tests.servicedesk.uploads import samples
from tests.servicedesk.uploads.samples import archive, page, pdf, png, processor_time_below, refusal, saved

# Run with 500 now and then, for instance after a new release of Pillow or pikepdf.
ROUNDS = 12
GOOD = {
    "page.png": lambda: png(exif=_exif()),
    "colours.png": lambda: saved(page(mode="P"), "PNG", transparency=0),
    "moving.png": lambda: png(save_all=True, append_images=[page().rotate(180)]),
    "page.jpg": lambda: saved(page(), "JPEG", exif=_exif(), progressive=True),
    "two.jpg": lambda: saved(page(), "MPO", save_all=True, append_images=[page()]),
    "plates.jpg": lambda: saved(page(mode="CMYK"), "JPEG"),
    "letter.pdf": lambda: pdf(5, change=samples.script_as_stream),
    "locked.pdf": lambda: pdf(encryption=samples.pikepdf.Encryption(owner="x", user="")),
    "letter.zip": lambda: archive({"a.pdf": pdf(), "b/c.png": png(), "d.jpg": saved(page(), "JPEG")}),
}


def _exif():
    facts = Image.Exif()
    facts[0x0112] = 6
    return facts


def spoilt(content, chance):
    """The content with bytes changed, a stretch repeated, moved, taken out, or its end cut off."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8, 30])):
        at = chance.randrange(8, len(changed))
        length = chance.randrange(1, 40)
        what = chance.choice(["byte", "bit", "extreme", "remove", "repeat", "noise", "cut"])
        if what == "byte":
            changed[at] = chance.randrange(256)
        elif what == "bit":
            changed[at] ^= 1 << chance.randrange(8)
        elif what == "extreme":
            changed[at : at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\0\0\0\x80"])
        elif what == "remove":
            del changed[at : at + length]
        elif what == "repeat":
            changed[at:at] = changed[at : at + length] * chance.randrange(1, 50)
        elif what == "noise":
            changed[at : at + length] = chance.randbytes(length)
        elif chance.random() < 0.2:
            del changed[at:]
        if len(changed) < 20:
            break
    return bytes(changed)


@pytest.mark.parametrize("name", GOOD)
def test_spoilt_files_get_a_verdict(name, caplog):
    chance, good = random.Random(name), GOOD[name]()
    for _ in range(ROUNDS):
        with processor_time_below(5):
            code = refusal(name, spoilt(good, chance))
            assert code is None or code in SENTENCES
    # A crash would be caught by the sandbox and be a refusal too; here it shall not even come to that.
    assert "crashed" not in caplog.text
