"""Files that strangers send, each with what may become of it; made anew each time, always the same."""

import random
import struct
import zipfile
import zlib
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Encryption, Name, Stream, String
from PIL import Image, PngImagePlugin

from servicedesk.uploads.limits import PHOTO_BYTES
from servicedesk.uploads.scanner import EICAR
from tests.servicedesk.uploads import corpus_hidden, samples, word
from tests.servicedesk.uploads.corpus_good import whole
from tests.servicedesk.uploads.samples import MEGABYTE, archive, jpg, page, pdf, png, saved

DAMAGED = {
    "png": {"picture-damaged"},
    "jpg": {"picture-damaged"},
    "pdf": {"pdf-damaged", "pdf-incomplete", "pdf-without-pages"},
    "zip": {"zip-damaged", "zip-empty", "zip-entry", "two-files-in-one"},
    "docx": {"word-damaged", "two-files-in-one"},
    "doc": {"word-damaged", "wrong-content"},
}


@dataclass(frozen=True)
class Bad:
    """title: what is the matter. codes: the refusals that fit. With none, the inspection may pass it, and then the
    scanner finds it (``virus``) or what is stored is free of it."""

    title: str
    name: str
    content: bytes
    codes: frozenset = frozenset()
    virus: bool = False


def bad():
    """Every bad file, one after the other: more than 150."""
    own = (_wrong_names, _truncated, _viruses, _bombs, _double, _pdfs, _zips, _pictures, _word_files, _noise)
    for make in (*own, *corpus_hidden.MAKERS):
        for title, name, content, *fate in make():
            codes, virus = (fate[0], False) if fate else (set(), make is _viruses)
            yield Bad(title, name, content, frozenset({codes} if isinstance(codes, str) else codes), virus)


def _wrong_names():
    kinds = whole()
    for ending in kinds:
        for other, content in kinds.items():
            if other == ending:
                continue
            codes = {"wrong-content", "word-damaged"} if "docx" in (other, ending) else {"wrong-content"}
            if (ending, other) == ("zip", "docx"):
                codes = {"zip-entry-kind"}
            yield f"{other} called {ending}", f"letter.{ending}", content, codes
    for name in ("letter.exe", "letter.pdf.exe", "letter", "letter.pdf\0.exe", "a\u202efdp.exe", "../../etc/passwd"):
        yield f"kind of {name!r}", name, pdf(), "kind-not-allowed"
    for name in ("letter.html", "letter.svg", "letter.gif", "letter.docm", "letter.xlsx", "letter.rtf"):
        yield f"kind of {name!r}", name, pdf(), "kind-not-allowed"
    for ending in kinds:
        yield f"empty {ending}", f"letter.{ending}", b"", "empty"
        most, code = (PHOTO_BYTES, "photo-too-large") if ending in ("png", "jpg", "jpeg") else (MEGABYTE, "too-large")
        yield f"too large {ending}", f"letter.{ending}", kinds[ending].ljust(most + 1, b"\0"), code
    heic = b"\0\0\0\x18ftypheic"
    for name, content in [("letter.heic", heic), ("IMG_1.jpg", heic), ("a.HEIF", b"")]:
        yield f"HEIC called {name}", name, content, "photo-heic"


def _truncated():
    for ending, content in whole().items():
        for share in (0.1, 0.3, 0.5, 0.7, 0.9, 0.97):
            cut = content[: int(len(content) * share)]
            yield f"{ending} cut at {share:.0%}", f"letter.{ending}", cut, DAMAGED[ending] | {"could-not-inspect"}


