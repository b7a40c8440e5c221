"""ZIP: every file in it is of an accepted kind and passes the same look. Runs in the child.

The archive is stored as it came; ``archive.py`` refuses what two programs could read in two ways.
"""

import importlib
import io
import struct
import zipfile
from dataclasses import dataclass, replace

from servicedesk.uploads import archive, archive_layout, limits
from servicedesk.uploads.verdict import Refusal

# What Finder puts beside a Mac's files: notes on them (AppleDouble), and the look of a folder.
_NOTES_START = struct.pack(">2L", 0x00051607, 0x00020000)
_FOLDER_LOOK_START = b"\0\0\0\1Bud1"
_FINDER_INFO, _RESOURCE_FORK = 9, 2
_EMPTY_FORK = 286  # bytes


@dataclass(frozen=True)
class _Entry:
    """One file of the archive: its name as a person reads it, and its kind."""

    info: zipfile.ZipInfo
    name: str
    kind: str


def kinds_inside(content, task):
    """The kinds whose inspectors ``look`` will need. Nothing for a broken archive: ``look`` says so."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except archive.BROKEN:
        return set()
    return {kind for name in names if (kind := _kind_of(name, task))}


def look(content, task):
    """Refuse what could be read in two ways, is too much, or holds anything that is not itself acceptable."""
    infos = archive.directory(content, limits.ZIP_ENTRIES)
    files = [info for info in infos if not info.is_dir()]
    entries = [_entry(info, task) for info in files if not _is_finders(info)]
    if not entries:
        raise Refusal("zip-empty")
    if sum(info.file_size for info in infos) > limits.ZIP_BYTES:
        raise Refusal("zip-too-big", unpacked=limits.ZIP_BYTES)
    archive.refuse_gaps(infos, content)
    for info in filter(_is_finders, files):
        _refuse_more_than_notes(info, archive.unpacked(info, content))
    pixels = 0
    for entry in entries:
        unpacked = archive.unpacked(entry.info, content)
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


def _is_finders(info):
    *folders, name = info.filename.split("/")
    return name == ".DS_Store" or (folders[:1] == ["__MACOSX"] and name.startswith("._"))


def _refuse_more_than_notes(info, content):
    """Finder's own entries may stay where they hold no more than notes: no fork of a program, and little of it."""
    if len(content) > limits.ZIP_FINDER_BYTES:
        raise Refusal("zip-finder")
    if info.filename.endswith(".DS_Store"):
        fits = content.startswith(_FOLDER_LOOK_START) or _is_notes(content)
    else:
        fits = _is_notes(content)
    if not fits:
        raise Refusal("zip-finder")


def _is_notes(content):
    if not content.startswith(_NOTES_START) or len(content) < 26:
        return False
    count = int.from_bytes(content[24:26], "big")
    table = content[26 : 26 + 12 * count]
    if not 0 < count < 4 or len(table) != 12 * count:
        return False
    for number, at, length in struct.iter_unpack(">3L", table):
        harmless = number == _FINDER_INFO or (number == _RESOURCE_FORK and length <= _EMPTY_FORK)
        if not harmless or at + length > len(content):
            return False
    return True


def _entry(info, task):
    name = _readable(info)
    kind = _kind_of(name, task)
    if _suffix(name) in archive.ARCHIVES:
        raise Refusal("zip-nested", entry=name)
    if kind is None:
        raise Refusal("zip-entry-kind", entry=name)
    return _Entry(info, name, kind)


def _kind_of(name, task):
    suffix = _suffix(name)
    if suffix in archive.ARCHIVES:
        return None
    return next((kind for kind, facts in task.kinds.items() if suffix in facts["extensions"]), None)


def _suffix(name):
    return name.rpartition("/")[2].rpartition(".")[2].lower()


def _readable(info):
    """The last part of the name. Macs write UTF-8 without saying so, which then reads as cp437."""
    name = info.filename
    if not info.flag_bits & archive_layout.NAME_IS_UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/").rpartition("/")[2][-limits.NAME_LENGTH :]
