"""PDF, looked at by pikepdf and never rewritten, so that signatures stay valid. Runs in the child."""

import io

import pikepdf

from servicedesk.uploads import limits, pdf_actions
from servicedesk.uploads.verdict import Refusal

_BROKEN = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    RuntimeError,
)
# Programs pad files, and mail gateways add line ends; a viewer looks for the end mark near the end only.
_TAIL = 2048
# What an object stream may unpack to; the largest of an honest file of 1 MB is far below.
_UNPACKED = 32 * 1024 * 1024
_END_OF_ZIP = b"PK\x05\x06"
_ZIP_TAIL = 65_557

# Limits of this process, which is the child.
pikepdf.settings.set_qpdf_limits(flate_max_memory=_UNPACKED)

_SCRIPT_ACTIONS = {"/JavaScript"}
_FILE_ACTIONS = {"/GoToE"}
_LAUNCH_ACTIONS = {"/Launch", "/ImportData"}
_MEDIA_ACTIONS = {"/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"}
_MEDIA_NOTES = {"/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"}


def look(content, task):
    """Refuse what is damaged, encrypted, empty, too long or does more than show pages. Gives None."""
    if b"%%EOF" not in content.rstrip(b"\0\r\n\t ")[-_TAIL:]:
        raise Refusal("pdf-incomplete")
    if _END_OF_ZIP in content[-_ZIP_TAIL:]:
        raise Refusal("two-files-in-one")
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as document:
            _examine(document)
    except _BROKEN as error:
        # Without a password, or without the random numbers that qpdf asks a sealed child for, opening just fails.
        raise Refusal("pdf-encrypted" if b"/Encrypt" in content else "pdf-damaged") from error


def _examine(document):
    if document.is_encrypted:
        raise Refusal("pdf-encrypted")
    pages = len(document.pages)
    if pages == 0:
        raise Refusal("pdf-without-pages")
    if pages > limits.PDF_PAGES:
        raise Refusal("pdf-too-long", pages=limits.PDF_PAGES)
    # Whatever hangs from the catalogue, a page, a note, a field or a name tree is an object of the file or
    # lies within one, so all objects are walked instead of all the places that a viewer might look in.
    walk = _Walk()
    for thing in document.objects:
        walk.through(thing)
    walk.through(document.trailer)
    walk.done()
    # What qpdf gave up on (nested too deep, too large unpacked) it shows as nothing; another program may not.
    if pikepdf.settings.qpdf_limit_errors():
        raise Refusal("pdf-damaged")


class _Walk:
    """A way through the objects of one document, and what it met."""

    def __init__(self):
        self.left = limits.PDF_THINGS
        self.submitting, self.referred = set(), set()

    def through(self, thing):
        if pdf_actions.submits(thing):
            self.submitting.add(thing.objgen)
        waiting = [thing]
        while waiting:
            children = self._children(waiting.pop())
            self.left -= 1 + len(children)
            if self.left < 0:
                raise Refusal("pdf-too-many")
            for child in children:
                if not isinstance(child, pikepdf.Object):
                    continue
                if child.is_indirect:
                    self.referred.add(child.objgen)
                elif pdf_actions.submits(child):
                    raise Refusal("pdf-outside")
                else:
                    waiting.append(child)

    def _children(self, thing):
        if isinstance(thing, pikepdf.Array):
            return list(thing) if len(thing) <= self.left else range(len(thing))
        if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            return ()
        entries = dict(thing.items())
        _refuse_active(entries)
        # A stream whose content lies in another file, which a viewer would fetch.
        if isinstance(thing, pikepdf.Stream) and "/F" in entries:
            raise Refusal("pdf-file")
        pdf_actions.refuse_outside(entries)
        return pdf_actions.without_button(entries).values()

    def done(self):
        """What sends a form may hang from its button alone, not from the opening of a page."""
        if not self.submitting.isdisjoint(self.referred):
            raise Refusal("pdf-outside")


def _refuse_active(entries):
    """Raise Refusal for a dictionary that runs, opens, holds or plays something."""
    action, note, kind = (_name(entries.get(key)) for key in ("/S", "/Subtype", "/Type"))
    if action in _SCRIPT_ACTIONS or _holds_script(entries):
        raise Refusal("pdf-script")
    if action in _LAUNCH_ACTIONS:
        raise Refusal("pdf-launch")
    if action in _FILE_ACTIONS or kind == "/EmbeddedFile" or note == "/FileAttachment":
        raise Refusal("pdf-file")
    if "/EmbeddedFiles" in entries or isinstance(entries.get("/EF"), pikepdf.Dictionary):
        raise Refusal("pdf-file")
    if action in _MEDIA_ACTIONS or (note in _MEDIA_NOTES and kind in (None, "/Annot")):
        raise Refusal("pdf-media")
    if "/XFA" in entries or "/RichMediaContent" in entries:
        raise Refusal("pdf-media")


def _holds_script(entries):
    # A font or picture may be called /JS; a script is text, or a stream of it.
    script = entries.get("/JS")
    if isinstance(script, pikepdf.String | pikepdf.Stream | str | bytes):
        return True
    return isinstance(entries.get("/JavaScript"), pikepdf.Dictionary | pikepdf.Array)


def _name(value):
    return str(value) if isinstance(value, pikepdf.Name) else None