def _viruses():
    """The test file in each kind: found by the scanner, or gone once a picture is encoded anew."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", EICAR.decode())
    yield "EICAR alone", "letter.pdf", EICAR, "wrong-content"
    yield "EICAR in a PDF's title", "a.pdf", pdf(change=lambda d: d.docinfo.update({"/Title": EICAR.decode()}))
    yield "EICAR in a PDF's stream", "b.pdf", pdf(change=lambda d: setattr(d.pages[0], "Contents", Stream(d, EICAR)))
    yield "EICAR before a PDF's end", "c.pdf", pdf().replace(b"%%EOF", b"%" + EICAR + b"\n%%EOF")
    yield "EICAR in a ZIP's file", "d.zip", archive({"a.pdf": pdf(change=_titled)})
    yield "EICAR in a ZIP's picture", "e.zip", archive({"a.png": png(pnginfo=text)}, zipfile.ZIP_STORED)
    yield "EICAR as text in a ZIP", "f.zip", archive({"a.txt": EICAR}), "zip-entry-kind"
    yield "EICAR in a DOCX", "g.docx", word.docx(parts={"word/notes.xml": b"<a>" + EICAR.replace(b"&", b"") + b"</a>"})
    yield "EICAR as a DOCX's picture", "h.docx", word.docx(parts={"word/media/image1.png": png() + EICAR})
    yield "EICAR in a DOC", "i.doc", word.doc(EICAR.decode(), encoding="latin-1")
    yield "EICAR in a DOC's data", "j.doc", word.doc(streams={"Data": EICAR})


def _titled(document):
    document.docinfo["/Title"] = EICAR.decode()


def _bombs():
    yield (
        "90 MB in a ZIP",
        "letter.zip",
        archive({f"{n}.pdf": pdf() + bytes(9 * MEGABYTE) for n in range(10)}),
        {"zip-too-big"},
    )
    blank = saved(Image.new("L", (6000, 6000)), "PNG")
    yield "pictures in a ZIP", "letter.zip", archive({f"{n}.png": blank for n in range(90)}), "zip-pictures-too-large"
    yield (
        "pictures in a DOCX",
        "letter.docx",
        word.docx(parts={f"word/{n}.png": blank for n in range(90)}),
        {"word-too-big"},
    )
    for width, height in ((30_000, 30_000), (12_001, 10), (10, 12_001), (7000, 7000), (65_000, 65_000)):
        yield f"PNG that says {width}x{height}", "letter.png", _sized_png(width, height), "picture-too-large"
        if width < 65_001:
            yield f"JPG that says {width}x{height}", "letter.jpg", _sized_jpg(width, height), "picture-too-large"
    for pages in (501, 2000):
        yield f"PDF of {pages} pages", "letter.pdf", pdf(pages), "pdf-too-long"
    for megabytes in (100, 300):
        packed = zlib.compress(bytes(megabytes * MEGABYTE), 9)
        yield (
            f"PDF with {megabytes} MB of objects",
            "letter.pdf",
            _object_bomb(packed),
            {
                *DAMAGED["pdf"],
                "could-not-inspect",
            },
        )
    yield "quadratic XML", "letter.docx", word.docx(parts={"word/a.xml": _entities()}), "word-damaged"
    deep = "<a>" * 200_000 + "</a>" * 200_000
    yield "deep XML", "letter.docx", word.docx(parts={"word/a.xml": deep + "<"}), {"word-damaged", "could-not-inspect"}
    yield "501 parts", "letter.docx", word.docx(parts={f"a/{n}.xml": "<a/>" for n in range(500)}), "word-too-big"


def _entities():
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE a [<!ENTITY e0 "haha">{names}]><a>&e11;</a>'


def _sized_png(width, height):
    content = bytearray(png())
    struct.pack_into(">2I", content, 16, width, height)
    struct.pack_into(">I", content, 29, zlib.crc32(content[12:29]))
    return bytes(content)


def _sized_jpg(width, height):
    content = bytearray(jpg())
    at = content.index(b"\xff\xc0") + 5
    struct.pack_into(">2H", content, at, height, width)
    return bytes(content)


def _object_bomb(packed):
    objects = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    objects += b"3 0 obj<</Type/ObjStm/N 9/First 9/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    return b"%PDF-1.7\n" + objects + packed + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def _double():
    for ending in ("pdf", "doc"):
        both = whole()[ending] + archive({"a.exe": b"MZ"})
        yield f"{ending} and ZIP in one", f"letter.{ending}", both, {"two-files-in-one", *DAMAGED[ending]}
    for ending in ("zip", "docx"):
        both = whole()[ending] + b"<script>alert(1)</script>"
        yield f"{ending} and HTML in one", f"letter.{ending}", both, "two-files-in-one"
        yield f"program before a {ending}", f"letter.{ending}", b"MZ" + whole()[ending], "wrong-content"
        both = b"PK\3\4" + bytes(60) + whole()[ending]
        yield f"something before a {ending}", f"letter.{ending}", both, {"zip-damaged", "word-damaged"}
    yield "HTML called PDF", "letter.pdf", b"<html>%PDF-1.7 %%EOF", "wrong-content"


def _pdfs():
    def action(**entries):
        return lambda document: setattr(document.Root, "OpenAction", Dictionary(**entries))

    changes = {
        "script": (samples.script_as_stream, "pdf-script"),
        "script in a name tree": (
            lambda d: setattr(d.Root, "Names", Dictionary(JavaScript=Dictionary(Names=Array([])))),
            "pdf-script",
        ),
        "script on a page": (lambda d: setattr(d.pages[0], "AA", Dictionary(O=samples.script())), "pdf-script"),
        "launch": (action(S=Name.Launch, F=String("cmd.exe")), "pdf-launch"),
        "data taken in": (action(S=Name.ImportData, F=String("a")), "pdf-launch"),
        "jump into a file": (action(S=Name.GoToE), "pdf-file"),
        "embedded file": (samples.embedded, "pdf-file"),
        "file note": (lambda d: samples.note(d, Subtype=Name.FileAttachment), "pdf-file"),
        "rich media": (lambda d: samples.note(d, Subtype=Name.RichMedia), "pdf-media"),
        "film": (lambda d: samples.note(d, Subtype=Name.Movie), "pdf-media"),
        "sound": (action(S=Name.Sound), "pdf-media"),
        "3D": (lambda d: samples.note(d, Subtype=Name("/3D")), "pdf-media"),
        "XFA": (lambda d: setattr(d.Root, "AcroForm", Dictionary(XFA=Array([]))), "pdf-media"),
    }
    for title, (change, code) in changes.items():
        yield f"PDF with {title}", "letter.pdf", pdf(change=change), code
    for strength in (2, 3, 4, 6):
        lock = Encryption(owner="x", user="y", R=strength, aes=strength > 3, metadata=strength > 3)
        yield f"PDF locked (R{strength})", "letter.pdf", pdf(encryption=lock), "pdf-encrypted"
    yield "PDF without pages", "letter.pdf", pdf(0), {"pdf-without-pages", "pdf-damaged"}


def _zips():
    bad_names = ("../a.pdf", "/a.pdf", "C:\\a.pdf", "b\\..\\a.pdf", "a\n.pdf", "fdp\u202efdp.pdf", "\u2067a.pdf")
    for name in bad_names:
        info = zipfile.ZipInfo("x")
        info.filename = name
        yield f"ZIP with {name!r}", "letter.zip", archive({info: pdf()}), "zip-name"
    for name in ("a.zip", "a.rar", "a.7z", "a.tar.gz", "a.jar"):
        yield f"ZIP with {name}", "letter.zip", archive({name: archive({"a.pdf": pdf()})}), "zip-nested"
    for name in ("a.exe", "a.js", "a.html", "a.lnk", "a.pdf.exe", "autorun.inf", "a.svg"):
        yield f"ZIP with {name}", "letter.zip", archive({"b.pdf": pdf(), name: b"MZ"}), "zip-entry-kind"
    link = zipfile.ZipInfo("a.pdf")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    yield "ZIP with a link", "letter.zip", archive({link: b"/etc/passwd"}), "zip-link"
    plain = archive({"a.pdf": pdf() + bytes(5000)})
    for title, at, packing, value, codes in (
        ("size", 22, "<I", 10, {"zip-damaged"}),
        ("huge size", 22, "<I", 2**32 - 2, {"zip-damaged", "zip-too-big"}),
        ("lock", 6, "<H", 1, {"zip-encrypted"}),
        ("sum", 14, "<I", 1, {"zip-damaged"}),
        ("method", 8, "<H", 99, {"zip-damaged"}),
    ):
        changed = bytearray(plain)
        struct.pack_into(packing, changed, at, value)
        struct.pack_into(packing, changed, plain.index(b"PK\1\2") + at + 2, value)
        yield f"ZIP that lies about its {title}", "letter.zip", bytes(changed), codes
    yield "101 files", "letter.zip", archive({f"{n}.pdf": pdf() for n in range(101)}), "zip-too-many"
    yield "nothing in it", "letter.zip", archive({}), "zip-empty"
    yield "a bad file in it", "letter.zip", archive({"a.pdf": pdf(change=samples.embedded)}), "zip-entry"
    yield "no Finder's notes", "letter.zip", archive({"a.pdf": pdf(), "__MACOSX/._a.pdf": b"MZ"}), "zip-finder"
    yield (
        "a name cut by zero",
        "letter.zip",
        archive({"a.exe_.pdf": pdf()}).replace(b"exe_", b"exe\0"),
        {
            "zip-name",
            "zip-damaged",
        },
    )


def _pictures():
    for frames in (2, 60):
        more = [page().rotate(number) for number in range(1, frames)]
        yield f"PNG of {frames} frames", "letter.png", png(save_all=True, append_images=more), "picture-moving"
    noisy = Image.effect_noise((3000, 3000), 100)
    yield "too detailed", "letter.png", saved(noisy, "PNG")[: MEGABYTE - 1], "picture-damaged"
    yield "PNG without its end", "letter.png", png()[:-30], "picture-damaged"
    yield "JPG of nothing", "letter.jpg", b"\xff\xd8\xff\xd9", {"picture-damaged", "wrong-content"}
    yield "GIF called PNG", "letter.png", saved(page(), "GIF"), "wrong-content"
    yield "WebP called JPG", "letter.jpg", saved(page(), "WEBP"), "wrong-content"


def _word_files():
    links = {
        "template": ("attachedTemplate", "https://example.ir/a.dotm", "word-outside"),
        "picture": ("image", "https://example.ir/a.png", "word-outside"),
        "frame": ("frame", "//example.ir/a", "word-outside"),
        "object": ("oleObject", "https://example.ir/a.html!", "word-object"),
        "file": ("hyperlink", "file://///example.ir/a", "word-link"),
        "share": ("hyperlink", "\\\\example.ir\\a", "word-link"),
        "handler": ("hyperlink", "ms-word:ofe|u|https://example.ir", "word-link"),
        "script": ("hyperlink", "javascript:alert(1)", "word-link"),
    }
    for title, (kind, target, code) in links.items():
        yield f"DOCX with an outside {title}", "letter.docx", word.docx(links=[(kind, target, True)]), code
    for code in ("DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "LINK", "IMPORT", "DATABASE"):
        text = f" {code} a b "
        yield f"DOCX with {code}", "letter.docx", word.docx(word.field(text)), "word-field"
        yield f"DOCX with {code}, spread", "letter.docx", word.docx(word.field(text, split=True)), "word-field"
        yield f"DOC with {code}", "letter.doc", word.doc(f"\x13{text}\x14\x15"), "word-field"
    parts = {"word/vbaProject.bin": "word-macro", "word/embeddings/a.bin": "word-object", "word/a.exe": "word-object"}
    for name, code in parts.items():
        yield f"DOCX with {name}", "letter.docx", word.docx(parts={name: b"x"}), code
    yield "locked DOCX", "letter.docx", word.ole({"EncryptedPackage": b"x"}), "word-encrypted"
    yield "locked DOC", "letter.doc", word.doc(flags=0x100), "word-encrypted"
    for name, code in {"Macros/VBA/dir": "word-macro", "ObjectPool/_1/\1Ole10Native": "word-object"}.items():
        yield f"DOC with {name}", "letter.doc", word.doc(streams={name: b"x"}), code
    yield "Excel called DOC", "letter.doc", word.ole({"Workbook": b"x"}), "wrong-content"


def _noise():
    chance = random.Random("noise")
    starts = {ending: content[:8] for ending, content in whole().items()}
    for ending, start in starts.items():
        for size in (100, 100_000):
            content = start + chance.randbytes(size)
            yield f"noise of {size} as {ending}", f"letter.{ending}", content, DAMAGED[ending] | {"two-files-in-one"}
