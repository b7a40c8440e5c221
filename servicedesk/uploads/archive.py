"""A ZIP read in memory by its directory and by its streams, which must tell the same story. Runs in the child.

Whatever two programs could read in two ways is refused (hidden or overlapping entries, sizes that lie, one name
twice): the file is stored as it came, so another program will unpack it on a clerk's machine.
"""

import codecs
import io
import stat
import struct
import unicodedata
import zipfile
import zlib

from servicedesk.uploads.verdict import Refusal

BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    struct.error,
    ValueError,
    OSError,
    EOFError,
    OverflowError,
)
ARCHIVES = {"zip", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "jar", "iso", "cab", "arj", "zst"}
NAME_IS_UTF8 = 0x800
_LOCAL = struct.Struct("<4s5H3L2H")
_END_BYTES = 22
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_SIZES_FOLLOW = 0x8
# Flags that an entry's own header and the directory must share.
_AGREED = _ENCRYPTED | NAME_IS_UTF8
# A second name of the entry, in UTF-8, which some programs prefer.
_SECOND_NAME = 0x7075
_DESCRIPTOR_BYTES = (12, 16, 20, 24)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Marks that turn the direction of what follows, so that "exe.pdf" can be made to look like "fdp.exe".
_TURNING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}

# The child is sealed before it looks: what names are written in must be loaded by then.
codecs.lookup("cp437")


def directory(content, most_entries):
    """The entries (ZipInfo) of an archive that plays no tricks. Raises Refusal (``zip-…``, ``two-files-in-one``)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except BROKEN as error:
        raise Refusal("zip-damaged") from error
    end = content.rfind(b"PK\5\6")
    comment = int.from_bytes(content[end + _END_BYTES - 2 : end + _END_BYTES], "little")
    if end + _END_BYTES + comment != len(content):
        raise Refusal("two-files-in-one")
    if len(infos) > most_entries:
        raise Refusal("zip-too-many", count=most_entries)
    _refuse_tricks(infos)
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


def start(info, content):
    """Where the entry's bytes begin, by its own header, which must agree with the directory."""
    try:
        header = _LOCAL.unpack_from(content, info.header_offset)
    except struct.error as error:
        raise Refusal("zip-damaged") from error
    signature, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = header
    begin = info.header_offset + _LOCAL.size + name_bytes + extra_bytes
    name = content[info.header_offset + _LOCAL.size :][:name_bytes]
    encoding = "utf-8" if flags & NAME_IS_UTF8 else "cp437"
    told = (signature, method, flags & _AGREED, name.decode(encoding, "replace"))
    if told != (b"PK\3\4", info.compress_type, info.flag_bits & _AGREED, info.orig_filename):
        raise Refusal("zip-damaged")
    _refuse_second_name(info, info.extra)
    _refuse_second_name(info, content[begin - extra_bytes : begin])
    sizes_here = not flags & _SIZES_FOLLOW and 0xFFFFFFFF not in (packed, size)
    if sizes_here and (crc, packed, size) != (info.CRC, info.compress_size, info.file_size):
        raise Refusal("zip-damaged")
    return begin


def _refuse_second_name(info, extra):
    at = 0
    while at + 4 <= len(extra):
        number, length = struct.unpack_from("<2H", extra, at)
        if number == _SECOND_NAME:
            name = extra[at + 9 : at + 4 + length].decode("utf-8", "replace")
            _refuse_name(name)
            if name.rpartition(".")[2].lower() != info.filename.rpartition(".")[2].lower():
                raise Refusal("zip-name")
        at += 4 + length


def refuse_gaps(infos, content):
    """Entries stand one after the other from the first byte to the directory: none overlaps another (the
    trick of the densest bombs), and nothing is hidden between them."""
    at = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        gap = info.header_offset - at
        if gap and not (at and gap in _DESCRIPTOR_BYTES):
            raise Refusal("zip-damaged")
        at = start(info, content) + info.compress_size
    end = content.find(b"PK\1\2", at)
    if end - at not in (0, *_DESCRIPTOR_BYTES):
        raise Refusal("zip-damaged")


def unpacked(info, content):
    """The entry's bytes, never more of them than declared: check the sum of what is declared before."""
    begin, declared = start(info, content), info.file_size
    packed = content[begin : begin + info.compress_size]
    if len(packed) != info.compress_size:
        raise Refusal("zip-damaged")
    if info.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            plain = stream.decompress(packed, declared + 1)
        except zlib.error as error:
            raise Refusal("zip-damaged") from error
        complete = stream.eof and not stream.unused_data
    else:
        plain, complete = packed, True
    if not complete or len(plain) != declared or zlib.crc32(plain) != info.CRC:
        raise Refusal("zip-damaged")
    return plain
