"""PDF: shows pages and does nothing else; never rewritten."""

import struct
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from servicedesk.uploads import pdf as inspector
from servicedesk.uploads.verdict import Refusal
from tests.servicedesk.uploads import samples
from tests.servicedesk.uploads.samples import look, note, pdf, processor_time_below, refusal, script


def test_a_pdf_is_kept_byte_for_byte():
    content = pdf(3)
    assert look("letter.pdf", content).content == content


@pytest.mark.parametrize(("pages", "code"), [(0, "pdf-without-pages"), (500, None), (501, "pdf-too-long")])
def test_pages_are_counted(pages, code):
    assert refusal("letter.pdf", pdf(pages)) == code


@pytest.mark.parametrize("user", ["", "secret"])
def test_a_locked_pdf_is_refused(user):
    content = pdf(encryption=pikepdf.Encryption(owner="owner", user=user))
    assert refusal("letter.pdf", content) == "pdf-encrypted"
    # Outside a sealed child qpdf opens the one without a password; that is no way in.
    with pytest.raises(Refusal, match="pdf-encrypted"):
        inspector.look(content, None)


def _at_opening(document):
    document.Root.OpenAction = script()


def _on_closing(document):
    document.Root.AA = Dictionary(WC=script())


def _on_a_page(document):
    document.pages[0].AA = Dictionary(O=script())


def _behind_a_link(document):
    note(
        document, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.org"), Next=Array([script()]))
    )


def _in_a_name_tree(document):
    tree = Dictionary(Kids=Array([document.make_indirect(Dictionary(Names=Array([String("x"), script()])))]))
    document.Root.Names = Dictionary(JavaScript=document.make_indirect(tree))


def _in_an_empty_name_tree(document):
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array()))


def _in_a_field(document):
    field = Dictionary(FT=Name.Tx, T=String("x"), AA=Dictionary(K=script()))
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]))


def _in_a_bookmark(document):
    document.Root.Outlines = document.make_indirect(Dictionary(First=Dictionary(Title=String("x"), A=script())))


def _deep_down(document):
    inner = script()
    for _ in range(100):
        inner = Array([Dictionary(Next=inner)])
    document.Root.Odd = inner


def _in_nobodys_object(document):
    document.Root.PieceInfo = document.make_indirect(Dictionary(X=document.make_indirect(script())))


def _in_a_stream_dictionary(document):
    document.pages[0].Contents = document.make_indirect(Stream(document, b"", {"/A": script()}))


SCRIPTS = [
    _at_opening,
    _on_closing,
    _on_a_page,
    _behind_a_link,
    _in_a_name_tree,
    _in_an_empty_name_tree,
    _in_a_field,
    _in_a_bookmark,
    _deep_down,
    _in_nobodys_object,
    _in_a_stream_dictionary,
    samples.script_as_stream,
]


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("place", SCRIPTS)
def test_a_script_is_found_wherever_it_lies(place, compressed):
    mode = pikepdf.ObjectStreamMode.generate if compressed else pikepdf.ObjectStreamMode.disable
    assert refusal("letter.pdf", pdf(change=place, object_stream_mode=mode)) == "pdf-script"


def test_a_script_is_found_behind_a_name_in_disguise():
    content = pdf(change=_at_opening, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    disguised = content.replace(b"/JavaScript", b"/#4aavaScript").replace(b"/JS", b"/#4aS")
    assert refusal("letter.pdf", disguised) == "pdf-script"


def test_a_script_is_found_in_a_later_revision():
    content = pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    start = content.rindex(b"startxref")
    table = int(content[start:].split()[1])
    added = b"\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (x) >> >>\nendobj\n"
    where = len(content) + 1
    later = content + added
    later += b"xref\n1 1\n%010d 00000 n \ntrailer\n<< /Size 9 /Root 1 0 R /Prev %d >>\n" % (where, table)
    later += b"startxref\n%d\n%%%%EOF\n" % (len(content) + len(added))
    assert refusal("letter.pdf", later) == "pdf-script"


@pytest.mark.parametrize("action", ["Launch", "ImportData"])
def test_a_pdf_that_starts_something_is_refused(action):
    def change(document):
        note(document, Subtype=Name.Link, A=Dictionary(S=Name("/" + action), F=String("calc.exe")))

    assert refusal("letter.pdf", pdf(change=change)) == "pdf-launch"


def _attached_to_a_page(document):
    spec = Dictionary(Type=Name.Filespec, F=String("x"), EF=Dictionary(F=Stream(document, b"MZ")))
    note(document, Subtype=Name.FileAttachment, FS=spec)


def _attached_by_association(document):
    document.pages[0].AF = Array([Dictionary(F=String("x"), EF=Dictionary(F=Stream(document, b"MZ")))])


def _going_into_an_attachment(document):
    note(document, Subtype=Name.Link, A=Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C)))


@pytest.mark.parametrize(
    "place", [samples.embedded, _attached_to_a_page, _attached_by_association, _going_into_an_attachment]
)
def test_a_file_within_is_refused(place):
    assert refusal("letter.pdf", pdf(change=place)) == "pdf-file"


