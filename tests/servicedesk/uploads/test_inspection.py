"""From a stranger's file to what may be stored: number, size, name, kind."""

import base64
import hashlib
import io
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.utils import translation

from servicedesk.uploads import names, refusals
from servicedesk.uploads.inspection import Refused, Rules, extensions_of, inspect, known_kinds
from servicedesk.uploads.kinds import KINDS, Kind, register
from tests.servicedesk.uploads import samples
from tests.servicedesk.uploads.samples import RULES, look, refusal


class Endless(io.RawIOBase):
    """A file of zeros without an end, which counts what is read from it."""

    name = "letter.pdf"
    taken = 0

    def seekable(self):
        return True

    def seek(self, *_):
        return 0

    def read(self, size=-1):
        assert size > 0
        self.taken += min(size, 4096)
        return b"0" * min(size, 4096)


def test_what_may_be_stored_is_described():
    content = samples.pdf()
    file = look("نامه.PDF", content)
    assert (file.name, file.kind, file.content_type) == ("نامه.PDF", "pdf", "application/pdf")
    assert (file.content, file.size) == (content, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("make", [SimpleUploadedFile, "temporary"])
def test_djangos_own_files_are_taken_from_their_start(make):
    content = samples.pdf()
    if make == "temporary":
        file = TemporaryUploadedFile("letter.pdf", "image/png", len(content), None)
        file.write(content)
    else:
        file = make("letter.pdf", content, content_type="image/png")
        file.read(10)
    assert inspect(file, RULES).content == content


def test_the_clients_word_on_the_type_counts_for_nothing():
    file = SimpleUploadedFile("letter.png", b"<script>alert(1)</script>", content_type="image/png")
    with pytest.raises(Refused, match="wrong-content"):
        inspect(file, RULES)


@pytest.mark.parametrize(
    ("given", "code"),
    [(None, "no-file"), ([], "no-file"), ([samples.uploaded("a.pdf", b"%PDF-")] * 2, "one-file-only")],
)
def test_exactly_one_file(given, code):
    with pytest.raises(Refused, match=code):
        inspect(given, RULES)


def test_one_file_in_a_list_is_one_file():
    assert inspect([samples.uploaded("letter.pdf", samples.pdf())], RULES).kind == "pdf"


def test_an_empty_file_is_refused():
    assert refusal("letter.pdf", b"") == "empty"


def test_the_limit_itself_passes_and_one_byte_more_does_not():
    content = samples.pdf()
    assert refusal("letter.pdf", content, Rules({"pdf"}, len(content))) is None
    assert refusal("letter.pdf", content, Rules({"pdf"}, len(content) - 1)) == "too-large"


def test_reading_stops_one_byte_after_the_limit():
    endless = Endless()
    with pytest.raises(Refused, match="too-large"):
        inspect(endless, RULES)
    assert endless.taken == RULES.max_bytes + 1


@pytest.mark.parametrize(
    "name",
    ["letter", "letter.", "letter.exe", "letter.pdf.exe", "letter.docx", "pdf", "letter.pdf\u202e.exe", "letter.рdf"],
)
def test_other_endings_are_refused(name):
    assert refusal(name, samples.pdf()) == "kind-not-allowed"


@pytest.mark.parametrize("name", ["letter.PDF", "letter.exe.pdf", "../../etc/letter.pdf", "letter.pdf.", ".pdf"])
def test_endings_in_any_case_and_names_of_any_look_pass(name):
    assert refusal(name, samples.pdf()) is None


def test_jpeg_is_another_ending_of_jpg():
    assert look("photo.jpeg", samples.jpg()).kind == "jpg"


@pytest.mark.parametrize("name", ["letter.png", "letter.jpg", "letter.zip"])
def test_first_bytes_must_agree_with_the_name(name):
    assert refusal(name, samples.pdf()) == "wrong-content"


def test_a_kind_that_is_not_allowed_here_is_refused():
    assert refusal("letter.zip", samples.archive({"a.pdf": samples.pdf()}), Rules({"pdf"}, 9999)) == "kind-not-allowed"


def test_a_kind_without_an_inspector_cannot_be_allowed():
    with pytest.raises(ValueError, match="odt"):
        Rules({"pdf", "odt"}, 9999)
    with pytest.raises(ValueError, match="no inspector"):
        register(Kind("odt", ("odt",), (b"PK",), "", "Text", "servicedesk.uploads.not_there"))
    with pytest.raises(ValueError, match="another kind"):
        register(Kind("jp2", ("jpeg",), (b"",), "", "JP2", "servicedesk.uploads.picture"))
    assert "odt" not in KINDS


def test_the_register_names_kinds_and_endings():
    assert known_kinds() == ["png", "jpg", "pdf", "zip", "docx", "doc"]
    assert extensions_of({"zip", "jpg"}) == ["jpg", "jpeg", "zip"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\Users\\leila\\نامه.pdf", "نامه.pdf"),
        ("/etc/passwd/نامه.pdf", "نامه.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\x1f\x7f\nc.pdf", "ab c.pdf"),
        ("نامه\u200cها.pdf", "نامه\u200cها.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("  letter  1 .pdf . ", "letter 1.pdf"),
        (".pdf", "file.pdf"),
        ("", "file"),
        ("...", "file"),
        ("\ud800.pdf", "file.pdf"),
    ],
)
def test_the_name_is_a_clean_label(given, shown):
    assert names.label(given) == shown


@pytest.mark.parametrize("name", ["ن" * 300 + ".jpeg", "ی\u0651" * 200 + ".jpeg", "a." + "b" * 300])
def test_a_long_name_keeps_its_ending(name):
    shown = names.label(name)
    assert len(shown) <= 100
    if name.endswith("jpeg"):
        assert shown.endswith(".jpeg")
        assert len(shown) > 95


@pytest.mark.parametrize(
    "answer",
    [
        b'{"refused": "no-such-code", "details": {}}',
        b'{"refused": "zip-entry", "details": {"reason": "zip-entry", "entry": "x"}}',
        b'{"refused": "zip-entry", "details": {"reason": ["x"]}}',
        b'{"refused": "pdf-too-long", "details": {"pages": "<b>"}}',
        b'{"refused": "empty"}',
        b'{"passed": "maybe"}',
        b'{"passed": true}\n<script>',
        b'{"passed": true}\nforge and more than may be stored' + b"!" * 1000,
    ],
)
def test_a_forged_verdict_is_not_believed(monkeypatch, answer):
    odd = Kind("odd", ("odd",), (b"forge",), "", "odd", "tests.servicedesk.uploads.misbehaving")
    monkeypatch.setitem(KINDS, "odd", odd)
    # Packed, so that the answer may be larger than the file.
    content = b"forge " + base64.b64encode(zlib.compress(answer))
    assert refusal("letter.odd", content, Rules({"odd"}, 300)) == "could-not-inspect"


@pytest.mark.parametrize("code", refusals.SENTENCES)
@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_reason_has_its_sentence_in_the_readers_language(code, language):
    details = {"entry": "a.pdf", "reason": "pdf-too-long", "kind": "pdf", "pages": 500, "count": 100}
    details |= {"megapixels": 40, "side": 12_000, "unpacked": 20 * samples.MEGABYTE}
    message = refusals.sentence(code, details, RULES)
    with translation.override(language):
        text = str(message)
    assert "%(" not in text
    assert text.rstrip()[-1] in ".:"
    if language == "fa":
        assert not set("0123456789") & set(text)


def test_the_limit_is_named_in_the_readers_digits():
    message = refusals.sentence("too-large", {}, RULES)
    with translation.override("en"):
        assert "1 MB" in str(message)
    with translation.override("fa"):
        assert "۱ مگابایت" in str(message)
