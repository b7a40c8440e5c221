"""Archives that somebody made by hand are told to be damaged, whatever is in them."""

import io
import tarfile

import pytest

from servicedesk.backup import archive
from servicedesk.backup.archive import ArchiveReader
from servicedesk.backup.refusals import Damaged

HEADER = ("header.json", tarfile.REGTYPE, b'{"format": 1}')


def forged(*members):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        for name, kind, content in members:
            member = tarfile.TarInfo(name)
            member.type, member.size = kind, len(content)
            tar.addfile(member, io.BytesIO(content))
    target.seek(0)
    return target


@pytest.mark.parametrize(
    "members",
    [
        [("header.json", tarfile.DIRTYPE, b"")],
        [("header.json", tarfile.FIFOTYPE, b"")],
        [("header.json", tarfile.REGTYPE, b"[1]")],
        [("header.json", tarfile.REGTYPE, b"[" * 200_000)],
        [HEADER, ("tables/x/000000", tarfile.DIRTYPE, b"")],
        [HEADER, ("manifest.json", tarfile.REGTYPE, b"[]")],
    ],
)
def test_forged_archive_is_damaged(members):
    with pytest.raises(Damaged):
        list(ArchiveReader(forged(*members), "").parts())


@pytest.mark.parametrize("name", ["tables/x/000000", "index/000000", "manifest.json"])
def test_member_too_large_to_read_is_damaged(monkeypatch, name):
    monkeypatch.setattr(archive, "LARGEST", 100)
    with pytest.raises(Damaged, match="no archive of the service desk does"):
        list(ArchiveReader(forged(HEADER, (name, tarfile.REGTYPE, b" " * 101)), "").parts())
