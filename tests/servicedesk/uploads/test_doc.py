"""Old Word documents: text is read as the piece table says, and whatever starts or fetches something is found there."""

import struct

import pytest

from servicedesk.uploads import limits
from servicedesk.uploads.inspection import Rules
from tests.servicedesk.uploads import samples, word
from tests.servicedesk.uploads.samples import MEGABYTE, processor_time_below
from tests.servicedesk.uploads.word import doc

RULES = Rules({"doc"}, 20 * MEGABYTE)


def refusal(**made):
    return samples.refusal("letter.doc", doc(**made), RULES)


def pieces(*texts):
    """Every second piece in the one encoding, the others in the other."""
    return [(text, ("latin-1", "utf-16-le")[number % 2]) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    "text",
    [
        pieces("\x13 DDE", "AUTO cmd ", "\x14", "\x15"),
        pieces("\x13", " INCL", "UDE", "PICTURE a \x15"),
        pieces(*"a\x13LINK b\x15"),
        pieces("a", "\x13 INCLUDETEXT x \x14\x15"),
        "\x13" + " " * 500 + "INCLUDEPICTURE x\x14\x15",
        "\x13 IF 1 = 1 " + "a" * 500 + " DDE x\x14\x15",
        "\x13 PAGE \x14 1\x15 \x13 IMPORT x",
        "\x13 REF \x13 PAGE \x14\x15 \x13 RD x \x15\x14\x15",
        "\x13 A \x13 QUOTE 68 68 69 \x15 \x14\x15",
    ],
)
def test_a_field_is_found_however_its_pieces_lie(text):
    assert refusal(text=text) == "word-field"


@pytest.mark.parametrize("counts", [[1, 40, 0], [1, 0, 40]])
def test_fields_of_footnotes_and_headers_are_found(counts):
    text = "a\x13 INCLUDEPICTURE x \x14\x15".ljust(42)
    assert refusal(text=text, counts=counts) == "word-field"


def test_text_that_was_deleted_and_is_only_left_in_the_stream_is_no_field():
    left = "\x13 INCLUDEPICTURE x \x14\x15"
    stream, table = word.doc_streams(pieces("a", "b"))
    content = word.ole({"WordDocument": stream + left.encode("utf-16-le"), "0Table": table})
    assert samples.refusal("letter.doc", content, RULES) is None


@pytest.mark.parametrize("place", [16, 17, 18, 19, 48, 57, 59])
def test_a_field_is_known_by_the_number_of_its_kind_too(place):
    listed = word.listed_fields
    assert refusal(structures={place: listed(33, 88, 13)}) is None
    for kind in (11, 36, 45, 46, 55, 56, 67, 68, 78):
        assert refusal(structures={place: listed(33, kind)}) == "word-field"


def clx(lengths, starts, **more):
    return {word.PIECES: word.piece_table(lengths, starts, **more)}


@pytest.mark.parametrize(
    "made",
    [
        {"structures": {word.PIECES: b""}},
        {"structures": {word.PIECES: b"\2"}},
        {"structures": {word.PIECES: b"\2\x40\0\0\0"}},
        {"structures": {word.PIECES: b"\3" + bytes(30)}},
        {"structures": {word.PIECES: b"\1\xff\xff"}},
        {"structures": {word.PIECES: word.piece_table([4], [1024]) + b"\0"}},
        {"structures": {word.PIECES: b"\2\x11\0\0\0" + bytes(17)}},
        {"structures": {word.PIECES: b"\2\4\0\0\0" + bytes(4)}},
        {"structures": clx([4], [0x3FFFFFFF])},
        {"structures": clx([4], [0x7FFFFFFF])},
        {"structures": clx([100_000], [1024])},
        {"structures": clx([6, -2], [1024, 1024])},
        {"structures": clx([4, 0, 1], [1024, 1024, 1024])},
        {"counts": [1_000_000, 0, 0]},
        {"counts": [0, 0xFFFFFFFF, 2]},
        {"shorts": 15},
        {"text": "\x13" * 21},
        {"version": 0x65},
        {"structures": {32: b"\1\0\2\0\0\0"}},
        {"structures": {32: b"\xff\xff\x09\0\0\0"}},
    ],
)
def test_a_damaged_table_is_refused_as_damaged(made):
    made = {"counts": [4, 0, 0], **made}
    assert refusal(**made) == "word-damaged"


