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

from servicedesk.uploads import archive_layout
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
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_EMPTY_STREAM_BYTES = 2
_DOS_FOLDER = 0x10
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
    if len(infos) > most_entries:
        raise Refusal("zip-too-many", count=most_entries)
    _refuse_tricks(infos)
    return infos


def _refuse_tricks(infos):
    seen, files = set(), set()
    for info in infos:
        if info.flag_bits & _ENCRYPTED:
            raise Refusal("zip-encrypted")
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refusal("zip-link")
        if info.compress_type not in _METHODS or (info.is_dir() and info.file_size) or _is_both(info):
            raise Refusal("zip-damaged")
        for name in {info.filename, info.orig_filename}:
            _refuse_name(name)
        known = unicodedata.normalize("NFC", info.filename).replace("\\", "/").rstrip("/").casefold()
        if known in seen:
            raise Refusal("zip-damaged")
        seen.add(known)
        if not info.is_dir():
            files.add(known)
    # A file that is a folder of other files as well.
    if any(name[:at] in files for name in seen for at, char in enumerate(name) if char == "/"):
        raise Refusal("zip-damaged")


def _is_both(info):
    """Whether an entry is a folder by its name and a file by its attributes, or the other way round."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.is_dir():
        return kind == stat.S_IFREG
    return kind == stat.S_IFDIR or bool(info.external_attr & _DOS_FOLDER)


def _refuse_name(name):
    parts = name.replace("\\", "/").split("/")
    absolute = parts[0] == "" or (len(parts[0]) > 1 and parts[0][1] == ":")
    hidden = any(char in _TURNING or unicodedata.category(char) == "Cc" for char in name)
    if absolute or hidden or any(part.strip(" ") == ".." for part in parts):
        raise Refusal("zip-name")


def refuse_gaps(infos, content):
    """Entries stand one after the other from the first byte to the directory: none overlaps another (the trick of
    the densest bombs), nothing is hidden between them, and nothing lies in a folder's own entry."""
    archive_layout.check(infos, content)
    for info in infos:
        _refuse_second_name(info, content)
        if info.is_dir():
            if info.compress_size > _EMPTY_STREAM_BYTES:
                raise Refusal("zip-damaged")
            unpacked(info, content)


def second_names(info, content):
    """Other names of the entry, from its extra fields."""
    told = (data for number, data in archive_layout.extras(info, content) if number == archive_layout.SECOND_NAME)
    return [data[5:].decode("utf-8", "replace") for data in told]


def _refuse_second_name(info, content):
    for name in second_names(info, content):
        _refuse_name(name)
        if name.rpartition(".")[2].lower() != info.filename.rpartition(".")[2].lower():
            raise Refusal("zip-name")


def unpacked(info, content):
    """The entry's bytes, never more of them than declared: check the sum of what is declared before."""
    begin, declared = archive_layout.begin(info, content), info.file_size
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
