"""A picture's file as bytes: how often a JPG tells its points, and what lies behind a picture's end. Runs in the child.

Phones put notes, a second picture or a short film behind one that is kept as it came; those stay. An archive, a program
or a page does not: some program would find that instead of the picture.
"""

import re

from servicedesk.uploads.verdict import Refusal

_PADDING = b"\0\r\n\t "
_BETWEEN = re.compile(rb"[\0\r\n\t ]*")
# Of one photo: itself, its preview, its brightness, its depth and so on.
_PICTURES = 20
_PICTURE = b"\xff\xd8\xff"
# The next mark in the packed part of a JPG: there, 0 stands for a plain 255, and D0 to D7 only count.
_MARK = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])", re.S)
_SCAN, _END = 0xDA, 0xD9
_WITHOUT_LENGTH = {0x01, 0xD8, _END, *range(0xD0, 0xD8)}
_BEGIN_WITH = (b"MZ", b"\x7fELF", b"#!", b"\xd0\xcf\x11\xe0")
_HOLD = re.compile(
    rb"PK\x01\x02|PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|%PDF-|<html|<script|<\?php|<svg", re.I
)


def scans(content):
    """How many times a JPG goes over its points, each of which takes the time of a small picture."""
    return sum(number == _SCAN for number, _ in _marks(content, 0))


def refuse_tail(content, kind):
    """Raise Refusal (``two-files-in-one``) for a whole picture with another file behind it."""
    at = _end_of_png(content) if kind == "png" else _end_of_jpgs(content)
    tail = content[at:].lstrip(_PADDING)
    if tail.startswith(_BEGIN_WITH) or _HOLD.search(tail):
        raise Refusal("two-files-in-one")


def _end_of_png(content):
    at = 8
    while at + 12 <= len(content):
        name = content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        if name == b"IEND":
            break
    return at


def _end_of_jpgs(content):
    """Where the last of the pictures ends that follow one another."""
    at = 0
    for _ in range(_PICTURES):
        if not content.startswith(_PICTURE, at):
            break
        at = _BETWEEN.match(content, _end_of_jpg(content, at)).end()
    return at


def _end_of_jpg(content, at):
    return next((end for number, end in _marks(content, at) if number == _END), len(content))


def _marks(content, at):
    """(number, where it ends) of each mark of the picture that begins here, to its end."""
    at += 2
    while mark := _MARK.search(content, at):
        number, at = mark[1][0], mark.end()
        if number not in _WITHOUT_LENGTH:
            at += max(2, int.from_bytes(content[at : at + 2], "big"))
        yield number, at
        if number == _END:
            return
