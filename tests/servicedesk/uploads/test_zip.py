"""ZIP: what two programs could read in two ways is refused, and so is whatever may not be sent by itself."""

import io
import stat
import struct
import zipfile
import zlib

import pytest
from django.utils import translation
from PIL import Image

from servicedesk.uploads.inspection import Rules, inspect
from tests.servicedesk.uploads import samples
from tests.servicedesk.uploads.samples import (
    MEGABYTE,
    RULES,
    archive,
    jpg,
    look,
    pdf,
    png,
    processor_time_below,
    refusal,
    saved,
)

PDF = pdf()


def patched(content, where, at, packing, value):
    """The archive with one number of each entry's own header ("local") or of the directory changed."""
    signature = {"local": b"PK\3\4", "directory": b"PK\1\2"}[where]
    changed = bytearray(content)
    start = 0
    while (start := content.find(signature, start)) >= 0:
        struct.pack_into(packing, changed, start + at, value)
        start += 4
    return bytes(changed)


def entry(name, mode=stat.S_IFREG | 0o644):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def test_an_archive_of_acceptable_files_is_kept_byte_for_byte():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.mkdir("مدارک")
        packed.writestr("مدارک/نامه.pdf", PDF)
        packed.writestr("photo.JPEG", jpg())
        packed.writestr("scan.png", png())
        packed.mkdir("empty")
    content = buffer.getvalue()
    assert look("letter.zip", content).content == content


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_archive_written_as_a_stream_passes(method):
    class Stream(io.RawIOBase):
        """Cannot go back, so that sizes follow the files, as Macs write them."""

        def __init__(self):
            self.written = b""

        def writable(self):
            return True

        def write(self, data):
            self.written += bytes(data)
            return len(data)

    stream = Stream()
    with zipfile.ZipFile(stream, "w", method) as packed:
        packed.writestr("a.pdf", PDF)
        packed.writestr("b.pdf", PDF)
    assert refusal("letter.zip", stream.written) is None


def test_large_archive_fields_pass():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open("a.pdf", "w", force_zip64=True) as inside:
            inside.write(PDF)
        packed.writestr("b.pdf", PDF)
    assert refusal("letter.zip", buffer.getvalue()) is None


def test_a_remark_on_the_archive_passes():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("a.pdf", PDF)
        packed.comment = "برای شهرداری".encode()
    assert refusal("letter.zip", buffer.getvalue()) is None


@pytest.mark.parametrize("files", [{}, {"only/": b""}])
def test_an_empty_archive_is_refused(files):
    assert refusal("letter.zip", archive(files)) == "zip-empty"


@pytest.mark.parametrize(("count", "code"), [(100, None), (101, "zip-too-many")])
def test_entries_are_counted(count, code):
    assert refusal("letter.zip", archive({f"{number}.png": png() for number in range(count)})) == code


@pytest.mark.parametrize(("name", "inside"), [("a.exe", b"MZ"), ("letter", PDF), ("Thumbs.db", b"x"), ("a.docx", PDF)])
def test_a_kind_that_may_not_be_sent_may_not_be_sent_inside(name, inside):
    assert refusal("letter.zip", archive({"good.pdf": PDF, name: inside})) == "zip-entry-kind"


def test_a_kind_that_is_not_allowed_here_is_not_allowed_inside():
    content = archive({"a.png": png()})
    assert refusal("letter.zip", content, Rules({"zip", "pdf"}, MEGABYTE)) == "zip-entry-kind"


@pytest.mark.parametrize("name", ["b.zip", "b.RAR", "b.7z", "b.tar.gz"])
def test_an_archive_inside_is_refused(name):
    assert refusal("letter.zip", archive({name: archive({"a.pdf": PDF})})) == "zip-nested"


def test_an_archive_under_another_name_is_refused():
    assert refusal("letter.zip", archive({"a.pdf": archive({"a.pdf": PDF})})) == "zip-entry"


@pytest.mark.parametrize(
    ("name", "inside", "words"),
    [
        ("بد.pdf", pdf(change=lambda document: samples.script_as_stream(document)), "JavaScript"),
        ("بد.png", PDF, "something else"),
        ("بد.jpg", jpg()[:200], "damaged"),
        ("بد.pdf", b"", "empty"),
        ("بد.pdf", pdf(501), "500"),
    ],
)
def test_each_entry_gets_the_same_look_and_is_named(name, inside, words):
    with pytest.raises(Exception, match="zip-entry") as refused:
        inspect(samples.uploaded("letter.zip", archive({"good.pdf": PDF, name: inside})), RULES)
    with translation.override("en"):
        message = str(refused.value.message)
    assert name in message
    assert words in message


@pytest.mark.parametrize(
    "name",
    [
        "../a.pdf",
        "b/../../a.pdf",
        "/a.pdf",
        "\\a.pdf",
        "C:\\a.pdf",
        "c:a.pdf",
        "b\\..\\a.pdf",
        "a\n.pdf",
        "fdp\u202efdp.pdf",
    ],
)
def test_names_that_lead_elsewhere_are_refused(name):
    info = entry("x")
    info.filename = name
    assert refusal("letter.zip", archive({info: PDF})) == "zip-name"


