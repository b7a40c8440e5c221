"""The layout of a ZIP: every byte belongs to an entry, to the directory or to its end, and what is told twice agrees.

A program that goes by the directory and one that reads from the first byte on must find the same files: else one of
them is the clerk's and the other the inspection's or the scanner's. Runs in the child.
"""

import struct
from dataclasses import dataclass

from servicedesk.uploads.verdict import Refusal

SIZES_FOLLOW = 0x8
NAME_IS_UTF8 = 0x800
# A second name of the entry, in UTF-8, which some programs prefer.
SECOND_NAME = 0x7075
_LARGE_SIZES = 0x0001
_LARGE, _MANY = 0xFFFFFFFF, 0xFFFF
# How hard the packer tried, which nobody needs to unpack.
_EFFORT = 0x6
_LOCAL = struct.Struct("<4s5H3L2H")
_RECORD = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LARGE_END = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_SIGNATURES = (b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"PK\6\7", b"PK\7\x08")
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
# Extra fields hold times, owners and fillings; Office keeps room of some hundred bytes in them.
_EXTRA_BYTES = 4096


@dataclass(frozen=True)
class _Header:
    """What one of an entry's two headers tells of it. ``end``: where the header ends."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int
    name: bytes
    extra: bytes
    end: int
    offset: int = 0

    @property
    def sizes(self):
        return self.crc, self.packed, self.size


def check(infos, content):
    """Raise Refusal unless the entries fill the archive from its first byte to the directory, and the directory and
    its end the rest. infos: the entries in the directory's order, as zipfile read them."""
    start, end = _directory(content, len(infos))
    records, at = [], start
    for info in infos:
        record = _record(content, at)
        told = (record.offset, record.flags, record.method, record.crc, record.packed, record.size)
        if told != (
            info.header_offset,
            info.flag_bits,
            info.compress_type,
            info.CRC,
            info.compress_size,
            info.file_size,
        ):
            raise Refusal("zip-damaged")
        records.append(record)
        at = record.end
    if at != end:
        raise Refusal("zip-damaged")
    at = 0
    for record in sorted(records, key=lambda record: record.offset):
        if record.offset != at:
            raise Refusal("zip-damaged")
        at = _end_of(record, content)
    if at != start:
        raise Refusal("zip-damaged")


def begin(info, content):
    """Where the entry's bytes begin, by its own header."""
    return _local(content, info.header_offset).end


def extras(info, content):
    """The extra fields of both headers of an entry: [(number, bytes)]."""
    return [*fields(info.extra), *fields(_local(content, info.header_offset).extra)]


def fields(extra):
    """The extra fields of one header: [(number, bytes)]."""
    found, at = [], 0
    while at + 4 <= len(extra):
        number, length = struct.unpack_from("<2H", extra, at)
        found.append((number, extra[at + 4 : at + 4 + length]))
        at += 4 + length
    # Android fills up with fewer zeros than a field's head is long.
    if at > len(extra) or extra[at:].strip(b"\0"):
        raise Refusal("zip-damaged")
    return found


def _unpack(form, content, at, signature):
    try:
        found, *rest = form.unpack_from(content, at)
    except struct.error as error:
        raise Refusal("zip-damaged") from error
    if found != signature:
        raise Refusal("zip-damaged")
    return rest


def _directory(content, count):
    """(start, end) of the directory, as the end of the archive tells them, and if need be its large form too."""
    at = content.rfind(b"PK\5\6")
    if at < 0:
        raise Refusal("zip-damaged")
    *disks_and_counts, size, start, comment = _unpack(_END, content, at, b"PK\5\6")
    if at + _END.size + comment != len(content):
        raise Refusal("two-files-in-one")
    _refuse_more_than_words(content[at + _END.size :])
    end, told = at, (*disks_and_counts, size, start)
    locator = at - _LOCATOR.size
    if locator >= 0 and content.startswith(b"PK\6\7", locator):
        end = locator - _LARGE_END.size
        disk, place, disks = _unpack(_LOCATOR, content, locator, b"PK\6\7")
        large = _unpack(_LARGE_END, content, max(end, 0), b"PK\6\6")
        if (disk, place, disks, large[0]) != (0, end, 1, _LARGE_END.size - 12):
            raise Refusal("zip-damaged")
        # Each figure of the small form is the same, or says that it is too small for it.
        most = (_MANY, _MANY, _MANY, _MANY, _LARGE, _LARGE)
        if any(small not in (true, top) for small, true, top in zip(told, large[3:], most, strict=True)):
            raise Refusal("zip-damaged")
        told = tuple(large[3:])
    start = end - told[4]
    if told != (0, 0, count, count, end - start, start) or start < 0:
        raise Refusal("zip-damaged")
    return start, end


