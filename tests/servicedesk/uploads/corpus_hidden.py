"""Files in which something is hidden from who looks only where it usually lies."""

from tests.servicedesk.uploads import pdf_hidden, samples, word_hidden, zips


def _zips():
    for title, content in zips.hiding().items():
        yield f"ZIP with {title}", "letter.zip", content, {"zip-damaged", "zip-entry", "two-files-in-one"}


def _word_files():
    for title, (content, codes) in word_hidden.hiding().items():
        yield f"DOCX with {title}", "letter.docx", content, codes


def _pdfs():
    for title, content in pdf_hidden.hiding().items():
        yield f"PDF with {title}", "letter.pdf", content, "pdf-outside"
    yield "PDF of very many objects", "letter.pdf", pdf_hidden.many_objects(), "pdf-too-many"


def _pictures():
    yield "JPG that is told 1200 times", "letter.jpg", samples.many_scans(1200), "picture-damaged"
    yield (
        "JPG told 1200 times in a ZIP",
        "letter.zip",
        samples.archive({"a.jpg": samples.many_scans(1200)}),
        "zip-entry",
    )


MAKERS = (_zips, _word_files, _pdfs, _pictures)
