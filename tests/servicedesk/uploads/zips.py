"""ZIPs put together byte by byte: as other programs write them, and with a file hidden where only some look."""

import struct
import zlib
from dataclasses import dataclass, replace

from tests.servicedesk.uploads.samples import pdf, png

FOLDER = 0o40755 << 16 | 0x10
LARGE = 0xFFFFFFFF
SIZES_FOLLOW = 8
EMPTY_STREAM = b"\3\0"


def deflated(content):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


@dataclass(frozen=True)
class Entry:
    """One entry. body: the packed bytes; None for ``content`` as ``method`` packs it. local: what its own header tells
    otherwise than the directory. after: bytes behind its body."""

    name: bytes
    content: bytes = b""
    method: int = 0
    flags: int = 0
    body: bytes | None = None
    extra: bytes = b""
    local: dict | None = None
    after: bytes = b""
    attributes: int = 0
    comment: bytes = b""
    system: int = 3

    @property
    def packed(self):
        if self.body is not None:
            return self.body
        return deflated(self.content) if self.method == 8 else self.content

    @property
    def facts(self):
        told = {"flags": self.flags, "method": self.method, "crc": zlib.crc32(self.content)}
        return told | {"packed": len(self.packed), "size": len(self.content), "name": self.name, "extra": self.extra}

    def header(self):
        told = self.facts | (self.local or {})
        numbers = (told["flags"], told["method"], 0, 33, told["crc"], told["packed"], told["size"])
        lengths = (len(told["name"]), len(told["extra"]))
        return struct.pack("<4s5H3L2H", b"PK\3\4", 20, *numbers, *lengths) + told["name"] + told["extra"]

    def whole(self):
        return self.header() + self.packed + self.after

    def record(self, offset, **otherwise):
        told = self.facts | otherwise
        numbers = (told["flags"], told["method"], 0, 33, told["crc"], told["packed"], told["size"])
        lengths = (len(told["name"]), len(told["extra"]), len(self.comment))
        head = struct.pack("<4sBBH", b"PK\1\2", 20, self.system, 20) + struct.pack("<4H3L3H", *numbers, *lengths)
        return head + struct.pack("<2H2L", 0, 0, self.attributes, offset) + told["name"] + told["extra"] + self.comment


def end(count, size, offset, comment=b""):
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, len(comment)) + comment


def large_end(count, size, offset, at, told_at=None):
    """The end as large archives have it, and what points to it."""
    head = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    return head + struct.pack("<4sLQL", b"PK\6\7", 0, at if told_at is None else told_at, 1)


def made(*entries, between=b"", comment=b"", prefix=b"", order=None):
    """The archive. between: bytes before the directory. order: that of the directory, by number."""
    body, places = prefix, []
    for entry in entries:
        places.append(len(body))
        body += entry.whole()
    body += between
    order = order or range(len(entries))
    directory = b"".join(entries[number].record(places[number]) for number in order)
    return body + directory + end(len(entries), len(directory), len(body), comment)


def field(number, content):
    return struct.pack("<2H", number, len(content)) + content


def sizes_again(entry, signature=b"PK\7\x08", packing="<3L"):
    return signature + struct.pack(packing, zlib.crc32(entry.content), len(entry.packed), len(entry.content))


def streamed(entry, signature=b"PK\7\x08", packing="<3L", **local):
    """The entry as a program writes it that cannot go back: its sizes follow."""
    told = {"crc": 0, "packed": 0, "size": 0, **local}
    return replace(entry, flags=entry.flags | 8, local=told, after=sizes_again(entry, signature, packing))


PROGRAM = b"MZ" + b"\x90" * 200
HIDDEN = Entry(b"evil.exe", PROGRAM).whole()
PICTURE = Entry(b"a.png", png())
LETTER = Entry(b"b.pdf", pdf(), 8)
SECOND = Entry(b"c.png", png(), 8)


def _both_large(size, packed):
    return field(1, struct.pack("<2Q", size, packed))


