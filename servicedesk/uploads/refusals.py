"""One sentence for each reason to refuse a file: what is the matter, with its limit, and how to mend it.

A sentence is put together when it is shown, in the language of that moment and with its digits.
"""

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from servicedesk.persian import file_size, in_language
from servicedesk.uploads import names
from servicedesk.uploads.kinds import KINDS, extensions_of

UNAVAILABLE = _(
    "We cannot check files at the moment. The fault is ours, not your file's; please send it again in a few minutes."
)

SENTENCES = {
    "no-file": _("Choose the file with the text of your letter."),
    "one-file-only": _("Choose one file only. Several pages fit in one PDF."),
    "empty": _("This file is empty. Save it again, open it once to see that it is right, and then choose it."),
    "too-large": _(
        "This file is larger than %(size)s, the most that can be sent. Make it smaller, for example by taking the "
        "picture at a lower quality or by saving the PDF in a reduced size."
    ),
    "kind-not-allowed": _(
        "Files of this kind cannot be sent. Save it as one of these kinds and choose it again: %(kinds)s."
    ),
    "wrong-content": _(
        "By its name this file is a %(kind)s, but what is in it is something else. Open it in its own program, save "
        "it anew, and choose it again; changing the end of the name is not enough."
    ),
    "could-not-inspect": _(
        "We could not look at this file safely: it is damaged or built in a very unusual way. Save it anew or print "
        "it to PDF, and choose the new file."
    ),
    "two-files-in-one": _(
        "There are two files hidden in this one. Save it anew in its own program and choose it again."
    ),
    "picture-damaged": _(
        "This picture is damaged or did not arrive whole. Take or save it again and choose the new one."
    ),
    "picture-moving": _("This picture moves. Send a picture that stands still, for example a photo or a screenshot."),
    "picture-too-large": _(
        "This picture has too many points: at most %(megapixels)s million in all, and %(side)s on each side, can be "
        "sent. Make it smaller, or photograph the page again at a lower resolution."
    ),
    "photo-too-large": _(
        "This photo is larger than %(photo)s. Set the camera to fewer points and take it again, or send a PDF."
    ),
    "photo-heic": _(
        "This photo is in HEIC, a format that cannot be opened here. Take a screenshot of the photo and choose that. "
        "For new photos choose “Most Compatible” in the settings of the camera."
    ),
    "picture-too-detailed": _(
        "This picture cannot be kept within %(size)s. Save it as a JPG or make it smaller, and choose it again."
    ),
    "pdf-damaged": _("This PDF is damaged. Open it, print it to PDF again, and choose the new file."),
    "pdf-incomplete": _("The end of this PDF is missing. Save or download it again and choose the new file."),
    "pdf-encrypted": _(
        "This PDF is locked with a password or with restrictions. Open it, print it to PDF again without a password, "
        "and choose the new file."
    ),
    "pdf-without-pages": _("This PDF has no page. Print your letter to PDF again and choose the new file."),
    "pdf-too-long": _("This PDF has more than %(pages)s pages. Send the pages that matter, or send two letters."),
    "pdf-script": _(
        "This PDF carries a small program (JavaScript), which we do not take in for everybody's safety. Open it, "
        "print it to PDF again, and choose the new file."
    ),
    "pdf-launch": _(
        "This PDF wants to start another program or file, which we do not allow for everybody's safety. Open it, "
        "print it to PDF again, and choose the new file."
    ),
    "pdf-file": _(
        "Another file is hidden in this PDF, which we cannot check. Open it, print it to PDF again, and choose the "
        "new file."
    ),
    "pdf-media": _(
        "This PDF holds sound, film or a changing form, which we cannot keep. Open it, print it to PDF again, and "
        "choose the new file."
    ),
    "pdf-outside": _(
        "This PDF opens something on another machine or sends something there, which we do not allow for everybody's "
        "safety. Open it, print it to PDF again, and choose the new file."
    ),
    "pdf-too-many": _(
        "This PDF is made of very many small parts, so that we cannot check it in time. Open it, print it to PDF "
        "again, and choose the new file."
    ),
    "zip-damaged": _(
        "This ZIP is damaged or was put together in an unusual way. Make it again and choose the new file."
    ),
    "zip-empty": _("There is no file in this ZIP. Put your files in and choose it again."),
    "zip-too-many": _("There are more than %(count)s files in this ZIP. Put fewer in, or join the pages into one PDF."),
    "zip-too-big": _(
        "Unpacked, the files in this ZIP are larger than %(unpacked)s together. Leave some out or make the pictures "
        "smaller."
    ),
    "zip-pictures-too-large": _(
        "The pictures in this ZIP have more than %(megapixels)s million points together. Leave some out or make them "
        "smaller."
    ),
    "zip-encrypted": _("This ZIP is locked with a password. Make it again without one and choose the new file."),
    "zip-link": _(
        "There is a shortcut in this ZIP instead of a file. Put the files themselves in and choose it again."
    ),
    "zip-name": _(
        "A file in this ZIP has a name that we cannot take. Give the files short plain names, make the ZIP again, and"
        " choose it."
    ),
    "zip-nested": _("“%(entry)s” in this ZIP is an archive again. Put the files themselves in and choose it again."),
    "zip-entry-kind": _(
        "“%(entry)s” in this ZIP is of a kind that cannot be sent. Leave it out or save it as one of these kinds: "
        "%(kinds)s."
    ),
    "zip-finder": _(
        "Beside your files this ZIP holds something of a Mac's (__MACOSX, .DS_Store) that we cannot check. Make it "
        "again without that, or join the pages into one PDF."
    ),
    "zip-entry": _("The matter is with “%(entry)s” in this ZIP. %(reason)s"),
    "word-damaged": _(
        "This Word file is damaged or built in an unusual way. Open it, save it as PDF, and choose the new file."
    ),
    "word-too-old": _(
        "This file comes from a Word of the years before 1997, whose files we cannot check. Open it, save it as PDF, "
        "and choose the new file."
    ),
    "word-too-big": _(
        "Unpacked, this Word file is larger than %(unpacked)s or has too many parts. Make its pictures smaller, or "
        "save it as PDF."
    ),
    "word-encrypted": _(
        "This Word file is locked with a password. Open it, save it as PDF without a password, and choose the new file."
    ),
    "word-macro": _(
        "This Word file carries small programs (macros), which we do not take in for everybody's safety. Open it, save "
        "it as PDF, and choose the new file."
    ),
    "word-object": _(
        "Another file is hidden in this Word file, which we cannot check. Open it, save it as PDF, and choose the new "
        "file."
    ),
    "word-outside": _(
        "When it is opened, this Word file fetches something from elsewhere, such as a picture or a template. Open it, "
        "save it as PDF, and choose the new file."
    ),
    "word-link": _(
        "A link in this Word file leads to a file or a program instead of a web page. Take the link out, or save the "
        "letter as PDF, and choose the new file."
    ),
    "word-field": _(
        "A field in this Word file starts or fetches something when it is opened. Open it, save it as PDF, and choose "
        "the new file."
    ),
}
_NUMBERS = ("megapixels", "side", "pages", "count")
_REASONS_WITHIN = {code for code in SENTENCES if not code.startswith("zip-")}