def test_a_table_that_ends_too_early_is_damaged():
    stream, table = word.doc_streams(pieces("a"))
    cut = bytearray(stream)
    struct.pack_into("<L", cut, 154 + 8 * word.PIECES, 5_000)
    content = word.ole({"WordDocument": bytes(cut), "0Table": table})
    assert samples.refusal("letter.doc", content, RULES) == "word-damaged"


def test_pieces_that_repeat_one_stretch_of_the_stream_stay_bounded():
    long = "\x13" * 20 + "a" * MEGABYTE + "\x15" * 20
    often = [len(long)] * (limits.WORD_CHARACTERS // len(long) + 1)
    with processor_time_below(4):
        made = {"text": long, "encoding": "latin-1", "counts": [1, 0, 0]}
        assert refusal(**made, structures=clx(often, [0x40000000 | 2048] * len(often))) == "word-too-big"
        assert refusal(**made) is None


@pytest.mark.parametrize("number", [1, 8, 9])
def test_a_template_from_elsewhere_is_refused_and_a_usual_one_is_not(number):
    for usual in ("", "Normal", "Normal.dot", "C:\\Users\\a\\Templates\\letter.dot"):
        assert refusal(structures={32: word.names(**{f"n{number}": usual})}) is None
    for outside in ("https://example.ir/a.dotm", "\\\\example.ir\\a\\b.dot", "file://example.ir/a.dot"):
        assert refusal(structures={32: word.names(**{f"n{number}": outside})}) == "word-outside"


def test_a_title_may_be_an_address():
    assert refusal(structures={32: word.names(n2="https://example.ir/a")}) is None


def drawing(flags, name="https://example.ir/a.png", flag_number=0x0106):
    """The properties of a drawing, as both Word and LibreOffice write them."""
    text = (name + "\0").encode("utf-16-le")
    listed = struct.pack("<HLHLHL", 0xC105, len(text), flag_number, flags, 0x0104, 1) + text
    return struct.pack("<HHL", 3 << 4 | 3, 0xF00B, len(listed)) + listed


@pytest.mark.parametrize("where", ["table", "data"])
@pytest.mark.parametrize("flag_number", [0x0106, 0x0111, 0x0188, 0x01C7])
def test_a_picture_from_elsewhere_is_refused_and_an_enclosed_one_is_not(where, flag_number):
    for flags, code in ((0x0E, "word-outside"), (0x0A, "word-outside"), (2, None), (1, None), (0, None)):
        content = drawing(flags, flag_number=flag_number)
        made = {"structures": {50: content}} if where == "table" else {"streams": {"Data": bytes(70) + content}}
        assert refusal(**made) == code


def test_drawings_that_lie_within_one_another_stay_bounded():
    nested = b"\xf3\xff\x0b\xf0\xfa\x5f\x00\x00" * (MEGABYTE // 8)
    with processor_time_below(4):
        assert refusal(streams={"Data": nested}) == "word-damaged"


def test_what_begins_like_a_drawing_hides_none_behind_it():
    for before in (b"\x03\0\x0b\xf0", b"\x13\0\x0b\xf0\x06\0\0\0", b"\x03\0\x0b\xf0\0\0"):
        assert refusal(streams={"Data": before + drawing(0x0E)}) == "word-outside"


def test_what_only_begins_like_a_drawing_is_no_matter():
    for noise in (b"\xf3\xff\x0b\xf0" * 1000, b"\x13\x00\x0b\xf0\x05\0\0\0\x06\x01\x0e\0\0\0", b"\x13\x00\x0b\xf0"):
        assert refusal(streams={"Data": noise}) is None


@pytest.mark.parametrize("magic", [0xA5DC, 0xA5DB])
def test_older_words_have_a_sentence_of_their_own(magic):
    assert refusal(magic=magic) == "word-too-old"
