"""Word files in which what fetches or starts something stands where one program looks and another does not."""

import io
import struct
import zipfile
import zlib
from dataclasses import replace

from tests.servicedesk.uploads import zips
from tests.servicedesk.uploads.word import R, docx, field

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OTHER = f'xmlns:x="urn:x" xmlns:mc="{MC}" mc:Ignorable="x"'
DRAWN = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
OUTSIDE = "https://example.ir/a"


def run(inner):
    return f"<w:r>{inner}</w:r>"


def code(text, element="instrText"):
    return run(f"<w:{element}>{text}</w:{element}>")


def mark(kind, **more):
    told = "".join(f' {name.replace("_", ":")}="{value}"' for name, value in more.items())
    return run(f'<w:fldChar w:fldCharType="{kind}"{told}/>')


BEGIN, SEPARATE, END = mark("begin"), mark("separate"), mark("end")


def paragraph(*runs):
    return docx(f"<w:p {OTHER}>{''.join(runs)}</w:p>")


def choice(here, there=""):
    return (
        f'<mc:AlternateContent><mc:Choice Requires="x">{here}</mc:Choice><mc:Fallback>{there}</mc:Fallback>'
        "</mc:AlternateContent>"
    )


def part(text, encoding="utf-8", **otherwise):
    made = f'<?xml version="1.0" encoding="{encoding}"?>{text}'
    return docx(parts={"word/more.xml": made.encode(otherwise.get("really", encoding))})


def relations(*attributes):
    made = "".join(f'<Relationship Id="r{number}" {told}/>' for number, told in enumerate(attributes))
    return {"word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}" {OTHER}>{made}</Relationships>'}


def links(element, name="document"):
    """A link to a web page, which this element refers to."""
    target = f'<Relationship Id="r0" Type="{R}/hyperlink" Target="{OUTSIDE}" TargetMode="External"/>'
    rels = {f"word/_rels/{name}.xml.rels": f'<Relationships xmlns="{PACKAGE}">{target}</Relationships>'}
    if name == "document":
        return docx(element, parts=rels)
    return docx(parts={**rels, f"word/{name}.xml": f'<a xmlns:w="urn:w" xmlns:r="{R}">{element}</a>'})


def _documents(*names):
    told = (f'<Relationship Id="{name}" Type="{R}/officeDocument" Target="word/{name}.xml"/>' for name in names)
    return f'<Relationships xmlns="{PACKAGE}">{"".join(told)}</Relationships>'


def _named_twice():
    """A part that some programs take for another."""
    second = struct.pack("<BL", 1, zlib.crc32(b"word/more.xml")) + b"word/other.xml"
    with zipfile.ZipFile(io.BytesIO(part("<a/>"))) as plain:
        parts = [zips.Entry(name.encode(), plain.read(name), 8) for name in plain.namelist()]
    return zips.made(*parts[:-1], replace(parts[-1], extra=zips.field(0x7075, second)))


def hiding():
    """{title: (file, codes that fit)}."""
    damaged, field_, outside = {"word-damaged"}, {"word-field"}, {"word-outside"}
    either = damaged | field_
    dde = "DDEAUTO cmd x"
    image, link = f"{R}/image", f"{R}/hyperlink"
    return {
        "a shadowed field": (paragraph(f'<w:fldSimple w:instr="{dde}" x:instr="PAGE"/>'), either),
        "a field shadowed before": (paragraph(f'<w:fldSimple x:instr="PAGE" w:instr="{dde}"/>'), either),
        "a shadowed kind of mark": (paragraph(mark("begin"), code(dde), mark("end", x_fldCharType="x")), either),
        "a shadowed picture": (
            docx(parts=relations(f'Type="{image}" x:Type="{link}" Target="{OUTSIDE}" TargetMode="External"')),
            damaged | outside,
        ),
        "a shadowed mode": (
            docx(parts=relations(f'Type="{image}" TargetMode="External" x:targetmode="x" Target="\\\\e\\a"')),
            damaged | outside,
        ),
        "a shared folder without a mode": (
            docx(parts=relations(f'Type="{image}" Target="\\\\example.ir\\a.png"')),
            outside,
        ),
        "a file without a mode": (docx(parts=relations(f'Type="{image}" Target="file:/a/b.png"')), outside),
        "code split by an element": (paragraph(BEGIN, code("D<x:e/>DEAUTO cmd x"), END), either),
        "code with an element in it": (paragraph(BEGIN, code("D<x:e>x</x:e>DEAUTO cmd x"), END), either),
        "code in nobody's element": (
            paragraph(BEGIN, code("D"), f"<x:e>{code('x')}</x:e>", code("DEAUTO cmd x"), END),
            either,
        ),
        "a mark in nobody's element": (paragraph(BEGIN, code("D"), f"<x:e>{END}</x:e>", code("DEAUTO x"), END), either),
        "code in one of two branches": (paragraph(BEGIN, code("D"), choice(code("x")), code("DEAUTO x"), END), either),
        "code in both branches": (paragraph(BEGIN, choice(code("PAGE"), code("DDEAUTO x")), END), either),
        "a mark in one of two branches": (paragraph(BEGIN, code("D"), choice(END), code("DEAUTO x"), END), either),
        "code that is taken out": (
            paragraph(BEGIN, code("D"), f"<w:del>{code('x', 'delInstrText')}</w:del>", code("DEAUTO x"), END),
            either,
        ),
        "code that is put in": (
            paragraph(BEGIN, code("D"), f"<w:ins>{code('x')}</w:ins>", code("DEAUTO x"), END),
            either,
        ),
        "another writing": (part("<a/>", "iso-8859-1"), damaged),
        "another writing yet": (part("<a/>", "cp1256"), damaged),
        "entities in UTF-16": (part('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "utf-16"), damaged),
        "code in UTF-16": (part(f'<a xmlns:w="urn:w"><w:fldSimple w:instr="{dde}"/></a>', "utf-16"), field_),
        "a picture that is a link": (links(f'<a:blip {DRAWN} r:link="r0"/>'), outside),
        "an enclosed picture that is a link": (links(f'<a:blip {DRAWN} r:embed="r0"/>'), outside),
        "an old picture that is a link": (links('<v:imagedata r:id="r0"/>'), outside),
        "a template that is a link": (links('<w:attachedTemplate r:id="r0"/>', "settings"), outside),
        "a part with a second name": (_named_twice(), damaged),
        "two documents": (
            docx(parts={"_rels/.rels": _documents("other", "document"), "word/other.xml": "<a/>"}),
            damaged,
        ),
    }


def harmless():
    """{title: file} of the same means in honest use."""
    picture = f"<w:drawing><a:graphic {DRAWN}><a:graphicData/></a:graphic></w:drawing>"
    return {
        "a field in each branch": paragraph(run(choice(field(" PAGE ").replace("w:p>", "w:ins>"), "<w:pict/>"))),
        "a picture in a field's result": paragraph(BEGIN, code(" PAGE "), SEPARATE, run(choice(picture)), END),
        "a changed field": paragraph(BEGIN, code(" PAGE "), f"<w:ins>{code('x ')}</w:ins>", END),
        "UTF-16": part("<a/>", "utf-16"),
        "a link in a picture": links(f'<a:hlinkClick {DRAWN} r:id="r0"/>'),
        "a link": links('<w:hyperlink r:id="r0"/>'),
    }
