"""The half-space (ZWNJ) in the text of a PDF, so that what is copied, searched or read aloud has its words as written.

Pango draws it as nothing at all, and WeasyPrint leaves out what Pango does not draw: «می‌شود» is read as «میشود» then.
Here each gets the font's own glyph for it, which is as wide as nothing and has no ink. The line that is about to be
drawn is changed in place, after it was measured. (An ``ActualText`` for each word would need WeasyPrint's own pen.)
"""

import io

ZWNJ = "\u200c"


def keep(resources):
    """From now on lines in the fonts of ``resources`` ({address: bytes}) keep their half-spaces."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - these only within the bounds; some load Pango
    from weasyprint.text import line_break  # noqa: PLC0415
    from weasyprint.text.ffi import ffi, pango  # noqa: PLC0415

    glyph_of = {}
    for address, content in resources.items():
        if address.endswith(".woff2"):
            font = TTFont(io.BytesIO(content))
            glyph_of[font["name"].getBestFamilyName()] = font.getGlyphID(font.getBestCmap()[ord(ZWNJ)])

    class LayoutThatKeeps(line_break.Layout):
        def get_first_line(self):
            line, index = super().get_first_line()
            if ZWNJ in self.text:
                _show(line, self.text.encode())
            return line, index

    def _show(line, text):
        run = line.runs[0]
        while run != ffi.NULL:
            item, run = run.data, run.next
            glyph = glyph_of.get(_family(item.item.analysis.font))
            if glyph is None:
                continue
            glyphs = item.glyphs
            for place in range(glyphs.num_glyphs):
                start = item.item.offset + glyphs.log_clusters[place]
                if glyphs.glyphs[place].glyph == pango.PANGO_GLYPH_EMPTY and text.startswith(ZWNJ.encode(), start):
                    glyphs.glyphs[place].glyph = glyph

    def _family(font):
        description = ffi.gc(pango.pango_font_describe_with_absolute_size(font), pango.pango_font_description_free)
        return ffi.string(pango.pango_font_description_get_family(description)).decode()

    line_break.Layout = LayoutThatKeeps
