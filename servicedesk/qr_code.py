"""QR codes as SVG."""

import segno
from django.utils.safestring import mark_safe


def qr_svg(text, scale=4, border=2):
    """The picture of ``text``, as markup that takes the size that its place gives it."""
    # Never a Micro QR code, which telephones do not read.
    code = segno.make_qr(text, error="m")
    # The markup is segno's own; the text is only drawn.
    return mark_safe(code.svg_inline(scale=scale, border=border, dark="#16202b", light="#fff", omitsize=True))
