"""The text and the names inside an old Word document (DOC), as [MS-DOC] lays them out. Runs in the child.

Word stores text in pieces: in any order, each in one of two encodings, one after the other only by the piece table.
A damaged table is refused, since another program might guess what it means.
"""

import codecs
import itertools
import re
import struct

from servicedesk.uploads import limits
from servicedesk.uploads.verdict import Refusal

# Numbers of the structures whose place and length the header tells.
_FIELDS = (16, 17, 18, 19, 48, 57, 59)  # of the text, headers, footnotes, comments, endnotes, boxes, those in headers
_NAMES, _PIECES = 32, 33
# Where the header tells its version and how many short numbers, long ones and pairs (place, length) follow.
_LAYOUT = (2, 32, 62, 152)
_WORD_97, _FEWEST_PAIRS, _PAIRS_AT = 0xC0, 93, 154
# Counts of characters: the text, footnotes, headers, comments, endnotes, text boxes, those in headers.
_COUNTS = (76, 80, 84, 92, 96, 100, 104)
_COMPRESSED, _PLACE = 0x40000000, 0x3FFFFFFF
_BEGIN, _BETWEEN, _END = "\x13", "\x14", "\x15"
_MARK = re.compile(f"[{_BEGIN}{_BETWEEN}{_END}]")
_DEEPEST = 20
_UNENDED = 400

# The child is sealed before it looks: the encodings must be loaded by then.
for _encoding in ("utf-16-le", "cp1252"):
    codecs.lookup(_encoding)


def check(stream):
    """Refuse a header that is laid out otherwise than Word 97 and all later ones do."""
    version, shorts, longs, pairs = (struct.unpack_from("<H", stream, at)[0] for at in _LAYOUT)
    if version < _WORD_97 or (shorts, longs) != (14, 22) or pairs < _FEWEST_PAIRS:
        raise Refusal("word-damaged")


def structure(number, stream, table):
    """The bytes of one structure of the table stream; none where the document has no such thing."""
    at, length = struct.unpack_from("<2L", stream, _PAIRS_AT + 8 * number)
    if length and at + length > len(table):
        raise Refusal("word-damaged")
    return table[at : at + length]


def text(stream, table):
    """All text: of the document, then of its footnotes, headers, comments, endnotes and boxes."""
    pieces = _piece_table(structure(_PIECES, stream, table))
    count, rest = divmod(len(pieces) - 4, 12)
    if count < 1 or rest:
        raise Refusal("word-damaged")
    ends = struct.unpack_from(f"<{count + 1}L", pieces)
    promised = sum(struct.unpack_from("<L", stream, at)[0] for at in _COUNTS)
    if ends[0] or ends[-1] < promised:
        raise Refusal("word-damaged")
    if ends[-1] > limits.WORD_CHARACTERS:
        raise Refusal("word-too-big", unpacked=limits.ZIP_BYTES)
    places = struct.iter_unpack("<HLH", pieces[4 * (count + 1) :])
    return "".join(
        _piece(stream, place, end - begin)
        for (begin, end), (_, place, _) in zip(itertools.pairwise(ends), places, strict=True)
    )


def _piece_table(clx):
    """What says where the pieces lie; changes of format, which nobody needs here, stand before it."""
    at = 0
    while clx[at : at + 1] == b"\1":
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    kind, length = struct.unpack_from("<BL", clx, at)
    if kind != 2 or at + 5 + length != len(clx):
        raise Refusal("word-damaged")
    return clx[at + 5 : at + 5 + length]


def _piece(stream, place, length):
    packed, at = place & _COMPRESSED, place & _PLACE
    at, size, encoding = (at // 2, length, "cp1252") if packed else (at, 2 * length, "utf-16-le")
    if length < 1 or at + size > len(stream):
        raise Refusal("word-damaged")
    return stream[at : at + size].decode(encoding, "replace")


def field_codes(text):
    """(code, depth) of each field; the depth of one inside another is 2 and more."""
    waiting = []
    for mark in _MARK.finditer(text):
        if mark[0] == _BEGIN:
            waiting.append(mark.end())
            if len(waiting) > _DEEPEST:
                raise Refusal("word-damaged")
        elif waiting:
            if waiting[-1]:
                yield text[waiting[-1] : mark.start()], len(waiting)
            waiting[-1] = 0
            if mark[0] == _END:
                waiting.pop()
    for depth, begin in enumerate(waiting, 1):
        if begin:
            yield text[begin : begin + _UNENDED], depth


def field_kinds(stream, table):
    """The numbers of the kinds of all fields, which Word keeps apart from the text."""
    for number in _FIELDS:
        listed = structure(number, stream, table)
        count = max(0, len(listed) - 4) // 6
        for mark, kind in struct.iter_unpack("<2B", listed[4 * (count + 1) :][: 2 * count]):
            if mark & 0x1F == ord(_BEGIN):
                yield kind


def names(stream, table):
    """Title, author and the like, by their numbers."""
    listed = structure(_NAMES, stream, table)
    if not listed:
        return []
    wide, count, extra = struct.unpack_from("<3H", listed)
    if wide != 0xFFFF:
        raise Refusal("word-damaged")
    found, at = [], 6
    for _ in range(count):
        end = at + 2 + 2 * struct.unpack_from("<H", listed, at)[0]
        found.append(listed[at + 2 : end].decode("utf-16-le", "replace"))
        at = end + extra
    return found