def _record(content, at):
    """An entry of the directory."""
    _, _, flags, method, _, _, crc, *rest = _unpack(_RECORD, content, at, b"PK\1\2")
    packed, size, name_bytes, extra_bytes, comment_bytes, disk, _, _, offset = rest
    name, extra, end = _name_and_extra(content, at + _RECORD.size, name_bytes, extra_bytes)
    _refuse_more_than_words(content[end : end + comment_bytes])
    large = _large_sizes(extra)
    # The figures that are too large for their place, one after the other.
    wanted = [number for number in (size, packed, offset) if number == _LARGE]
    if disk or (large is not None and len(large) != 8 * len(wanted)) or (wanted and large is None):
        raise Refusal("zip-damaged")
    told = iter(struct.unpack(f"<{len(wanted)}Q", large or b""))
    size, packed, offset = (next(told) if number == _LARGE else number for number in (size, packed, offset))
    return _Header(flags, method, crc, packed, size, name, extra, end + comment_bytes, offset)


def _local(content, at):
    """The header that an entry itself begins with."""
    _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = _unpack(_LOCAL, content, at, b"PK\3\4")
    name, extra, end = _name_and_extra(content, at + _LOCAL.size, name_bytes, extra_bytes)
    return _Header(flags, method, crc, packed, size, name, extra, end)


def _name_and_extra(content, at, name_bytes, extra_bytes):
    middle, end = at + name_bytes, at + name_bytes + extra_bytes
    extra = content[middle:end]
    if end > len(content) or len(extra) > _EXTRA_BYTES or any(signature in extra for signature in _SIGNATURES):
        raise Refusal("zip-damaged")
    numbers = [number for number, _ in fields(extra)]
    if any(numbers.count(number) > 1 for number in (_LARGE_SIZES, SECOND_NAME)):
        raise Refusal("zip-damaged")
    return content[at:middle], extra, end


def _large_sizes(extra):
    return dict(fields(extra)).get(_LARGE_SIZES)


def _end_of(record, content):
    """Where the entry ends that this record of the directory tells of, and the next one has to begin."""
    local = _local(content, record.offset)
    if (local.method, local.name) != (record.method, record.name) or (local.flags ^ record.flags) & ~_EFFORT:
        raise Refusal("zip-damaged")
    if local.flags & ~(_EFFORT | SIZES_FOLLOW | NAME_IS_UTF8):
        raise Refusal("zip-damaged")
    follow, large = bool(local.flags & SIZES_FOLLOW), _large_sizes(local.extra)
    packed, size = local.packed, local.size
    if _LARGE in (packed, size):
        if (packed, size) != (_LARGE, _LARGE) or large is None or len(large) != 16:
            raise Refusal("zip-damaged")
        size, packed = struct.unpack("<2Q", large)
    elif large not in (None, struct.pack("<2Q", size, packed)) and (any(large) or local.method == 0):
        # Some write zeros there, which cannot mislead over a packed file: it tells its own end.
        raise Refusal("zip-damaged")
    unknown = (0, 0, 0) if follow else record.sizes
    told = zip((local.crc, packed, size), record.sizes, unknown, strict=True)
    if any(number not in (true, other) for number, true, other in told):
        raise Refusal("zip-damaged")
    end = local.end + record.packed
    return _behind_sizes(record, large, content, local.end, end) if follow else end


def _behind_sizes(record, large, content, start, end):
    """Behind the sizes that follow an entry's bytes, in one of their forms: with or without a signature, and in large
    figures where its header has a place for those."""
    # Of a stored one, who reads it as it comes learns the length from nothing but the signature.
    if record.method == 0 and any(signature in content[start:end] for signature in _SIGNATURES):
        raise Refusal("zip-damaged")
    plain = struct.pack("<L2Q" if large is not None else "<3L", *record.sizes)
    for form in (b"PK\7\x08" + plain, plain):
        if content.startswith(form, end) and (form != plain or not plain.startswith(b"PK\7\x08")):
            return end + len(form)
    raise Refusal("zip-damaged")


def _refuse_more_than_words(remark):
    if any(byte in _CONTROL for byte in remark):
        raise Refusal("zip-damaged")
