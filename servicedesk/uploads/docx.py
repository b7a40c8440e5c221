"""DOCX: a Word document that only shows itself. Stored as it came, so signatures stay valid. Runs in the child.

It is a ZIP of parts. Each part is XML or a picture; each relationship stays inside the file, except a link that a
person must click. Macros, embedded files, templates and pictures from elsewhere, and fields that fetch are refused.
"""

import codecs
import io
import posixpath
import re

import olefile

from servicedesk.uploads import archive, limits, picture
from servicedesk.uploads.verdict import Refusal
from servicedesk.uploads.word_fields import leads_outside
from servicedesk.uploads.word_xml import Part, Text, refuse_link

_OLE = b"\xd0\xcf\x11\xe0"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES, _FIRST = "[Content_Types].xml", "_rels/.rels"
_XML = {"xml", "rels"}
_PICTURES = {
    "png",
    "jpg",
    "jpeg",
    "jpe",
    "jfif",
    "gif",
    "bmp",
    "tif",
    "tiff",
    "emf",
    "wmf",
    "svg",
    "wdp",
    "webp",
    "tmp",
}
_FONTS = {"odttf", "ttf", "fntdata"}
# What a program, an archive, an old Office file and a PDF begin with, whatever the part is called.
_FILES_BEGIN = (b"PK\3\4", _OLE, b"MZ", b"%PDF-", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"\x1f\x8b")
# What the mark of a signature (it is empty) and parts that Windows took out ([trash]) consist of.
_FILLING = b"\0\xff"
# By the last word of a relationship's or content type's name, in small letters.
_MACRO_WORDS = ("vbaproject", "wordvbadata", "macroenabled", "attachedtoolbars", "extensibility", "vbadata")
_OBJECT_WORDS = ("oleobject", "package", "control", "activex", "activexcontrolbinary", "afchunk", "embeddings")
_FETCH_WORDS = ("attachedtemplate", "subdocument", "frame", "webextension", "webextensiontaskpanes", "mailmergesource")
# A template on the sender's own disk: nobody is asked for it. Two slashes further on could still name a machine.
_HERE = re.compile(r"(file:/{3,4})?[a-z]:/(?!/)|file:///(?!/|[a-z]:)|[^/:]+$")
_OUTSIDE_REASONS = {"zip-too-many": "word-too-big", "zip-encrypted": "word-encrypted"}

# The child is sealed before it looks: what olefile reads names with must be loaded by then.
codecs.lookup("utf-16-le")


def look(content, task):
    """Refuse what is damaged, locked, runs, holds another file, or fetches something. Gives None."""
    if content.startswith(_OLE):
        raise _why_old(content)
    parts = _parts(content)
    types = _Types()
    types.read(parts.get(_TYPES, b""))
    first = _Relationships(_FIRST)
    first.read(parts.get(_FIRST, b""))
    if types.of(first.main) != _MAIN or first.main not in parts:
        raise Refusal("word-damaged")
    links = _links(parts)
    pixels = 0
    for name, part in parts.items():
        pixels += _look_at(name, part, links.get(name.lower(), frozenset()))
    if pixels > limits.WORD_PIXELS:
        raise Refusal("word-too-big", unpacked=limits.ZIP_BYTES)


