"""ZIPs as people's own programs write them pass, byte for byte, whatever else is refused."""

import io
import shutil
import struct
import subprocess
import zipfile
from dataclasses import replace

import pytest

from tests.servicedesk.uploads import word, zips
from tests.servicedesk.uploads.samples import RULES, jpg, look, pdf, png, refusal
from tests.servicedesk.uploads.zips import FOLDER, Entry, field, made, streamed

LETTER, PHOTO, SCAN = (
    Entry("مدارک/نامه.pdf".encode(), pdf(3), 8, 0x800),
    Entry(b"photo.jpg", jpg(), 8),
    Entry(b"scan.png", png()),
)
TIME, OWNER = struct.pack("<BL", 1, 1_700_000_000), struct.pack("<BBLBL", 1, 4, 501, 4, 20)
NTFS = struct.pack("<L2H3Q", 0, 1, 24, 1, 2, 3)
INFO_ZIP = pytest.mark.skipif(shutil.which("zip") is None, reason="Info-ZIP is not here")
SEVEN_ZIP = pytest.mark.skipif(shutil.which("7z") is None, reason="7-Zip is not here")


def explorer():
    """Windows: no folders of their own, no extra fields, names in UTF-8 where they must."""
    return made(*(replace(entry, system=0, attributes=0x20) for entry in (LETTER, PHOTO, SCAN)))


def finder():
    """macOS: files as a stream, folders not, owners in each header, names in UTF-8 that do not say so."""
    unix = {"extra": field(0x5855, bytes(12)), "attributes": 0o100644 << 16}
    folder = Entry("مدارک/".encode(), extra=unix["extra"], attributes=0o40755 << 16)
    files = [replace(streamed(entry), flags=8, method=8, **unix) for entry in (LETTER, PHOTO, replace(SCAN, method=8))]
    return made(folder, *files)


def android():
    """Java: everything as a stream, with the flag of UTF-8; some fill up with zeros to begin at a round number."""
    files = [replace(streamed(entry), flags=0x808, extra=bytes(3)) for entry in (LETTER, PHOTO)]
    return made(*files, replace(SCAN, flags=0x800))


def unsigned():
    """Sizes that follow without a signature, as the first descriptions of the format had it."""
    return made(*(streamed(entry, signature=b"") for entry in (LETTER, PHOTO)))


def with_known_sizes():
    """Sizes that follow though the header knew them already."""
    known = {"crc": LETTER.facts["crc"], "packed": LETTER.facts["packed"], "size": LETTER.facts["size"]}
    return made(streamed(LETTER, **known))


def large():
    """Large figures in a header that need not be, in front of a small directory."""
    told = field(1, struct.pack("<2Q", len(SCAN.content), len(SCAN.content)))
    return made(replace(SCAN, local={"packed": zips.LARGE, "size": zips.LARGE, "extra": told}))


def large_and_streamed():
    told = {"packed": zips.LARGE, "size": zips.LARGE, "extra": field(1, bytes(16))}
    return made(streamed(LETTER, packing="<L2Q", **told))


def zeros_for_large():
    """A place for large figures that was never filled, as some Word files have it."""
    return made(replace(LETTER, local={"extra": field(1, bytes(16))}))


def large_end():
    """An end in large figures, though the small ones would do."""
    body = SCAN.whole()
    directory = SCAN.record(0)
    both = zips.large_end(1, len(directory), len(body), len(body) + len(directory))
    return body + directory + both + zips.end(1, len(directory), len(body))


def winrar():
    """Times of NTFS in the directory, folders with the attribute of old, a remark."""
    folder = Entry(b"docs/", attributes=0x10, system=0)
    files = [replace(entry, extra=field(10, NTFS), local={"extra": b""}, system=0) for entry in (PHOTO, SCAN)]
    return made(folder, *files, comment="برای شهرداری\r\n".encode())


def packed_folder():
    """A folder packed like a file, as some libraries write it."""
    return made(Entry(b"docs/", b"", 8, attributes=FOLDER), PHOTO)


def unix():
    """Times and owner, shorter in the directory."""
    here, there = field(0x5455, TIME) + field(0x7875, OWNER), field(0x5455, b"\1" + bytes(8))
    return made(*(replace(entry, extra=here, local={"extra": there}) for entry in (PHOTO, SCAN)))


def moved():
    """A directory in another order than its files."""
    return made(PHOTO, SCAN, LETTER, order=[2, 0, 1])


@pytest.mark.parametrize(
    "make",
    [
        explorer,
        finder,
        android,
        unsigned,
        with_known_sizes,
        large,
        large_and_streamed,
        large_end,
        zeros_for_large,
        winrar,
        packed_folder,
        unix,
        moved,
    ],
)
def test_an_archive_as_this_program_writes_it_passes(make):
    content = make()
    assert look("letter.zip", content).content == content


def test_office_keeps_room_in_its_headers():
    room = field(0xA220, struct.pack("<2H", 0xA028, 500) + bytes(500))
    with zipfile.ZipFile(io.BytesIO(word.docx())) as plain:
        parts = [Entry(name.encode(), plain.read(name), 8, 6) for name in plain.namelist()]
    first = replace(parts[0], local={"extra": room})
    assert refusal("letter.docx", made(first, *parts[1:]), replace(RULES, kinds=frozenset({"docx"}))) is None


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "مدارک"
    (folder / "empty").mkdir(parents=True)
    (folder / "نامه.pdf").write_bytes(pdf(2))
    (folder / "photo.jpg").write_bytes(jpg())
    (folder / "scan.png").write_bytes(png())
    return folder


def run(folder, *command):
    """What the program wrote to its output or to x.zip."""
    done = subprocess.run(command, cwd=folder.parent, capture_output=True, check=True)
    file = folder.parent / "x.zip"
    return file.read_bytes() if file.exists() else done.stdout


@INFO_ZIP
@pytest.mark.parametrize("options", ["-r", "-rX", "-r0", "-rD", "-rfd", "-rfz", "-r9"])
def test_info_zip(folder, options):
    assert refusal("letter.zip", run(folder, "zip", "-q", options, "x.zip", folder.name)) is None


@INFO_ZIP
def test_info_zip_as_a_stream_and_after_changes(folder):
    assert refusal("letter.zip", run(folder, "zip", "-qr", "-", folder.name)) is None
    run(folder, "zip", "-qr", "x.zip", folder.name)
    run(folder, "zip", "-qd", "x.zip", f"{folder.name}/scan.png")
    (folder / "new.png").write_bytes(png())
    assert refusal("letter.zip", run(folder, "zip", "-qr", "x.zip", folder.name)) is None


@SEVEN_ZIP
@pytest.mark.parametrize("options", [[], ["-mx=0"], ["-mcu=on"], ["-mtc=on"]])
def test_7_zip(folder, options):
    assert refusal("letter.zip", run(folder, "7z", "a", "-tzip", *options, "x.zip", folder.name)) is None


def test_pythons_own(folder):
    shutil.make_archive(str(folder.parent / "x"), "zip", folder)
    assert refusal("letter.zip", run(folder, "true")) is None