@pytest.mark.parametrize(
    ("target", "code"),
    [("\\\\example.ir\\a.pdf", "pdf-outside"), ("//example.ir/a.pdf", "pdf-outside"), ("other.pdf", None)],
)
def test_a_jump_to_another_machine_is_refused(target, code):
    for file in (String(target), Dictionary(Type=Name.Filespec, F=String("a"), UF=String(target))):
        action = Dictionary(S=Name.GoToR, F=file, D=Array([0, Name.Fit]))
        content = pdf(change=lambda document, action=action: setattr(document.Root, "OpenAction", action))
        assert refusal("letter.pdf", content) == code


def test_a_stream_that_lies_in_another_file_is_refused():
    def change(document):
        stream = Stream(document, b"")
        stream.F = String("//example.ir/a")
        document.pages[0].Contents = stream

    assert refusal("letter.pdf", pdf(change=change)) == "pdf-file"


@pytest.mark.parametrize("kind", ["RichMedia", "3D", "Movie", "Sound", "Screen"])
def test_sound_and_film_are_refused(kind):
    assert refusal("letter.pdf", pdf(change=lambda document: note(document, Subtype=Name("/" + kind)))) == "pdf-media"


def test_a_changing_form_is_refused():
    def change(document):
        document.Root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(document, b"<xdp/>"))

    assert refusal("letter.pdf", pdf(change=change)) == "pdf-media"


def test_what_letters_usually_hold_passes():
    def change(document):
        note(document, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.org")))
        document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])
        document.Root.AcroForm = Dictionary(Fields=Array([Dictionary(FT=Name.Tx, T=String("/JavaScript"))]))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        document.pages[0].Resources = Dictionary(Font=Dictionary(JS=document.make_indirect(font)))
        document.pages[0].Contents = Stream(document, b"BT /JS 12 Tf (how to /Launch /JavaScript) Tj ET")

    assert refusal("letter.pdf", pdf(change=change)) is None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_pdf_is_refused(share):
    content = pdf(20)
    assert refusal("letter.pdf", content[: int(len(content) * share)]) == "pdf-incomplete"


@pytest.mark.parametrize("body", [b"", b"1 0 obj\n<<>>\nendobj\n", b"<html>", b"trailer << /Root 1 0 R >>"])
def test_no_pdf_behind_its_first_bytes(body):
    assert refusal("letter.pdf", b"%PDF-1.7\n" + body + b"\n%%EOF") in ("pdf-damaged", "pdf-without-pages")


def test_a_padded_end_is_no_harm():
    assert refusal("letter.pdf", pdf() + b"\r\n" + b"\0" * 5000) is None


def test_a_zip_behind_a_pdf_is_refused():
    both = pdf() + samples.archive({"a.pdf": pdf()}) + b"\n%%EOF"
    assert refusal("letter.pdf", both) == "two-files-in-one"


def with_object_stream(packed):
    """A PDF by hand whose page lies in an object stream of these packed bytes."""
    parts = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"4 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n",
    ]
    content, places = b"%PDF-1.7\n", []
    for part in parts:
        places.append(len(content))
        content += part
    catalogue, tree, stream = places
    rows = [(0, 0, 0), (1, catalogue, 0), (1, tree, 0), (2, 4, 0), (1, stream, 0), (1, len(content), 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    end = b"5 0 obj\n<< /Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Length %d >>\nstream\n" % len(table)
    return content + end + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(content)


PAGE = b"3 0 << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"


def test_a_page_in_an_object_stream_passes():
    assert refusal("letter.pdf", with_object_stream(zlib.compress(PAGE))) is None


@pytest.mark.parametrize(
    "filling", [b" " * 100 * samples.MEGABYTE, b"[" * samples.MEGABYTE, b"/X [" + b"[]" * 20 * samples.MEGABYTE + b"]"]
)
def test_a_bomb_of_an_object_stream_is_refused_soon(filling):
    bomb = with_object_stream(zlib.compress(PAGE[:-2] + filling + b">>", 9))
    assert len(bomb) < samples.MEGABYTE
    with processor_time_below(2):
        assert refusal("letter.pdf", bomb) in ("pdf-damaged", "pdf-without-pages")


def test_what_is_nested_too_deep_to_be_seen_is_refused():
    inner = b"[" * 600 + b"<< /S /JavaScript /JS (x) >>" + b"]" * 600
    assert refusal("letter.pdf", with_object_stream(zlib.compress(PAGE[:-2] + b"/X " + inner + b">>"))) is not None
    content = pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable, change=lambda document: None)
    end = content.rindex(b"%%EOF")
    hidden = content[:end] + b"9 0 obj\n" + inner + b"\nendobj\n"
    # Without a table that fits, all objects are looked for.
    hidden = hidden.replace(b"startxref", b"start_ref") + b"startxref\n1\n%%EOF\n"
    assert refusal("letter.pdf", hidden) == "pdf-damaged"


def test_a_page_tree_that_bites_its_tail_is_refused():
    content = pdf(object_stream_mode=pikepdf.ObjectStreamMode.disable)
    tree = content.index(b"/Kids [ ") + len(b"/Kids [ ")
    number = content[tree:].split()[0]
    root = content[content.index(b"/Pages ") + 7 :].split()[0]
    biting = content[:tree] + root + content[tree + len(number) :]
    assert refusal("letter.pdf", biting) in ("pdf-damaged", "pdf-without-pages")
