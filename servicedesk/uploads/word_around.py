"""Where a field's code stands in the XML of a Word document. Runs in the child.

A program leaves out what it does not know, and one of two branches. So code may stand only where every program reads
it: else a letter of nobody's in the midst of DDE keeps it from the inspection alone.
"""

from servicedesk.uploads.verdict import Refusal

_OFFICE, _STRICT = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
_WORD = """document body p r t tbl tr tc sdt sdtContent customXml smartTag hyperlink fldSimple ins del moveFrom moveTo
    dir bdo ruby rt rubyBase txbxContent pict drawing object hdr ftr footnotes footnote endnotes endnote comments
    comment glossaryDocument docParts docPart docPartBody instrText delInstrText fldChar"""
_SHAPES = "shape rect roundrect oval line polyline curve arc group textbox"
_CHOICE, _FALLBACK = "Choice", "Fallback"
_MICROSOFT = "http://schemas.microsoft.com/office/word/2010"
# By namespace: what real documents have around the code of a field.
_KNOWN = {
    f"{_OFFICE}/wordprocessingml/2006/main": _WORD,
    f"{_STRICT}/wordprocessingml/main": _WORD,
    f"{_OFFICE}/markup-compatibility/2006": f"AlternateContent {_CHOICE} {_FALLBACK}",
    f"{_OFFICE}/drawingml/2006/main": "graphic graphicData",
    f"{_STRICT}/drawingml/main": "graphic graphicData",
    f"{_OFFICE}/drawingml/2006/wordprocessingDrawing": "anchor inline",
    f"{_STRICT}/drawingml/wordprocessingDrawing": "anchor inline",
    f"{_MICROSOFT}/wordprocessingShape": "wsp txbx",
    f"{_MICROSOFT}/wordprocessingGroup": "wgp grpSp",
    f"{_MICROSOFT}/wordprocessingCanvas": "wpc",
    "urn:schemas-microsoft-com:vml": _SHAPES,
}
_AROUND = {f"{space} {name}" for space, names in _KNOWN.items() for name in names.split()}
_BRANCHES = {f"{_OFFICE}/markup-compatibility/2006 {name}" for name in (_CHOICE, _FALLBACK)}
# What a reader of the document does not see who accepts its changes, or rejects them.
GONE, NEW = "gone", "new"
_CHANGES = {"del": GONE, "delInstrText": GONE, "moveFrom": GONE, "ins": NEW, "moveTo": NEW}


class Around:
    """The elements that are open at this place. ``branch``: the innermost alternative, 0 outside of any."""

    def __init__(self):
        self._names, self._branches, self._count = [], [0], 0

    def enter(self, name):
        self._names.append(name)
        if name in _BRANCHES:
            self._count += 1
            self._branches.append(self._count)

    def leave(self):
        if self._names.pop() in _BRANCHES:
            self._branches.pop()

    @property
    def branch(self):
        return self._branches[-1]

    @property
    def change(self):
        """What becomes of this place with the changes of the document: GONE, NEW or ""."""
        names = (name.rpartition(" ")[2] for name in reversed(self._names))
        return next((_CHANGES[name] for name in names if name in _CHANGES), "")

    def require_known(self):
        """Raise Refusal where some program may not read."""
        if not _AROUND.issuperset(self._names):
            raise Refusal("word-damaged")


class Field:
    """One field whose end has not come yet: its code in pieces, and where it began."""

    def __init__(self, branch):
        self.branch, self.in_code, self._pieces = branch, True, []

    def add(self, text, change=""):
        self._pieces.append((text, change))

    def codes(self):
        """The code as it stands, and as it is with the changes accepted or rejected."""
        return {"".join(text for text, change in self._pieces if change != left_out) for left_out in (None, GONE, NEW)}
