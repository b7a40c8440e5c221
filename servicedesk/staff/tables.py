"""Tables for spreadsheet programs, written while they go out: CSV and XLSX.

A table is an iterable of batches, each a list of rows; a cell is a text, an int, a Decimal or None. What people typed
never becomes a formula: in XLSX a text is stored as one, in CSV an apostrophe stands before whatever might begin one.
"""

import csv
import io
import re
import unicodedata
import zipfile
from decimal import Decimal
from xml.sax.saxutils import escape

from servicedesk.zip_outlet import ZipOutlet

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Spreadsheets take no more in a cell, and of a number keep no more digits.
LONGEST_CELL, MOST_DIGITS = 32_767, 15
# By this mark they know UTF-8.
BYTE_ORDER_MARK = "\ufeff"
_JOINERS = "\u200c\u200d"
_QUOTES = "\"'`´‘’‚‛“”„‟‹›«»"


def plain(text):
    """The text without what controls instead of being read: only ends of lines and the joiners of Persian stay."""
    text = re.sub(r"\r\n?|[\u2028\u2029\x85\v\f]", "\n", str(text)).replace("\t", " ")
    kept = (
        char for char in text if char in f"\n{_JOINERS}" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn")
    )
    return "".join(kept)[:LONGEST_CELL]


def harmless(text):
    """A text in which no spreadsheet finds the beginning of a formula.

    Each line and each part behind a semicolon counts as a beginning: where the semicolon parts cells, quotes inside
    a line do not hold it together.
    """
    return re.sub(r"[^;\n]+", lambda part: _guarded(part[0]), plain(text))


def _guarded(part):
    first = part.lstrip(f" \u00a0{_JOINERS}{_QUOTES}")[:1]
    # Full-width and small forms become the usual ones in NFKC; programs read them so, too.
    return f"'{part}" if first and unicodedata.normalize("NFKC", first)[0] in "=+-@−" else part


def csv_pieces(batches):
    """The table as bytes of CSV, a batch at a time."""
    lead = BYTE_ORDER_MARK
    for rows in batches:
        text = io.StringIO()
        csv.writer(text).writerows([_csv_cell(cell) for cell in row] for row in rows)
        yield f"{lead}{text.getvalue()}".encode()
        lead = ""


def _csv_cell(cell):
    if cell is None:
        return ""
    return _in_digits(cell) if isinstance(cell, int | Decimal) else harmless(cell)


def _in_digits(number):
    return f"{Decimal(number):f}"


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# All that a workbook with one sheet needs beside the sheet.
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="%s" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
_SHEET_BEGIN = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView rightToLeft="%d" workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_SHEET_END = "</sheetData></worksheet>"


def xlsx_pieces(batches, *, sheet, right_to_left):
    """The table as bytes of a workbook, a batch at a time. ``sheet``: what its one sheet is called."""
    outlet = ZipOutlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        # The sheet's name may have 31 characters and none of these.
        name = escape(re.sub(r"[][*?:/\\']", " ", plain(sheet))[:31].strip() or "1", {'"': "&quot;"})
        for path, content in _PARTS.items():
            archive.writestr(path, _XML + content.replace("%s", name))
        with archive.open("xl/worksheets/sheet1.xml", "w") as entry:
            entry.write((_XML + _SHEET_BEGIN % right_to_left).encode())
            number = 0
            for rows in batches:
                for row in rows:
                    number += 1
                    entry.write(_xlsx_row(row, number).encode())
                yield outlet.taken()
            entry.write(_SHEET_END.encode())
    yield outlet.taken()


def _xlsx_row(row, number):
    cells = (_xlsx_cell(cell, f"{_column(place)}{number}") for place, cell in enumerate(row, 1))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _column(place):
    """1 → A, 27 → AA."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _xlsx_cell(cell, place):
    if cell is None or cell == "":
        return ""
    if isinstance(cell, int | Decimal):
        digits = _in_digits(cell)
        if sum(char.isdigit() for char in digits) <= MOST_DIGITS:
            return f'<c r="{place}"><v>{digits}</v></c>'
        cell = digits
    # «_x0041_» would be read as a character's number.
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", plain(cell))
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
