"""Draws one page of a PDF, or a picture, small enough to be looked at. Runs in the child.

Gives the number of pages in ``limits.PREVIEW_COUNT_BYTES``, then a JPEG.
"""

import io

import pypdfium2
from PIL import Image

from servicedesk.uploads import limits
from servicedesk.uploads.verdict import Refusal

QUALITY = 80

# The child is sealed before it looks: Pillow must have loaded its plugins by then.
Image.preinit()


def look(content, task):
    number = task.kinds[task.kind]["page"]
    try:
        pages, picture = _pdf(content, number) if task.kind == "pdf" else _picture(content, task.kind, number)
    except (OSError, ValueError, IndexError, RuntimeError) as error:
        raise Refusal("could-not-inspect") from error
    # Transparent things lie on paper.
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    output = io.BytesIO()
    paper.save(output, "JPEG", quality=QUALITY)
    return pages.to_bytes(limits.PREVIEW_COUNT_BYTES) + output.getvalue()


def _pdf(content, number):
    with pypdfium2.PdfDocument(content) as document:
        page = document[number - 1]
        picture = page.render(scale=limits.PREVIEW_SIDE / max(*page.get_size(), 1)).to_pil()
        return len(document), picture.convert("RGB")


def _picture(content, kind, number):
    if number != 1:
        raise IndexError
    picture = Image.open(io.BytesIO(content), formats=["PNG" if kind == "png" else "JPEG"])
    side = limits.PREVIEW_SIDE
    picture.draft("RGB", (side, side))
    has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    picture = picture.convert("RGBA" if has_alpha else "RGB")
    picture.thumbnail((side, side))
    return 1, picture