def _why_old(content):
    """A locked DOCX is wrapped into an old Office file; any other old one has the wrong name."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as old:
            locked = old.exists("EncryptedPackage")
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        locked = False
    return Refusal("word-encrypted") if locked else Refusal("wrong-content", kind="docx")


def _parts(content):
    """{name: bytes} of every part, within the bounds of any ZIP."""
    try:
        infos = archive.directory(content, limits.WORD_PARTS)
        if sum(info.file_size for info in infos) > limits.ZIP_BYTES:
            raise Refusal("word-too-big", unpacked=limits.ZIP_BYTES)
        archive.refuse_gaps(infos, content)
        if any(archive.second_names(info, content) for info in infos):
            raise Refusal("word-damaged")
        return {info.filename: archive.unpacked(info, content) for info in infos if not info.is_dir()}
    except Refusal as refusal:
        if not refusal.code.startswith("zip-"):
            raise
        raise Refusal(_OUTSIDE_REASONS.get(refusal.code, "word-damaged"), unpacked=limits.ZIP_BYTES) from refusal


def _links(parts):
    """{name of a part in small letters: ids of its links to web pages}."""
    found = {}
    for name, part in parts.items():
        folder, file = posixpath.split(name.lower())
        if file.endswith(".rels"):
            relations = _Relationships(name)
            relations.read(part)
            found[posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))] = relations.links
    return found


def _look_at(name, part, links):
    """Refuse a part; gives how many points it has as a picture."""
    suffix = name.rpartition(".")[2].lower()
    words = name.lower()
    if "vbaproject" in words or "vbadata" in words:
        raise Refusal("word-macro")
    if part.startswith(_FILES_BEGIN) or "/embeddings/" in words or "/activex/" in words:
        raise Refusal("word-object")
    if suffix in _XML or suffix == "svg":
        (_Relationships(name) if suffix == "rels" else _Types() if name == _TYPES else Text(links)).read(part)
        return 0
    if not part.strip(_FILLING):
        return 0
    if suffix not in _PICTURES and suffix not in _FONTS:
        raise Refusal("word-object")
    points = max(picture.pixels(part, "png"), picture.pixels(part, "jpg"))
    if points > limits.PICTURE_PIXELS:
        raise Refusal("picture-too-large", megapixels=limits.PICTURE_PIXELS // 1_000_000, side=limits.PICTURE_SIDE)
    return points


class _Types(Part):
    """[Content_Types].xml: what each part claims to be."""

    judged = frozenset({"extension", "partname", "contenttype"})

    def __init__(self):
        self.by_name, self.by_suffix = {}, {}

    def element(self, name, attributes):
        kind, suffix = attributes.get("contenttype", ""), attributes.get("extension", "").lower()
        if name == "Default":
            self.by_suffix[suffix] = kind
        if name == "Override" and self.by_name.setdefault(attributes.get("partname", "").lstrip("/"), kind) != kind:
            raise Refusal("word-damaged")
        # A part with any other ending is refused itself; some programs name endings that they then do not use.
        if name != "Default" or suffix in _XML | _PICTURES | _FONTS:
            _refuse_word(kind)

    def of(self, name):
        return self.by_name.get(name) or self.by_suffix.get(name.rpartition(".")[2].lower())


class _Relationships(Part):
    """A .rels part: what another part refers to. ``main`` is the document itself."""

    judged = frozenset({"type", "target", "targetmode", "id"})

    def __init__(self, name):
        self.folder = posixpath.dirname(posixpath.dirname(name))
        self.main, self.links = "", set()

    def element(self, name, attributes):
        if name != "Relationship":
            return
        kind, target = attributes.get("type", ""), attributes.get("target", "").strip()
        if kind.lower().endswith("/attachedtemplate"):
            return _refuse_template(target)
        _refuse_word(kind)
        is_link = kind.lower().endswith("/hyperlink")
        if attributes.get("targetmode", "").strip().lower() == "external" or leads_outside(target):
            if not is_link:
                raise Refusal("word-outside")
            refuse_link(target)
            self.links.add(attributes.get("id", ""))
        elif kind.lower().endswith("/officedocument"):
            main = posixpath.normpath(posixpath.join("/", self.folder, target)).lstrip("/")
            if self.main not in ("", main):
                raise Refusal("word-damaged")
            self.main = main


def _refuse_template(target):
    target = target.lower().replace("%5c", "/").replace("%2f", "/").replace("\\", "/")
    if not _HERE.match(target):
        raise Refusal("word-outside")


def _refuse_word(name):
    """Refuse a relationship or content type by its name."""
    name = name.lower()
    last = name.replace(".", "/").rpartition("/")[2].partition("+")[0]
    if any(word in name for word in _MACRO_WORDS):
        raise Refusal("word-macro")
    if last in _OBJECT_WORDS or "oleobject" in name or "activex" in name:
        raise Refusal("word-object")
    if last in _FETCH_WORDS:
        raise Refusal("word-outside")
