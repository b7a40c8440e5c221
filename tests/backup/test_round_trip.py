"""What was backed up comes back whole into an empty installation, and nowhere else."""

import os
import re
import stat

import psycopg
import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from servicedesk.backup import tables
from servicedesk.backup.restoring import SKIPPED
from servicedesk.models import OutgoingMessage
from tests.backup.conftest import KEY

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def everything(rows):
    """All that people would miss, of one installation."""
    return [
        rows("SELECT id, mobile, username, password FROM servicedesk_user ORDER BY id"),
        rows("SELECT reference, subject, sender_name, status, submitted_at FROM servicedesk_letter ORDER BY id"),
        rows("SELECT kind, remark, at, actor_id FROM servicedesk_event ORDER BY id"),
        rows("SELECT text, is_final FROM servicedesk_reply ORDER BY id"),
        rows("SELECT key, name, sha256, state FROM servicedesk_attachment ORDER BY key"),
        rows("SELECT id, text, recipient, state FROM servicedesk_outgoingmessage ORDER BY id"),
        rows("SELECT digest, language, content::text FROM servicedesk_formversion ORDER BY digest"),
        rows(
            "SELECT letter_id, question, value::text, text, folded FROM servicedesk_answer ORDER BY letter_id, position"
        ),
        rows("SELECT citizen_id, form_key, version_id, typed::text FROM servicedesk_draft ORDER BY form_key"),
        rows("SELECT user_id, service_title, letters, narrowed_by::text FROM servicedesk_staffexport ORDER BY id"),
        rows("SELECT letter_id, user_id, what, export_id FROM servicedesk_staffview ORDER BY id"),
        rows("SELECT path, title, url_path FROM wagtailcore_page ORDER BY path"),
        rows("SELECT app_label, model, id FROM django_content_type ORDER BY id"),
    ]


def here(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def test_database_and_files_come_back_equal(archive, elsewhere, empty_bucket):
    code, said, complaint = elsewhere.manage("restore", str(archive))
    assert (code, complaint) == (0, "")
    assert "Restored and equal" in said
    assert everything(elsewhere.rows) == everything(here)
    files = {found.key: found.get()["Body"].read() for found in empty_bucket.objects.all()}
    assert len(files) == 7
    assert elsewhere.objects() == files
    # The desk goes on from there: its counters stand behind the last rows, the SMS's far behind.
    assert elsewhere.rows("SELECT nextval('servicedesk_letter_id_seq')") == here(
        "SELECT nextval('servicedesk_letter_id_seq')"
    )
    [[number]] = elsewhere.rows("SELECT nextval('servicedesk_outgoingmessage_id_seq')")
    assert number > OutgoingMessage.objects.latest("pk").pk + SKIPPED
    assert elsewhere.manage("check")[0] == 0
    assert elsewhere.rows("SELECT 1 FROM django_session") == []


def test_what_is_said_holds_nothing_personal(town, archive, elsewhere):
    said = "".join(elsewhere.manage("restore", str(archive))[1:])
    said += "".join(elsewhere.manage("backup", "--verify", str(archive))[1:])
    for letter in town:
        assert letter.reference not in said
        assert letter.sender_name not in said
    assert "چراغ" not in said


def test_only_its_owner_can_read_the_archive_and_nothing_of_it_is_plain(town, archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    content = archive.read_bytes()
    for letter in town:
        assert letter.reference.encode() not in content
        assert letter.sender_name.encode() not in content
    assert list(archive.parent.iterdir()) == [archive]


def test_without_a_key_the_archive_is_plain_and_the_command_says_so(town, settings, tmp_path, capsys, elsewhere):
    settings.BACKUP_KEY = ""
    call_command("backup", str(tmp_path))
    assert "NOT ENCRYPTED" in capsys.readouterr().err
    [path] = tmp_path.iterdir()
    assert re.fullmatch(r"servicedesk-\d{8}T\d{6}Z\.tar", path.name)
    assert town[0].reference.encode() in path.read_bytes()
    assert elsewhere.manage("restore", str(path), BACKUP_KEY="")[0] == 0


def test_a_plain_archive_is_not_taken_for_a_sealed_one(town, settings, tmp_path, elsewhere):
    settings.BACKUP_KEY = ""
    path = tmp_path / "nightly.tar"
    call_command("backup", str(path))
    refused(elsewhere, path, "not sealed", BACKUP_KEY=KEY)


def test_the_oldest_archives_go(town, sealed, tmp_path):
    for day in range(1, 5):
        (tmp_path / f"servicedesk-2026010{day}T000000Z.backup").touch()
    (tmp_path / "somebody-elses").touch()
    killed, at_work = (tmp_path / f".servicedesk-{number}.backup.unfinished" for number in (1, 2))
    killed.touch()
    at_work.touch()
    os.utime(killed, (0, 0))
    call_command("backup", str(tmp_path), keep=3, verbosity=0)
    assert not killed.exists()
    at_work.unlink()
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left[:3] == [
        "servicedesk-20260103T000000Z.backup",
        "servicedesk-20260104T000000Z.backup",
        left[2],
    ]
    assert left[3:] == ["somebody-elses"]


def test_a_file_that_the_store_lost_is_told(town, sealed, tmp_path):
    storages["letters"].remove(town[0].body_file.path)
    with pytest.raises(CommandError, match="1 files that rows name are not in the store") as caught:
        call_command("backup", str(tmp_path / "desk.backup"), verbosity=0)
    assert caught.value.returncode == 3
    assert (tmp_path / "desk.backup").exists()


def refused(elsewhere, archive, words, **more):
    """Checking and restoring are refused with these words, and nothing was touched."""
    with override_settings(**more), pytest.raises(CommandError, match=words):
        call_command("backup", str(archive), verify=True)
    code, _, complaint = elsewhere.manage("restore", str(archive), **more)
    assert code == 1
    assert words in complaint
    assert "Traceback" not in complaint
    assert elsewhere.tables() == []
    assert elsewhere.objects() == {}


def test_another_key_is_refused(archive, elsewhere):
    refused(elsewhere, archive, "BACKUP_KEY is not the key", BACKUP_KEY="another-key-0123456789-0123456789-01")
    refused(elsewhere, archive, "set BACKUP_KEY", BACKUP_KEY="")


@pytest.mark.parametrize("where", [0.3, 0.999999])
def test_one_changed_byte_is_refused(archive, elsewhere, where):
    content = bytearray(archive.read_bytes())
    content[int(len(content) * where)] ^= 1
    archive.write_bytes(content)
    refused(elsewhere, archive, "changed or is cut short")


def test_an_archive_that_is_cut_short_is_refused(archive, elsewhere):
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])
    refused(elsewhere, archive, "cut short")
    # Between two frames.
    archive.write_bytes(content[: 67 + 2 * ((1 << 20) + 16)])
    refused(elsewhere, archive, "cut short")


