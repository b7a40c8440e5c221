"""DOC, the old Word format: a small file system (OLE) whose directory tells what is inside. Runs in the child.

Stored as it came. Refused: what is no Word document, is locked, carries macros or embedded objects, or has fields,
pictures or a template that start or fetch something.
"""

import io
import re
import struct

import olefile

from servicedesk.uploads import doc_text, limits
from servicedesk.uploads.verdict import Refusal
from servicedesk.uploads.word_fields import WEB, fetches, leads_outside, link_target

_BROKEN = (OSError, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, struct.error)
_WORD_97, _OLDER = 0xA5EC, (0xA5DC, 0xA5DB)
_TEMPLATE, _ENCRYPTED, _SECOND_TABLE, _OBFUSCATED = 0x0001, 0x0100, 0x0200, 0x8000
_FIB_BYTES = 32
_MACROS = {"macros", "vba", "_vba_project", "_vba_project_cur", "project", "projectwm"}
_LOCKED = {"encryptedpackage", "encryptioninfo", "\6dataspaces"}
_OBJECTS = {"\1ole10native", "package", "embeddedodf", "contents", "ole10itemname"}
# Storages that Word makes; the first holds the embedded objects, if any.
_POOL, _DATA = "objectpool", "msodatastore"
_END_OF_ZIP, _ZIP_TAIL = b"PK\5\6", 65_557
# By number: RD, INCLUDE, DDE, DDEAUTO, IMPORT, LINK, INCLUDEPICTURE, INCLUDETEXT, DATABASE.
_FETCHING = {11, 36, 45, 46, 55, 56, 67, 68, 78}
# Names of other documents: the template, and where a form letter has its data and its headings from.
_SOURCES = (1, 8, 9)
# A drawing's properties are a record that begins so: how many there are, what record it is, its length. Four of
# them say how its picture, printed picture, filling and line are linked.
_PROPERTIES = re.compile(b"[\x03\x13\x23\x33\x43\x53\x63\x73\x83\x93\xa3\xb3\xc3\xd3\xe3\xf3].\x0b\xf0(?=(.{4}))", re.S)
_LINK_KINDS, _LINKED = {0x0106, 0x0111, 0x0188, 0x01C7}, 0x0C


def look(content, task):
    """Refuse what is no plain Word document. Gives None."""
    _refuse_second_file(content)
    try:
        with olefile.OleFileIO(io.BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT) as document:
            _examine(document)
    except _BROKEN as error:
        raise Refusal("word-damaged") from error


def _refuse_second_file(content):
    """An archive that ends where the file ends. (Word itself keeps a small one, its theme, further inside.)"""
    end = content.rfind(_END_OF_ZIP, max(0, len(content) - _ZIP_TAIL))
    if end >= 0 and end + 22 + int.from_bytes(content[end + 20 : end + 22], "little") == len(content):
        raise Refusal("two-files-in-one")


def _examine(document):
    for path in document.listdir(streams=True, storages=True):
        _refuse_entry([name.lower() for name in path])
    if not document.exists("WordDocument"):
        raise Refusal("wrong-content", kind="doc")
    stream = document.openstream("WordDocument").read()
    if len(stream) < _FIB_BYTES:
        raise Refusal("word-damaged")
    magic, flags = struct.unpack_from("<H", stream)[0], struct.unpack_from("<H", stream, 0x0A)[0]
    if magic in _OLDER:
        raise Refusal("word-too-old")
    if magic != _WORD_97:
        raise Refusal("word-damaged")
    if flags & (_ENCRYPTED | _OBFUSCATED):
        raise Refusal("word-encrypted")
    if flags & _TEMPLATE:
        raise Refusal("word-macro")
    table = document.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
    doc_text.check(stream)
    _refuse_fields(stream, table)
    _refuse_sources(stream, table)
    _refuse_linked_pictures(table)
    if document.exists("Data"):
        _refuse_linked_pictures(document.openstream("Data").read())


def _refuse_entry(path):
    if _MACROS.intersection(path):
        raise Refusal("word-macro")
    if _LOCKED.intersection(path):
        raise Refusal("word-encrypted")
    if _OBJECTS.intersection(path) or (path[0] == _POOL and len(path) > 1):
        raise Refusal("word-object")
    if len(path) > 1 and path[0] != _DATA:
        raise Refusal("word-object")


def _refuse_fields(stream, table):
    for code, depth in doc_text.field_codes(doc_text.text(stream, table)):
        if fetches(code, depth):
            raise Refusal("word-field")
        target = link_target(code)
        if target and not target.lower().startswith(WEB):
            raise Refusal("word-link")
    # Word tells a field's kind a second time, beside the text; either may be what the reader's program goes by.
    if not _FETCHING.isdisjoint(doc_text.field_kinds(stream, table)):
        raise Refusal("word-field")


def _refuse_sources(stream, table):
    names = doc_text.names(stream, table)
    if any(leads_outside(names[number]) for number in _SOURCES if number < len(names)):
        raise Refusal("word-outside")


def _refuse_linked_pictures(drawings):
    looked_at = 0
    for head in _PROPERTIES.finditer(drawings):
        count, length = int.from_bytes(head[0][:2], "little") >> 4, int.from_bytes(head[1], "little")
        begin = head.end() + 4
        if not 6 * count <= length <= len(drawings) - begin:
            continue
        looked_at += count
        if looked_at > limits.WORD_PROPERTIES:
            raise Refusal("word-damaged")
        for number, value in struct.iter_unpack("<HL", drawings[begin : begin + 6 * count]):
            if number in _LINK_KINDS and value & _LINKED:
                raise Refusal("word-outside")
