"""DOC, the old Word format: a small file system (OLE) whose directory tells what is inside. Runs in the child.

Stored as it came. Refused: what is no Word document, is locked, carries macros or embedded objects, or has fields
that start or fetch something, as far as the text shows them.
"""

import codecs
import io
import re
import struct

import olefile

from servicedesk.uploads.verdict import Refusal
from servicedesk.uploads.word_fields import fetches

_BROKEN = (OSError, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError, struct.error)
_WORD_97 = 0xA5EC
_TEMPLATE, _ENCRYPTED, _SECOND_TABLE, _OBFUSCATED = 0x0001, 0x0100, 0x0200, 0x8000
_FIB_BYTES = 32
_MACROS = {"macros", "vba", "_vba_project", "_vba_project_cur", "project", "projectwm"}
_LOCKED = {"encryptedpackage", "encryptioninfo", "\6dataspaces"}
_OBJECTS = {"\1ole10native", "package", "embeddedodf", "contents", "ole10itemname"}
# Storages that Word makes; the first holds the embedded objects, if any.
_POOL, _DATA = "objectpool", "msodatastore"
_FIELD = re.compile("\x13([^\x13\x14\x15]{1,400})")
_END_OF_ZIP, _ZIP_TAIL = b"PK\5\6", 65_557

# The child is sealed before it looks: the encodings of names and texts must be loaded by then.
for _encoding in ("utf-16-le", "latin-1", "cp1252"):
    codecs.lookup(_encoding)


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
    text = document.openstream("WordDocument").read()
    if len(text) < _FIB_BYTES:
        raise Refusal("word-damaged")
    magic, flags = struct.unpack_from("<H", text)[0], struct.unpack_from("<H", text, 0x0A)[0]
    if magic != _WORD_97:
        raise Refusal("word-damaged")
    if flags & (_ENCRYPTED | _OBFUSCATED):
        raise Refusal("word-encrypted")
    if flags & _TEMPLATE:
        raise Refusal("word-macro")
    if not document.exists("1Table" if flags & _SECOND_TABLE else "0Table"):
        raise Refusal("word-damaged")
    _refuse_fields(text)


def _refuse_entry(path):
    if _MACROS.intersection(path):
        raise Refusal("word-macro")
    if _LOCKED.intersection(path):
        raise Refusal("word-encrypted")
    if _OBJECTS.intersection(path) or (path[0] == _POOL and len(path) > 1):
        raise Refusal("word-object")
    if len(path) > 1 and path[0] != _DATA:
        raise Refusal("word-object")


def _refuse_fields(text):
    # A document's text is in one of two encodings, piece by piece; read as the other it is noise.
    for readable in (
        text.decode("latin-1"),
        text.decode("utf-16-le", "replace"),
        text[1:].decode("utf-16-le", "replace"),
    ):
        for field in _FIELD.finditer(readable):
            if fetches(field[1]):
                raise Refusal("word-field")
