"""Word files: only what shows itself is taken. What runs, fetches, hides or locks has a sentence of its own."""

import io
import zipfile

import pytest

from servicedesk.models.desk_settings import default_kinds
from servicedesk.uploads.inspection import Rules
from tests.servicedesk.uploads import samples, word
from tests.servicedesk.uploads.samples import MEGABYTE, archive, look, pdf, png
from tests.servicedesk.uploads.word import doc, docx, field

RULES = Rules({"png", "jpg", "pdf", "zip", "docx", "doc"}, MEGABYTE)
OLE_OBJECT = "<w:object><o:OLEObject/></w:object>"


def refusal(name, content):
    return samples.refusal(name, content, RULES)


def test_both_kinds_are_off_until_somebody_ticks_them():
    assert not {"doc", "docx"} & set(default_kinds())
    assert samples.refusal("letter.docx", docx()) == "kind-not-allowed"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.docx", docx()),
        ("letter.docx", docx(parts={"word/media/image1.png": png(), "docProps/core.xml": "<x/>"})),
        ("letter.docx", docx(links=[("hyperlink", "https://example.ir/a?b=c", True), ("styles", "styles.xml", False)])),
        ("letter.docx", docx(field(" PAGE ") + field(' HYPERLINK "https://example.ir" ') + field(" TOC ", True))),
        ("letter.doc", doc()),
        ("letter.doc", doc("\x13 PAGE \x14 ۱\x15", storages=["ObjectPool"])),
        ("letter.zip", archive({"a.docx": docx(), "b.doc": doc()})),
    ],
)
def test_plain_word_files_are_kept_byte_for_byte(name, content):
    assert look(name, content, RULES).content == content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (docx(parts={"word/vbaProject.bin": b"x"}), "word-macro"),
        (docx(main="application/vnd.ms-word.document.macroEnabled.main+xml"), "word-macro"),
        (
            docx(links=[("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "x.xml", False)]),
            "word-macro",
        ),
        (
            docx(links=[("http://schemas.microsoft.com/office/2006/relationships/ui/extensibility", "x", False)]),
            "word-macro",
        ),
        (docx(parts={"word/embeddings/book.xlsx": archive({"a": b"x"})}), "word-object"),
        (docx(parts={"word/media/image1.png": b"MZ\x90"}), "word-object"),
        (docx(parts={"word/notes.exe": b"x"}), "word-object"),
        (docx(OLE_OBJECT), "word-object"),
        (docx("<w:altChunk/>"), "word-object"),
        (docx(links=[("aFChunk", "chunk.xml", False)]), "word-object"),
        (docx(links=[("control", "activeX1.xml", False)]), "word-object"),
        (docx(links=[("attachedTemplate", "https://example.ir/a.dotm", True)]), "word-outside"),
        (docx(links=[("image", "https://example.ir/a.png", True)]), "word-outside"),
        (docx(links=[("frame", "https://example.ir/", True)]), "word-outside"),
        (docx(links=[("oleObject", "https://example.ir/", True)]), "word-object"),
        (docx(links=[("subDocument", "other.docx", True)]), "word-outside"),
        (docx('<v:imagedata src="https://example.ir/a.png"/>'), "word-outside"),
        (docx(links=[("hyperlink", "file:///C:/a.exe", True)]), "word-link"),
        (docx(links=[("hyperlink", "\\\\example.ir\\a", True)]), "word-link"),
        (docx(links=[("hyperlink", "ms-msdt:/id", True)]), "word-link"),
        (docx(links=[("hyperlink", "other.docx", True)]), "word-link"),
        (docx(field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/k" ')), "word-field"),
        (docx(field(" DDEAUTO cmd ", split=True)), "word-field"),
        (docx('<w:fldSimple w:instr=" DDE excel x "/>'), "word-field"),
        (docx(field(' INCLUDEPICTURE "https://example.ir/a.png" ')), "word-field"),
        (docx(field(" INCLUDETEXT x ")), "word-field"),
        (docx(parts={"word/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "word-damaged"),
        (docx(parts={"word/document.xml": "<w:document"}), "word-damaged"),
        (docx(parts={"word/document.xml": None}), "word-damaged"),
        (docx(parts={"[Content_Types].xml": None}), "word-damaged"),
        (docx(main="application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"), "word-damaged"),
        (docx(parts={"word/big.xml": "<a>" + "b" * 21 * MEGABYTE + "</a>"}), "word-too-big"),
        (docx(parts={f"word/{number}.xml": "<a/>" for number in range(500)}), "word-too-big"),
        (docx()[:-40], "word-damaged"),
        (docx() + b"<script>", "two-files-in-one"),
        (word.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "word-encrypted"),
        (doc(), "wrong-content"),
        (archive({"a.pdf": pdf()}), "word-damaged"),
    ],
)
def test_what_a_docx_may_not_do(content, code):
    assert refusal("letter.docx", content) == code


def test_a_field_spelt_in_numbers_inside_another_is_refused():
    inner = field(" QUOTE 68 68 69 65 85 84 79 ").removeprefix("<w:p>").removesuffix("</w:p>")
    begin, end = field(" ").split("<w:r><w:instrText", 1)[0], '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    assert refusal("letter.docx", docx(begin + inner + end)) == "word-field"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (doc(streams={"Macros/VBA/dir": b"x"}), "word-macro"),
        (doc(flags=1), "word-macro"),
        (doc(streams={"ObjectPool/_1/\1Ole10Native": b"x"}), "word-object"),
        (doc(streams={"Strange/inside": b"x"}), "word-object"),
        (doc(flags=0x0100), "word-encrypted"),
        (doc(streams={"EncryptedPackage": b"x"}), "word-encrypted"),
        (doc("\x13 DDEAUTO cmd \x14\x15"), "word-field"),
        (doc("\x13 DDEAUTO cmd \x14\x15", encoding="latin-1"), "word-field"),
        (doc(magic=0x1234), "word-damaged"),
        (doc(flags=0x0200), "word-damaged"),
        (doc()[:3000], "word-damaged"),
        (word.ole({"Workbook": b"x"}), "wrong-content"),
        (doc() + archive({"a.pdf": pdf()}), "two-files-in-one"),
        (docx(), "wrong-content"),
    ],
)
def test_what_a_doc_may_not_do(content, code):
    assert refusal("letter.doc", content) == code


TEMPLATE_HERE = (
    "file:///C:\\Users\\a\\Templates\\letter.dotx",
    "file:////C:\\Users\\a\\Templates\\letter.dotx",
    "file:///D:\\نامه%20ها\\letter.dot",
    "file:///Users/a/Library/letter.dotx",
    "Normal.dotm",
)
TEMPLATE_THERE = (
    "https://example.ir/a.dotm",
    "//example.ir/a.dotm",
    "\\\\example.ir\\a\\b.dotm",
    "file://example.ir/a/b.dotm",
    "file:///\\\\example.ir\\a.dotm",
    "file:////example.ir/a.dotm",
    "file:///%5C%5Cexample.ir/a.dotm",
    "file:///C:\\\\example.ir\\a.dotm",
    "../a.dotm",
    "ms-word:a",
)
FILLING = b"\xff\xff\xff\xff" + bytes(200)


def with_template(target):
    relation = f'<Relationship Id="t" Type="{word.R}/attachedTemplate" Target="{target}" TargetMode="External"/>'
    return docx(
        parts={
            "word/settings.xml": f'<w:settings xmlns:w="{word.W}" xmlns:r="{word.R}"><w:attachedTemplate r:id="t"/>'
            "</w:settings>",
            "word/_rels/settings.xml.rels": f'<Relationships xmlns="{word.PACKAGE}/relationships">{relation}'
            "</Relationships>",
        }
    )


@pytest.mark.parametrize("target", TEMPLATE_HERE)
def test_a_template_on_the_senders_own_disk_is_no_matter(target):
    assert refusal("letter.docx", with_template(target)) is None


@pytest.mark.parametrize("target", TEMPLATE_THERE)
def test_a_template_from_elsewhere_is_refused(target):
    assert refusal("letter.docx", with_template(target)) == "word-outside"


@pytest.mark.parametrize(
    "content",
    [
        docx(parts={"_xmlsignatures/origin.sigs": b"", "_xmlsignatures/sig1.xml": "<Signature/>"}),
        docx(parts={"[trash]/0000.dat": FILLING}),
        docx(parts={"word/media/image1.tmp": png()}),
        docx(types='<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'),
        docx('<v:shape href="https://example.ir/"/><v:rect href="mailto:a@example.ir"/>'),
    ],
)
def test_what_word_and_windows_leave_in_honest_files_is_taken(content):
    assert look("letter.docx", content, RULES).content == content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (docx(parts={"_xmlsignatures/origin.sigs": b"x"}), "word-object"),
        (docx(parts={"[trash]/0000.dat": FILLING + b"x"}), "word-object"),
        (docx(parts={"word/media/image1.tmp": b"MZ"}), "word-object"),
        (
            docx(
                types='<Default Extension="bin" ContentType="application/vnd.ms-office.activeX"/>',
                parts={"word/a.bin": b"x"},
            ),
            "word-object",
        ),
        (
            docx(types='<Default Extension="xml" ContentType="application/vnd.ms-office.vbaProject"/>'),
            "word-macro",
        ),
        (docx('<v:shape href="file:///C:/a.exe"/>'), "word-link"),
        (docx('<v:shape href="\\\\example.ir\\a"/>'), "word-link"),
        (docx('<v:imagedata href="https://example.ir/a.png"/>'), "word-outside"),
    ],
)
def test_what_only_looks_like_that_is_refused(content, code):
    assert refusal("letter.docx", content) == code


@pytest.mark.parametrize(
    "content",
    [
        docx('<v:imagedata src="https://example.ir/a.png" o:src="a"/>'),
        docx('<v:imagedata o:src="a" src="https://example.ir/a.png"/>'),
        docx('<w:fldSimple w:instr=" DDE a b " o:instr=" PAGE "/>'),
        docx(links=[("image", 'https://example.ir/a" xmlns:n="n" n:Target="a', True)]),
        docx(links=[("image", 'https:a" TargetMode="External" xmlns:n="n" n:TargetMode="Internal', False)]),
        docx(links=[(word.R + "/attachedTemplate" + '" xmlns:n="n" n:Type="a', "a.b/c", False)]),
    ],
)
def test_one_attribute_does_not_hide_another_of_that_name(content):
    assert refusal("letter.docx", content) in ("word-damaged", "word-outside", "word-field")


LINKS = {
    ' HYPERLINK "https://example.ir" ': None,
    ' HYPERLINK "mailto:a@example.ir" \\o "mail" ': None,
    ' HYPERLINK \\l "_Toc1" ': None,
    " HYPERLINK https://example.ir ": None,
    ' HYPERLINK "" ': None,
    ' HYPERLINK \\n \\t "_blank" "http://example.ir" \\* MERGEFORMAT': None,
    ' HYPERLINK "file:///C:\\\\a.exe" ': "word-link",
    " HYPERLINK \\\\\\\\example.ir\\\\a ": "word-link",
    ' HYPERLINK \\t "_blank" "ms-msdt:/id" ': "word-link",
    ' hyperlink \\n "javascript:a" ': "word-link",
    ' HYPERLINK \\l "a" "..\\\\a.docx"': "word-link",
}


@pytest.mark.parametrize("code", LINKS)
def test_a_link_in_a_field_leads_to_the_web_only(code):
    assert refusal("letter.doc", doc(f"\x13{code}\x14a\x15")) == LINKS[code]
    assert refusal("letter.docx", docx(field(code))) == LINKS[code]


def test_a_table_of_contents_may_show_links_that_show_page_numbers():
    parts = field(' HYPERLINK \\l "_Toc1" ').split('<w:r><w:fldChar w:fldCharType="end"/>')
    inner = field(" PAGEREF _Toc1 \\h ").removeprefix("<w:p>").removesuffix("</w:p>")
    shown = f'{parts[0]}<w:r><w:fldChar w:fldCharType="separate"/></w:r>{inner}<w:r><w:fldChar w:fldCharType="end"/>'
    assert refusal("letter.docx", docx(shown + parts[1])) is None
    toc = "\x13 TOC \\o \x14" + '\x13 HYPERLINK \\l "_Toc1" \x01\x14 a \x13 PAGEREF _Toc1 \\h \x14 1\x15\x15' * 3
    assert refusal("letter.doc", doc(toc + "\x15")) is None


def notes(fork=286):
    """Finder's notes on a file, as macOS writes them."""
    header = bytes.fromhex("0005160700020000") + b"Mac OS X        " + b"\0\2"
    table = [(9, 50, 32), (2, 82, fork)]
    return header + b"".join(n.to_bytes(4, "big") for entry in table for n in entry) + bytes(32 + fork)


def test_a_zip_made_by_a_mac_is_taken():
    files = {"a.pdf": pdf(), ".DS_Store": b"\0\0\0\1Bud1" + bytes(6000), "__MACOSX/._a.pdf": notes()}
    assert refusal("letter.zip", archive(files)) is None


@pytest.mark.parametrize(
    "files",
    [
        {"__MACOSX/._a.pdf": b"MZ\x90\0"},
        {"__MACOSX/._a.pdf": notes(fork=5000)},
        {".DS_Store": b"#!/bin/sh"},
        {".DS_Store": b"\0\0\0\1Bud1" + bytes(70_000)},
    ],
)
def test_what_only_calls_itself_finders_is_refused(files):
    assert refusal("letter.zip", archive({"a.pdf": pdf(), **files})) == "zip-finder"


def test_finders_notes_alone_are_no_letter():
    assert refusal("letter.zip", archive({"__MACOSX/._a.pdf": notes()})) == "zip-empty"


def test_the_hand_made_docx_is_one_that_zip_reads():
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(docx())).namelist()
