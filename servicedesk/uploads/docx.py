"""DOCX: a Word document that only shows itself. Stored as it came, so signatures stay valid. Runs in the child.

It is a ZIP of parts. Each part is XML or a picture; each relationship stays inside the file, except a link that a
person must click. Macros, embedded files, templates and pictures from elsewhere, and fields that fetch are refused.
"""

import codecs
import io
import posixpath
import re
from xml.parsers import expat

import olefile

from servicedesk.uploads import archive, limits, picture
from servicedesk.uploads.verdict import Refusal
from servicedesk.uploads.word_fields import BETWEEN, WEB, fetches, leads_outside, link_target

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
# Drawn shapes may be links, too.
_SHAPES = {"shape", "rect", "roundrect", "oval", "line", "polyline", "curve", "arc", "group"}
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
    pixels = 0
    for name, part in parts.items():
        pixels += _look_at(name, part)
    if pixels > limits.ZIP_PIXELS:
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
        return {info.filename: archive.unpacked(info, content) for info in infos if not info.is_dir()}
    except Refusal as refusal:
        if not refusal.code.startswith("zip-"):
            raise
        raise Refusal(_OUTSIDE_REASONS.get(refusal.code, "word-damaged"), unpacked=limits.ZIP_BYTES) from refusal


def _look_at(name, part):
    """Refuse a part; gives how many points it has as a picture."""
    suffix = name.rpartition(".")[2].lower()
    words = name.lower()
    if "vbaproject" in words or "vbadata" in words:
        raise Refusal("word-macro")
    if part.startswith(_FILES_BEGIN) or "/embeddings/" in words or "/activex/" in words:
        raise Refusal("word-object")
    if suffix in _XML or suffix == "svg":
        (_Relationships(name) if suffix == "rels" else _Types() if name == _TYPES else _Text()).read(part)
        return 0
    if not part.strip(_FILLING):
        return 0
    if suffix not in _PICTURES and suffix not in _FONTS:
        raise Refusal("word-object")
    points = max(picture.pixels(part, "png"), picture.pixels(part, "jpg"))
    if points > limits.PICTURE_PIXELS:
        raise Refusal("picture-too-large", megapixels=limits.PICTURE_PIXELS // 1_000_000, side=limits.PICTURE_SIDE)
    return points


class _Part:
    """One part's XML, read as a stream of elements; a document type or an entity is refused, since it may fetch or
    grow without end. ``judged``: attributes that decide, so that another of that name must not stand in front."""

    judged = frozenset({"src", "href", "instr", "fldchartype"})

    def read(self, content):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda name: self.end(name.rpartition(" ")[2])
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_entities
        parser.buffer_text = True
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Refusal("word-damaged") from error
        self.done()

    def _start(self, name, attributes):
        plain = {}
        for key, value in attributes.items():
            key = key.rpartition(" ")[2].lower()
            if plain.setdefault(key, value) != value and key in self.judged:
                raise Refusal("word-damaged")
        self.element(name.rpartition(" ")[2], plain)

    def element(self, name, attributes):
        pass

    def end(self, name):
        pass

    def text(self, text):
        pass

    def done(self):
        pass


def _refuse_entities(*_):
    raise Refusal("word-damaged")


class _Types(_Part):
    """[Content_Types].xml: what each part claims to be."""

    judged = frozenset({"extension", "partname", "contenttype"})

    def __init__(self):
        self.by_name, self.by_suffix = {}, {}

    def element(self, name, attributes):
        kind, suffix = attributes.get("contenttype", ""), attributes.get("extension", "").lower()
        if name == "Default":
            self.by_suffix[suffix] = kind
        if name == "Override":
            self.by_name[attributes.get("partname", "").lstrip("/")] = kind
        # A part with any other ending is refused itself; some programs name endings that they then do not use.
        if name != "Default" or suffix in _XML | _PICTURES | _FONTS:
            _refuse_word(kind)

    def of(self, name):
        return self.by_name.get(name) or self.by_suffix.get(name.rpartition(".")[2].lower())


class _Relationships(_Part):
    """A .rels part: what another part refers to. ``main`` is the document itself."""

    judged = frozenset({"type", "target", "targetmode"})

    def __init__(self, name):
        self.folder = posixpath.dirname(posixpath.dirname(name))
        self.main = ""

    def element(self, name, attributes):
        if name != "Relationship":
            return
        kind, target = attributes.get("type", ""), attributes.get("target", "").strip()
        if kind.lower().endswith("/attachedtemplate"):
            return _refuse_template(target)
        _refuse_word(kind)
        is_link = kind.lower().endswith("/hyperlink")
        if attributes.get("targetmode", "").lower() == "external" or "://" in target:
            if not is_link:
                raise Refusal("word-outside")
            _refuse_link(target)
        elif kind.lower().endswith("/officedocument"):
            self.main = posixpath.normpath(posixpath.join("/", self.folder, target)).lstrip("/")


def _refuse_template(target):
    target = target.lower().replace("%5c", "/").replace("%2f", "/").replace("\\", "/")
    if not _HERE.match(target):
        raise Refusal("word-outside")


def _refuse_link(target):
    """Refuse a link that leads to a file or a program."""
    if target and not target.lower().startswith(WEB):
        raise Refusal("word-link")


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


class _Text(_Part):
    """Any other XML: the document, its headers, notes, settings, themes."""

    def __init__(self):
        self.fields, self.in_field_code = [], False

    def element(self, name, attributes):
        if name in ("altChunk", "OLEObject", "control", "ocx"):
            raise Refusal("word-object")
        if name in ("subDoc", "script"):
            raise Refusal("word-outside")
        if name in _SHAPES:
            _refuse_link(attributes.pop("href", "").strip())
        if any(leads_outside(attributes.get(key, "")) for key in ("src", "href")) and name not in ("a", "hyperlink"):
            raise Refusal("word-outside")
        if name == "fldSimple":
            _refuse_field(attributes.get("instr", ""), len(self.fields) + 1)
        if name == "fldChar":
            self._field(attributes.get("fldchartype"))
        self.in_field_code = name in ("instrText", "delInstrText")

    def end(self, name):
        self.in_field_code = False

    def text(self, text):
        if self.in_field_code:
            for code in self.fields or [self._stray()]:
                code.append(text)

    def _stray(self):
        self.fields.append([])
        return self.fields[-1]

    def _field(self, kind):
        if kind == "begin":
            self.fields.append([])
        elif self.fields and kind in ("separate", "end"):
            self._judge(len(self.fields))
            if kind == "end":
                self.fields.pop()
            else:
                self.fields[-1].append(BETWEEN)

    def _judge(self, depth):
        _refuse_field("".join(self.fields[-1]), depth)

    def done(self):
        while self.fields:
            self._judge(len(self.fields))
            self.fields.pop()


def _refuse_field(code, depth):
    if fetches(code, depth):
        raise Refusal("word-field")
    _refuse_link(link_target(code))
