"""ZIP, read in memory by its directory and by its streams, which must tell the same story. Runs in the child.

The archive is stored as it came, so another program will unpack it on a clerk's machine: whatever two
programs could read in two ways is refused (hidden or overlapping entries, sizes that lie, one name twice).
"""

import importlib
import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, replace

from servicedesk.uploads import limits
from servicedesk.uploads.verdict import Refusal

_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    struct.error,
    ValueError,
    OSError,
    EOFError,
    OverflowError,
)
_LOCAL = struct.Struct("<4s5H3L2H")
_END_BYTES = 22
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_SIZES_FOLLOW = 0x8
_NAME_IS_UTF8 = 0x800
# Flags that an entry's own header and the directory must share.
_AGREED = _ENCRYPTED | _NAME_IS_UTF8
_DESCRIPTOR_BYTES = (12, 16, 20, 24)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ARCHIVES = {"zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "jar", "iso", "cab", "arj", "zst"}
# Marks that turn the direction of what follows, so that "exe.pdf" can be made to look like "fdp.exe".
_TURNING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


@dataclass(frozen=True)
class _Entry:
    """One file of the archive: its name as a person reads it, its kind, and where its bytes lie."""

    info: zipfile.ZipInfo
    name: str
    kind: str
    start: int

    @property
    def end(self):
        return self.start + self.info.compress_size


def kinds_inside(content, task):
    """The kinds whose inspectors ``look`` will need. Nothing for a broken archive: ``look`` says so."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except _BROKEN:
        return set()
    return {kind for name in names if (kind := _kind_of(name, task))}


def look(content, task):
    """Refuse what could be read in two ways, is too much, or holds anything that is not itself acceptable."""
    infos = _directory(content)
    if len(infos) > limits.ZIP_ENTRIES:
        raise Refusal("zip-too-many", count=limits.ZIP_ENTRIES)
    _refuse_tricks(infos)
    entries = [_entry(info, content, task) for info in infos if not info.is_dir()]
    if not entries:
        raise Refusal("zip-empty")
    if sum(info.file_size for info in infos) > limits.ZIP_BYTES:
        raise Refusal("zip-too-big", unpacked=limits.ZIP_BYTES)
    _refuse_gaps(infos, content)
    pixels = 0
    for entry in entries:
        unpacked = _unpacked(entry, content)
        inspector = importlib.import_module(task.kinds[entry.kind]["inspector"])
        pixels += getattr(inspector, "pixels", lambda *_: 0)(unpacked, entry.kind)
        if pixels > limits.ZIP_PIXELS:
            raise Refusal("zip-pictures-too-large", megapixels=limits.ZIP_PIXELS // 1_000_000)
        _look_inside(inspector, unpacked, entry, task)


def _look_inside(inspector, unpacked, entry, task):
    magic = [bytes.fromhex(start) for start in task.kinds[entry.kind]["magic"]]
    try:
        if not unpacked:
            raise Refusal("empty")
        if not unpacked.startswith(tuple(magic)):
            raise Refusal("wrong-content", kind=entry.kind)
        inspector.look(unpacked, replace(task, kind=entry.kind, rewrite=False))
    except Refusal as refusal:
        raise Refusal("zip-entry", **refusal.details, entry=entry.name, reason=refusal.code) from refusal


def _directory(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except _BROKEN as error:
        raise Refusal("zip-damaged") from error
    end = content.rfind(b"PK\5\6")
    comment = int.from_bytes(content[end + _END_BYTES - 2 : end + _END_BYTES], "little")
    if end + _END_BYTES + comment != len(content):
        raise Refusal("two-files-in-one")
    return infos


def _refuse_tricks(infos):
    seen = set()
    for info in infos:
        if info.flag_bits & _ENCRYPTED:
            raise Refusal("zip-encrypted")
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refusal("zip-link")
        if info.compress_type not in _METHODS or (info.is_dir() and info.file_size):
            raise Refusal("zip-damaged")
        for name in {info.filename, info.orig_filename}:
            _refuse_name(name)
        known = unicodedata.normalize("NFC", info.filename).replace("\\", "/").rstrip("/").casefold()
        if known in seen:
            raise Refusal("zip-damaged")
        seen.add(known)


def _refuse_name(name):
    parts = name.replace("\\", "/").split("/")
    absolute = parts[0] == "" or (len(parts[0]) > 1 and parts[0][1] == ":")
    hidden = any(char in _TURNING or unicodedata.category(char) == "Cc" for char in name)
    if absolute or hidden or any(part.strip(" ") == ".." for part in parts):
        raise Refusal("zip-name")


def _entry(info, content, task):
    name = _readable(info)
    suffix = _suffix(name)
    kind = _kind_of(name, task)
    if suffix in _ARCHIVES:
        raise Refusal("zip-nested", entry=name)
    if kind is None:
        raise Refusal("zip-entry-kind", entry=name)
    return _Entry(info, name, kind, _start(info, content))


def _kind_of(name, task):
    suffix = _suffix(name)
    if suffix in _ARCHIVES:
        return None
    return next((kind for kind, facts in task.kinds.items() if suffix in facts["extensions"]), None)


def _suffix(name):
    return name.rpartition("/")[2].rpartition(".")[2].lower()


def _readable(info):
    """The last part of the name. Macs write UTF-8 without saying so, which then reads as cp437."""
    name = info.filename
    if not info.flag_bits & _NAME_IS_UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/").rpartition("/")[2][-limits.NAME_LENGTH :]


def _start(info, content):
    """Where the entry's bytes begin, by its own header, which must agree with the directory."""
    try:
        header = _LOCAL.unpack_from(content, info.header_offset)
    except struct.error as error:
        raise Refusal("zip-damaged") from error
    signature, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = header
    start = info.header_offset + _LOCAL.size + name_bytes + extra_bytes
    name = content[info.header_offset + _LOCAL.size :][:name_bytes]
    encoding = "utf-8" if flags & _NAME_IS_UTF8 else "cp437"
    told = (signature, method, flags & _AGREED, name.decode(encoding, "replace"))
    if told != (b"PK\3\4", info.compress_type, info.flag_bits & _AGREED, info.orig_filename):
        raise Refusal("zip-damaged")
    sizes_here = not flags & _SIZES_FOLLOW and 0xFFFFFFFF not in (packed, size)
    if sizes_here and (crc, packed, size) != (info.CRC, info.compress_size, info.file_size):
        raise Refusal("zip-damaged")
    return start


def _refuse_gaps(infos, content):
    """Entries stand one after the other from the first byte to the directory: none overlaps another (the
    trick of the densest bombs), and nothing is hidden between them."""
    at = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        gap = info.header_offset - at
        if gap and not (at and gap in _DESCRIPTOR_BYTES):
            raise Refusal("zip-damaged")
        at = _start(info, content) + info.compress_size
    directory = content.find(b"PK\1\2", at)
    if directory - at not in (0, *_DESCRIPTOR_BYTES):
        raise Refusal("zip-damaged")


def _unpacked(entry, content):
    """The entry's bytes, never more of them than declared: the sum of what is declared was checked."""
    packed, declared = content[entry.start : entry.end], entry.info.file_size
    if len(packed) != entry.info.compress_size:
        raise Refusal("zip-damaged")
    if entry.info.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            unpacked = stream.decompress(packed, declared + 1)
        except zlib.error as error:
            raise Refusal("zip-damaged") from error
        complete = stream.eof and not stream.unused_data
    else:
        unpacked, complete = packed, True
    if not complete or len(unpacked) != declared or zlib.crc32(unpacked) != entry.info.CRC:
        raise Refusal("zip-damaged")
    return unpacked
