"""Files as honest senders have them, of every kind and in variety; made anew each time, always the same."""

import io
import zipfile
from dataclasses import dataclass

from pikepdf import Dictionary, Name, String
from PIL import Image

from tests.servicedesk.uploads import samples, word
from tests.servicedesk.uploads.samples import archive, jpg, page, pdf, png, saved


@dataclass(frozen=True)
class Good:
    title: str
    name: str
    content: bytes


def whole():
    """{ending: a whole file of that kind}."""
    return {
        "png": png(),
        "jpg": jpg(),
        "pdf": pdf(3),
        "zip": archive({"a.pdf": pdf(), "b.png": png()}),
        "docx": word.docx(parts={"word/media/image1.png": png()}),
        "doc": word.doc(),
    }


def good():
    """Every good file, one after the other: more than 50."""
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield Good(f"PNG {mode}", "letter.png", saved(page(mode="RGB").convert("L" if mode == "I;16" else mode), "PNG"))
    for mode in ("L", "RGB", "CMYK"):
        for progressive in (False, True):
            content = saved(page(mode=mode), "JPEG", progressive=progressive)
            yield Good(f"JPG {mode} {progressive}", "عکس نامه.JPG", content)
    for turn in range(1, 9):
        facts = Image.Exif()
        facts[0x0112] = turn
        yield Good(f"JPG turned {turn}", "photo.jpeg", jpg(exif=facts))
    for width, height in ((4000, 3000), (6000, 6600), (12_000, 3300)):
        scene = Image.linear_gradient("L").resize((width, height)).convert("RGB")
        yield Good(f"JPG of {width}x{height}", "letter.jpg", saved(scene, "JPEG", quality=40, exif=facts))
        yield Good(f"PNG of {width}x{height}", "letter.png", saved(scene.convert("L"), "PNG"))
    yield Good("JPG with two pictures", "letter.jpg", saved(page(), "MPO", save_all=True, append_images=[page()]))
    for pages in (1, 2, 20, 500):
        yield Good(f"PDF of {pages} pages", f"نامه {pages}.pdf", pdf(pages))
    for options in ({"linearize": True}, {"object_stream_mode": 2}, {"compress_streams": False}):
        yield Good(f"PDF {options}", "letter.pdf", pdf(3, **{} if "object_stream_mode" in options else options))
    yield Good("PDF with a link", "letter.pdf", pdf(change=_linked))
    yield Good("PDF with padding", "letter.pdf", pdf() + b"\r\n\0\0")
    kinds = {name: content for name, content in whole().items() if name != "zip"}
    for ending, content in kinds.items():
        for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield Good(f"ZIP with {ending}", "letter.zip", archive({f"پوشه/نامه.{ending}": content}, method))
    yield Good("ZIP of 100", "letter.zip", archive({f"{number}.png": png() for number in range(100)}))
    yield Good("ZIP from a stream", "letter.zip", _streamed_zip())
    for code in (" PAGE ", " TOC \\o ", " DATE ", ' HYPERLINK "https://example.ir" ', " REF a "):
        yield Good(f"DOCX with {code}", "letter.docx", word.docx(word.field(code)))
        yield Good(f"DOC with {code}", "letter.doc", word.doc(f"نامه \x13{code}\x14 x\x15"))
    yield Good("DOCX with pictures", "letter.docx", word.docx(parts={f"word/media/{n}.png": png() for n in range(20)}))
    yield Good("DOCX with a link", "letter.docx", word.docx(links=[("hyperlink", "mailto:a@example.ir", True)]))
    yield Good("DOC with an empty pool", "letter.doc", word.doc(storages=["ObjectPool"]))


def _linked(document):
    target = Dictionary(S=Name.URI, URI=String("https://example.ir"))
    samples.note(document, Subtype=Name.Link, A=target)


def _streamed_zip():
    """As written by programs that do not know sizes beforehand."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.written = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.written += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.pdf", pdf())
    return bytes(pipe.written)
