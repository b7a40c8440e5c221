"""The XML of a Word document, read as a stream of elements. Runs in the child."""

from xml.parsers import expat

from servicedesk.uploads.verdict import Refusal
from servicedesk.uploads.word_around import Around, Field
from servicedesk.uploads.word_fields import BETWEEN, WEB, fetches, leads_outside, link_target

# Drawn shapes may be links, too.
_SHAPES = {"shape", "rect", "roundrect", "oval", "line", "polyline", "curve", "arc", "group"}
# What refers to a relationship, and the elements that may refer to a link: a person has to click them.
_REFERENCE = "/relationships "
_CLICKED = {"hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver", "picAttrSrcUrl"}
_CODE = ("instrText", "delInstrText")


class Part:
    """One part's XML, read as a stream of elements; a document type or an entity is refused, since it may fetch or
    grow without end. ``judged``: attributes that decide, so that another of that name must not stand in front."""

    judged = frozenset()

    def read(self, content):
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_entities
        parser.XmlDeclHandler = _refuse_encoding
        parser.buffer_text = True
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Refusal("word-damaged") from error
        self.done()

    def _start(self, name, attributes):
        plain = {}
        for key, value in attributes.items():
            plain_key = key.rpartition(" ")[2].lower()
            if plain.setdefault(plain_key, value) != value and plain_key in self.judged:
                raise Refusal("word-damaged")
        self.begin(name, attributes)
        self.element(name.rpartition(" ")[2], plain)

    def begin(self, name, attributes):
        """An element by its whole name, with namespaces, before ``element`` has it without."""

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


def _refuse_encoding(_version, encoding, _standalone):
    if (encoding or "utf-8").lower() not in ("utf-8", "utf-16"):
        raise Refusal("word-damaged")


def refuse_link(target):
    """Refuse a link that leads to a file or a program."""
    if target and not target.lower().startswith(WEB):
        raise Refusal("word-link")


class Text(Part):
    """Any other XML: the document, its headers, notes, settings. links: ids of the part's links to web pages."""

    judged = frozenset({"src", "href", "instr", "fldchartype"})

    def __init__(self, links=frozenset()):
        self.links, self.fields, self.in_code = links, [], False
        self.around, self.kind = Around(), ""

    def begin(self, name, attributes):
        if self.in_code:
            # Some programs read on behind an element within the code, others do not.
            raise Refusal("word-damaged")
        self.around.enter(name)
        refers = {value for key, value in attributes.items() if _REFERENCE in key}
        # A program may fetch what any other element names, whatever the relationship says that it is.
        if not self.links.isdisjoint(refers) and name.rpartition(" ")[2] not in _CLICKED:
            raise Refusal("word-outside")

    def element(self, name, attributes):
        if name in ("altChunk", "OLEObject", "control", "ocx"):
            raise Refusal("word-object")
        if name in ("subDoc", "script"):
            raise Refusal("word-outside")
        if name in _SHAPES:
            refuse_link(attributes.pop("href", "").strip())
        if any(leads_outside(attributes.get(key, "")) for key in ("src", "href")) and name not in ("a", "hyperlink"):
            raise Refusal("word-outside")
        if name == "fldSimple":
            _refuse_field(attributes.get("instr", ""), len(self.fields) + 1)
        if name == "fldChar":
            self._field(attributes.get("fldchartype"))
        if name in _CODE:
            self._require_code_here()
            self.in_code = True

    def end(self, name):
        self.around.leave()
        self.in_code = False

    def text(self, text):
        if self.in_code:
            for field in self.fields or [self._begin()]:
                field.add(text, self.around.change)

    def _begin(self):
        self.fields.append(Field(self.around.branch))
        return self.fields[-1]

    def _require_code_here(self):
        """What stands in one of two branches must not be part of a field that stands around both."""
        self.around.require_known()
        if any(field.in_code and field.branch != self.around.branch for field in self.fields):
            raise Refusal("word-damaged")

    def _field(self, kind):
        self.around.require_known()
        if kind == "begin":
            self._begin()
        elif self.fields and kind in ("separate", "end"):
            if self.fields[-1].branch != self.around.branch:
                raise Refusal("word-damaged")
            self._judge()
            if kind == "end":
                self.fields.pop()
            else:
                self.fields[-1].add(BETWEEN)
                self.fields[-1].in_code = False

    def _judge(self):
        for code in self.fields[-1].codes():
            _refuse_field(code, len(self.fields))

    def done(self):
        while self.fields:
            self._judge()
            self.fields.pop()


def _refuse_field(code, depth):
    if fetches(code, depth):
        raise Refusal("word-field")
    refuse_link(link_target(code))
