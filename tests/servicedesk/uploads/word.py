"""Word files built by hand, part by part: whole ones, and what strangers put into them."""

import itertools
import struct

from tests.servicedesk.uploads.samples import archive

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def docx(body="<w:p><w:r><w:t>سلام</w:t></w:r></w:p>", links=(), types="", main=MAIN, **parts):
    """A DOCX. links: (type, target, is external). types: more of [Content_Types].xml. parts: {name: bytes}, where
    ``parts={...}`` may also be given for names that are no identifiers; None leaves a part out."""
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{kind if "://" in kind else f"{R}/{kind}"}" Target="{target}"'
        f"{' TargetMode="External"' if outside else ''}/>"
        for number, (kind, target, outside) in enumerate(links)
    )
    made = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/>{types}</Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="m" Type="{R}/officeDocument" '
            'Target="word/document.xml"/></Relationships>'
        ),
        "word/document.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{W}" xmlns:r="{R}" '
            f'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:v="urn:schemas-microsoft-com:vml">'
            f"<w:body>{body}</w:body></w:document>"
        ),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        **parts.pop("parts", {}),
    }
    return archive({name: content for name, content in made.items() if content is not None})


def field(code, split=False):
    """The XML of a field; ``split`` spreads its code over many runs, as those do who hide it."""
    pieces = code if split else [code]
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(streams, storages=()):
    """An OLE file of {path: bytes}, paths with "/"; every stream is filled up to 4096 bytes, so that none is short."""
    names = ["Root Entry", *_with_folders([*streams, *storages])]
    bodies = {name: streams[name].ljust(4096, b"\0") for name in streams}
    sectors, chains, starts = [], [], {}
    for name, body in bodies.items():
        count = -(-len(body) // SECTOR)
        starts[name] = len(sectors)
        sectors += [body[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(body), SECTOR)]
        chains += [starts[name] + number + 1 for number in range(count - 1)] + [END]
    listing = _entries(names, bodies, starts)
    first = len(sectors)
    sectors += [listing[at : at + SECTOR] for at in range(0, len(listing), SECTOR)]
    chains += [first + number + 1 for number in range(len(sectors) - first - 1)] + [END]
    tables = -(-(len(sectors) + 2) // 127)
    at = len(sectors)
    chains += [FAT] * tables
    table = b"".join(struct.pack("<I", link) for link in chains).ljust(tables * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6) + struct.pack("<3I", 0, tables, first)
    header += struct.pack("<6I", 0, 4096, END, 0, END, 0)
    header += b"".join(struct.pack("<I", at + number if number < tables else FREE) for number in range(109))
    return header + b"".join(sectors) + table


def _with_folders(paths):
    found = []
    for path in paths:
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            if name not in found:
                found.append(name)
    return found


def _entries(names, bodies, starts):
    """The directory: each folder's members hang in a chain of right neighbours."""
    members = {name: [] for name in names}
    for name in names[1:]:
        members[name.rpartition("/")[0] or "Root Entry"].append(names.index(name))
    right, child = {}, {}
    for name, found in members.items():
        child[name] = found[0] if found else FREE
        right |= dict(itertools.zip_longest(found, found[1:], fillvalue=FREE))
    made = b""
    for number, name in enumerate(names):
        label = name.rpartition("/")[2].encode("utf-16-le")
        kind = 5 if number == 0 else 2 if name in bodies else 1
        made += label.ljust(64, b"\0") + struct.pack("<HBB", len(label) + 2, kind, 1)
        made += struct.pack("<3I", FREE, right.get(number, FREE), child[name]) + bytes(36)
        made += struct.pack("<IQ", starts.get(name, END if number == 0 else 0), len(bodies.get(name, b"")))
    return made.ljust(-(-len(made) // SECTOR) * SECTOR, b"\0")


TEXT_AT = 1024
PIECES = 33  # the structure that says in what order text is read


def doc(text="سلام", flags=0, streams=None, storages=(), magic=0xA5EC, encoding="utf-16-le", **header):
    """An old Word document with the streams that each has. text: or a list of pieces, [(text, encoding)]."""
    stream, table = doc_streams([(text, encoding)] if isinstance(text, str) else text, flags, magic, **header)
    return ole(
        {
            "WordDocument": stream,
            "0Table": table,
            "\1CompObj": b"\1\0",
            "\5SummaryInformation": b"\xfe\xff",
            **(streams or {}),
        },
        storages,
    )


def doc_streams(pieces, flags=0, magic=0xA5EC, structures=None, counts=None, version=0xC1, shorts=14):
    """The text and the table of a document. Its pieces lie in the stream the other way round than they are read.
    structures: {number: bytes} of the table; counts: characters of the text, of footnotes, of headers."""
    places, body = {}, b""
    for number, (text, encoding) in reversed(list(enumerate(pieces))):
        places[number] = TEXT_AT + len(body)
        body += text.encode(encoding)
    lengths = [len(text.encode(encoding)) // (2 if encoding == "utf-16-le" else 1) for text, encoding in pieces]
    packed = [encoding != "utf-16-le" for _, encoding in pieces]
    starts = [2 * places[number] | 0x40000000 if packed[number] else places[number] for number in range(len(pieces))]
    counts = counts or [sum(lengths), 0, 0]
    head = struct.pack("<HH6xH20x", magic, version, flags) + struct.pack("<H28xH", shorts, 22)
    head += struct.pack("<12x3L", *counts).ljust(88, b"\0") + struct.pack("<H", 93)
    table, pairs = b"\0" * 8, b""
    for number in range(93):
        content = {PIECES: piece_table(lengths, starts), **(structures or {})}.get(number, b"")
        pairs += struct.pack("<2L", len(table) if content else 0, len(content))
        table += content
    return (head + pairs).ljust(TEXT_AT, b"\0") + body, table


def piece_table(lengths, starts, before=b"\1\2\0\0\0"):
    """Where each piece lies; before it, as Word writes it, some changes of format."""
    ends = list(itertools.accumulate(lengths, initial=0))
    listed = struct.pack(f"<{len(ends)}L", *ends) + b"".join(struct.pack("<HLH", 0, start, 0) for start in starts)
    return before + b"\2" + struct.pack("<L", len(listed)) + listed


def listed_fields(*kinds):
    """Fields by the numbers of their kinds, as Word lists them beside the text."""
    marks = b"".join(bytes([0x13, kind, 0x15, 0x80]) for kind in kinds)
    return struct.pack(f"<{2 * len(kinds) + 1}L", *range(2 * len(kinds) + 1)) + marks


def names(**told):
    """The names that belong to a document, ``n1="Normal"`` is its template."""
    texts = [told.get(f"n{number}", "") for number in range(18)]
    return struct.pack("<3H", 0xFFFF, 18, 0) + b"".join(
        struct.pack("<H", len(text)) + text.encode("utf-16-le") for text in texts
    )