def test_a_name_cut_short_by_a_zero_is_refused():
    content = archive({"a.exe_.pdf": PDF}).replace(b"a.exe_.pdf", b"a.exe\0.pdf")
    assert refusal("letter.zip", content) in ("zip-name", "zip-damaged")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_are_refused(kind):
    assert refusal("letter.zip", archive({entry("a.pdf", kind | 0o777): b"/etc/passwd"})) == "zip-link"


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2000])
def test_a_locked_archive_is_refused(flag):
    content = patched(patched(archive({"a.pdf": PDF}), "local", 6, "<H", flag), "directory", 8, "<H", flag)
    assert refusal("letter.zip", content) == "zip-encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing_is_refused(method):
    assert refusal("letter.zip", archive({"a.pdf": PDF}, method)) == "zip-damaged"


def test_one_name_twice_is_refused():
    first, second = entry("a.pdf"), entry("A.PDF")
    assert refusal("letter.zip", archive({first: PDF, second: PDF})) == "zip-damaged"


def test_what_is_declared_is_bounded():
    big = PDF + b"\0" * (8 * MEGABYTE)
    content = archive({"a.pdf": big, "b.pdf": big, "c.pdf": big})
    assert len(content) < 100_000
    assert refusal("letter.zip", content) == "zip-too-big"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("size", [10, 2**32 - 2])
def test_sizes_that_lie_are_refused(size, method):
    content = archive({"a.pdf": PDF + b"\0" * MEGABYTE}, method)
    lying = patched(patched(content, "local", 22, "<I", size), "directory", 24, "<I", size)
    assert refusal("letter.zip", lying, Rules({"zip", "pdf"}, 2 * MEGABYTE)) in ("zip-damaged", "zip-too-big")


def test_a_bomb_that_declares_little_is_not_unpacked():
    """90 MB behind a declaration of as much as the look would see, with the right sum for that."""
    seen = PDF
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(seen + b"\0" * 90 * MEGABYTE) + packer.flush()
    content = archive({"a.pdf": packed}, zipfile.ZIP_STORED)
    for at, packing, value in [(8, "<H", 8), (14, "<I", zlib.crc32(seen)), (22, "<I", len(seen))]:
        content = patched(patched(content, "local", at, packing, value), "directory", at + 2, packing, value)
    with processor_time_below(1):
        assert refusal("letter.zip", content) == "zip-damaged"


def test_two_headers_that_disagree_are_refused():
    content = archive({"a.pdf": PDF})
    assert refusal("letter.zip", patched(content, "local", 8, "<H", 0)) == "zip-damaged"
    assert refusal("letter.zip", patched(content, "local", 14, "<I", 1)) == "zip-damaged"
    assert refusal("letter.zip", content.replace(b"a.pdf", b"a.exe", 1)) == "zip-damaged"


def overlapping(content):
    """The directory's second entry made to point at the first one's bytes."""
    second = content.index(b"PK\1\2", content.index(b"PK\1\2") + 4)
    changed = bytearray(content)
    struct.pack_into("<I", changed, second + 42, 0)
    return bytes(changed)


def test_entries_that_share_their_bytes_are_refused():
    content = overlapping(archive({"a.pdf": PDF, "b.pdf": PDF}))
    assert refusal("letter.zip", content) == "zip-damaged"
    assert refusal("letter.zip", content.replace(b"b.pdf", b"a.pdf")) == "zip-damaged"


def test_an_entry_that_the_directory_hides_is_refused():
    content = archive({"a.exe": b"MZ", "b.pdf": PDF})
    directory = content.index(b"PK\1\2")
    second = content.index(b"PK\1\2", directory + 4)
    end = bytearray(content[content.index(b"PK\5\6") :])
    struct.pack_into("<HHII", end, 8, 1, 1, len(content) - len(end) - second, directory)
    hiding = content[:directory] + content[second : len(content) - len(end)] + bytes(end)
    assert zipfile.ZipFile(io.BytesIO(hiding)).namelist() == ["b.pdf"]
    assert refusal("letter.zip", hiding) == "zip-damaged"


def test_something_before_or_after_the_archive_is_refused():
    content = archive({"a.pdf": PDF})
    assert refusal("letter.zip", b"MZ" + content) == "wrong-content"
    assert refusal("letter.zip", b"PK\3\4" + b"\0" * 60 + content) == "zip-damaged"
    assert refusal("letter.zip", content + b"<script>") in ("two-files-in-one", "zip-damaged")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_half_an_archive_is_refused(share):
    content = archive({f"{number}.pdf": PDF for number in range(9)})
    assert refusal("letter.zip", content[: int(len(content) * share)]) == "zip-damaged"


def test_pictures_that_are_huge_together_are_refused_in_time():
    blank = saved(Image.new("L", (6000, 6000)), "PNG")
    content = archive({f"{number}.png": blank for number in range(90)})
    assert len(content) < MEGABYTE
    with processor_time_below(4):
        assert refusal("letter.zip", content) == "zip-pictures-too-large"


def test_a_name_in_utf8_that_does_not_say_so_is_read():
    content = archive({"نامه.exe": PDF})
    plain = patched(patched(content, "local", 6, "<H", 0), "directory", 8, "<H", 0)
    with pytest.raises(Exception, match="zip-entry-kind") as refused:
        inspect(samples.uploaded("letter.zip", plain), RULES)
    assert "نامه.exe" in str(refused.value.message)


@pytest.mark.parametrize(("second", "code"), [("a.exe", "zip-name"), ("../a.pdf", "zip-name"), ("نامه.pdf", None)])
def test_a_second_name_may_say_nothing_else(second, code):
    info = entry("a.pdf")
    name = second.encode()
    info.extra = struct.pack("<2HBL", 0x7075, 5 + len(name), 1, zlib.crc32(b"other")) + name
    assert refusal("letter.zip", archive({info: PDF})) == code