def known(code, details):
    """Whether ``sentence`` can put this reason into words; asked before a child's word is believed."""
    numbers = all(isinstance(details[key], int) for key in (*_NUMBERS, "unpacked") if key in details)
    words = all(isinstance(details[key], str) for key in ("entry", "kind", "reason") if key in details)
    if code not in SENTENCES or not numbers or not words:
        return False
    return code != "zip-entry" or details.get("reason") in _REASONS_WITHIN


def _sentence(code, details, rules):
    facts = {key: in_language(details[key]) if key in details else "" for key in _NUMBERS}
    facts["size"] = file_size(rules.max_bytes)
    facts["photo"] = file_size(rules.photo_bytes)
    facts["unpacked"] = file_size(details.get("unpacked", 0))
    # First-strong isolates keep a Latin name from stirring up a Persian sentence.
    facts["entry"] = f"\u2068{names.label(details.get('entry'))}\u2069"
    facts["kind"] = KINDS[details["kind"]].label if details.get("kind") in KINDS else ""
    inside = rules.kinds - {"zip"} if code == "zip-entry-kind" else rules.kinds
    facts["kinds"] = listed(inside)
    if code == "zip-entry":
        facts["reason"] = _sentence(details["reason"], details, rules)
    return str(SENTENCES[code]) % facts


# sentence(code, details, rules): code of SENTENCES, details as in verdict.Refusal, inspection.Rules.
sentence = lazy(_sentence, str)


def listed(kinds):
    """The extensions of these kinds for a sentence: "PNG, JPG, JPEG"."""
    # Translators: stands between the items of a list.
    return gettext(", ").join(extension.upper() for extension in extensions_of(kinds))