def test_frames_in_another_order_are_refused(archive, elsewhere):
    content, frame = archive.read_bytes(), (1 << 20) + 16
    first, second = content[67 : 67 + frame], content[67 + frame : 67 + 2 * frame]
    archive.write_bytes(content[:67] + second + first + content[67 + 2 * frame :])
    refused(elsewhere, archive, "changed")


@pytest.mark.parametrize("what", ["a letter's text", "a picture", "the end"])
def test_a_plain_archive_that_was_changed_is_refused(town, settings, tmp_path, elsewhere, what):
    settings.BACKUP_KEY = ""
    path = tmp_path / "desk.tar"
    call_command("backup", str(path), verbosity=0)
    content = path.read_bytes()
    match what:
        case "a letter's text":
            content = content.replace("نمونه".encode(), "نمونخ".encode(), 1)
        case "a picture":
            content = content.replace(b"\x89PNG\r\n", b"\x89PNG\r\r", 1)
        case "the end":
            content = content[: content.index(b"manifest.json")]
    path.write_bytes(content)
    refused(elsewhere, path, "rchive", BACKUP_KEY="")


def test_an_installation_with_people_is_refused(archive, elsewhere):
    assert elsewhere.manage("restore", str(archive))[0] == 0
    letters = elsewhere.rows("SELECT * FROM servicedesk_letter ORDER BY id")
    code, _, complaint = elsewhere.manage("restore", str(archive))
    assert code == 1
    assert "not empty" in complaint
    assert elsewhere.rows("SELECT * FROM servicedesk_letter ORDER BY id") == letters


def test_a_bucket_with_files_is_refused(archive, elsewhere):
    elsewhere.client.put_object(Bucket=elsewhere.bucket, Key="letters/somebodys", Body=b"x")
    code, _, complaint = elsewhere.manage("restore", str(archive))
    assert code == 1
    assert "The bucket is not empty" in complaint
    assert elsewhere.tables() == []


def test_an_installation_that_was_migrated_and_is_unused_takes_it(archive, elsewhere):
    assert elsewhere.manage("migrate", "-v", "0")[0] == 0
    code, said, complaint = elsewhere.manage("restore", str(archive))
    assert (code, complaint) == (0, "")
    assert everything(elsewhere.rows) == everything(here)


def test_an_archive_of_another_release_is_refused(town, sealed, tmp_path, elsewhere):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'taggit' AND name LIKE '0006%'")
    try:
        call_command("backup", str(tmp_path / "desk.backup"), verbosity=0)
    finally:
        call_command("migrate", "taggit", fake=True, verbosity=0)
    code, _, complaint = elsewhere.manage("restore", str(tmp_path / "desk.backup"))
    assert code == 1
    assert "made by an older release" in complaint
    assert elsewhere.tables() == []


def test_letters_that_come_in_meanwhile_are_not_half_in_it(town, sealed, tmp_path, elsewhere, monkeypatch):
    """A letter that is sent between the reading of two tables is in the archive with all its rows or not at all."""
    plain = tables.rows_as_text
    others = []

    def slow(cursor, table):
        if table.name == "servicedesk_letter":
            url = f"{elsewhere.server}/{settings.DATABASES['default']['NAME']}"
            with psycopg.connect(url, autocommit=True) as other:
                others.append(other.execute("UPDATE servicedesk_letter SET subject = 'دیر'").rowcount)
        yield from plain(cursor, table)

    monkeypatch.setattr(tables, "rows_as_text", slow)
    call_command("backup", str(tmp_path / "desk.backup"), verbosity=0)
    assert others == [len(town)]
    assert elsewhere.manage("restore", str(tmp_path / "desk.backup"))[0] == 0
    assert elsewhere.rows("SELECT 1 FROM servicedesk_letter WHERE subject = 'دیر'") == []