def hiding():
    """{title: an archive in which some programs find another file, or find it otherwise}."""
    body, small = png() + HIDDEN, len(png())
    large = {"packed": LARGE, "size": LARGE}
    stored_and_streamed = Entry(b"a.png", png() + sizes_again(PICTURE) + HIDDEN)
    with_its_end = png() + sizes_again(PICTURE)
    directory = PICTURE.record(0)
    before = PICTURE.whole()
    smaller = len(before) + len(directory)
    both, two = before + LETTER.whole(), directory + LETTER.record(len(before))
    again = directory + PICTURE.record(0, name=b"b.png")
    return {
        "a folder with sizes that follow": made(
            PICTURE,
            Entry(b"docs/", b"", 8, 8, EMPTY_STREAM + sizes_again(Entry(b"", b"", 8)) + HIDDEN, attributes=FOLDER),
        ),
        "a folder that is stored": made(PICTURE, Entry(b"docs/", b"", body=HIDDEN, attributes=FOLDER)),
        "a folder with more behind its empty stream": made(
            PICTURE, Entry(b"docs/", b"", 8, body=EMPTY_STREAM + HIDDEN, attributes=FOLDER)
        ),
        "a folder called a file": made(PICTURE, replace(SECOND, attributes=FOLDER)),
        "a file called a folder": made(PICTURE, Entry(b"docs/", attributes=0o100644 << 16)),
        "large sizes without a word on them": made(
            Entry(b"a.png", body, local=large | {"crc": zlib.crc32(png())}, extra=b"")
        ),
        "large sizes that say less": made(
            Entry(b"a.png", body, local=large | {"crc": zlib.crc32(png()), "extra": _both_large(small, small)})
        ),
        "one large size": made(Entry(b"a.png", png(), local={"packed": LARGE, "extra": _both_large(small, small)})),
        "large sizes though the small ones are told": made(
            Entry(b"a.png", body, local={"extra": _both_large(small, small)})
        ),
        "large sizes told twice": made(
            Entry(b"a.png", png(), local=large | {"extra": _both_large(small, small) + _both_large(1, 1)})
        ),
        "large sizes in the directory only": made(
            Entry(b"a.png", png(), extra=_both_large(1, 1), local={"extra": b""})
        ),
        "a gap that begins as the directory does": made(PICTURE, between=b"PK\1\2" + bytes(8) + HIDDEN),
        "a gap of a record": made(PICTURE, between=directory),
        "an entry that the directory does not know": made(PICTURE, between=HIDDEN),
        "as many bytes as sizes take": made(PICTURE, SECOND, between=b"PK\3\4" + bytes(12)),
        "sizes that follow unasked": made(replace(PICTURE, after=sizes_again(PICTURE))),
        "sizes that follow and lie": made(replace(streamed(LETTER), after=b"PK\7\x08" + bytes(12))),
        "sizes that do not follow": made(replace(streamed(LETTER), after=b""), SECOND),
        "sizes that follow, too long": made(streamed(LETTER, packing="<LQQ")),
        "sizes that follow in one header only": made(replace(LETTER, local={"flags": 8})),
        "a stored file that ends twice": made(streamed(stored_and_streamed)),
        "a stored file that holds its end": made(streamed(Entry(b"a.png", with_its_end))),
        "something before the first entry": made(PICTURE, prefix=HIDDEN),
        "a name that differs by its bytes": made(replace(PICTURE, local={"name": b"A.png"})),
        "a sum that differs": made(replace(PICTURE, local={"crc": 1})),
        "a method that differs": made(replace(PICTURE, local={"method": 8})),
        "unknown flags": made(replace(PICTURE, flags=0x20)),
        "a file in an extra field": made(replace(PICTURE, extra=field(0x4141, HIDDEN))),
        "an extra field that is cut": made(replace(PICTURE, extra=struct.pack("<2H", 0x5455, 90) + bytes(5))),
        "a long extra field": made(replace(PICTURE, extra=field(0x4141, bytes(9000)))),
        "a file in the remark": made(PICTURE, comment=HIDDEN),
        "a second end in the remark": made(PICTURE, comment=end(1, len(directory), len(before))),
        "a file in an entry's remark": made(replace(PICTURE, comment=HIDDEN)),
        "an end that counts less": both + two + end(1, len(two), len(both)),
        "an end that begins later": before + directory + directory + end(1, len(directory), smaller),
        "a large end that disagrees": before
        + directory
        + large_end(2, len(directory), len(before), smaller)
        + end(1, len(directory), len(before)),
        "a large end that lies elsewhere": before
        + directory
        + large_end(1, len(directory), len(before), smaller, told_at=0)
        + end(0xFFFF, LARGE, LARGE),
        "one entry told twice": before + again + end(2, len(again), len(before)),
        "a file that is a folder too": made(PICTURE, Entry(b"a.png/b.pdf", pdf(), 8)),
        "a picture with an archive behind it": made(Entry(b"a.png", png() + made(Entry(b"evil.exe", PROGRAM)))),
        "a picture with an entry behind it": made(Entry(b"a.png", png() + HIDDEN)),
    }
