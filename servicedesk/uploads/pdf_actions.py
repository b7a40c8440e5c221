"""Where an action of a PDF leads. Runs in the child.

Opening a file or an address on another machine hands over the reader's sign-in there; sending a form without a click
tells that the letter is being read.
"""

import re

import pikepdf

from servicedesk.uploads.verdict import Refusal

_TO_FILES = {"/GoToR", "/Thread", "/SubmitForm"}
# One name for each system; a viewer takes the one it likes.
_NAMES = ("/F", "/UF", "/DOS", "/Unix", "/Mac")
_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):")
_WEB = {"http", "https", "mailto", "tel", "sms", "fax", "ftp", "geo", "news", "urn", "doi"}


def submits(thing):
    """Whether this is the action that sends a form."""
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == pikepdf.Name.SubmitForm


def without_button(entries):
    """The entries without the sending of a form where a button of the form has it; what else it does is checked."""
    action = entries.get("/A")
    if entries.get("/Subtype") != pikepdf.Name.Widget or not submits(action):
        return entries
    refuse_outside(dict(action.items()))
    others = {key: value for key, value in action.items() if key not in ("/S", "/Type")}
    return {key: value for key, value in entries.items() if key != "/A"} | others


def refuse_outside(entries):
    """Raise Refusal for a dictionary that names a file elsewhere, or an address that is no web page's."""
    action = entries.get("/S")
    to_file = isinstance(action, pikepdf.Name) and str(action) in _TO_FILES
    for path in _paths(entries):
        if path.startswith("//") or path.startswith("file:"):
            raise Refusal("pdf-outside")
    if to_file:
        for path in _paths(_specification(entries.get("/F"))):
            is_page = action == pikepdf.Name.SubmitForm and path.startswith(("http://", "https://", "mailto:"))
            if not is_page and (path.startswith("/") or _SCHEME.match(path)):
                raise Refusal("pdf-outside")
    for key in ("/URI", "/Base"):
        if isinstance(entries.get(key), pikepdf.String) and not _is_web(_plain(entries[key])):
            raise Refusal("pdf-outside")


def _specification(file):
    return dict(file.items()) if isinstance(file, pikepdf.Dictionary) else {"/F": file}


def _paths(entries):
    return [_plain(entries[key]) for key in _NAMES if isinstance(entries.get(key), pikepdf.String)]


def _plain(text):
    return str(text).replace("\\", "/").strip("\0\r\n\t\f ").lower()


def _is_web(address):
    scheme = _SCHEME.match(address)
    return not address.startswith("//") and (scheme is None or scheme[1] in _WEB)
