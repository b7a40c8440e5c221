"""Files in which something is hidden from who looks only where it usually lies."""

from tests.servicedesk.uploads import pdf_hidden, word_hidden, zips


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


MAKERS = (_zips, _word_files, _pdfs)
