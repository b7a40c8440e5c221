"""Making an archive from a running installation, without stopping it."""

import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from servicedesk.backup import tables
from servicedesk.backup.archive import ArchiveReader, ArchiveWriter
from servicedesk.backup.objects import Place, Store
from servicedesk.backup.refusals import BackupRefused

NAME = "servicedesk-%Y%m%dT%H%M%SZ"
SEALED, PLAIN = ".backup", ".tar"
ABANDONED = 86400  # seconds
ROWS_AT_ONCE = 2000
EVERY = 1000  # files between two lines of progress
# A file's key in the store, by SQL: the database may be a release behind the code and know no places yet.
PATH = "concat(nullif(to_jsonb(a) ->> 'place', '') || '/', a.key)"


def place_for(target, is_sealed, now=None):
    """The archive's path: ``target`` itself, or in it where it is a folder a name made of the time (UTC)."""
    target = Path(target)
    if not target.is_dir():
        return target
    return target / ((now or datetime.now(UTC)).strftime(NAME) + (SEALED if is_sealed else PLAIN))


def make(path, passphrase, say):
    """Writes the archive ``path`` and gives its manifest; ``say`` gets lines of progress.

    The database is read in one snapshot. A file is in the store before its row exists, so each row of the
    snapshot finds its object. Raises BackupRefused; then there is no archive.
    """
    with _written_whole(path) as target:
        writer, store = ArchiveWriter(target, passphrase), Store()
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            tables.speak_plainly(cursor)
            _write_tables(writer, cursor, say)
            lost = _write_objects(writer, store, _letter_files(), say)
            # Counters know no snapshot; read last, they are never behind a row.
            sequences = tables.sequences_here(cursor)
        moved = _write_moved(writer, store, lost)
        _write_objects(writer, store, store.keys("media"), say)
        gone = _gone_from_rows(lost)
        missing = [place for place in lost if place not in moved and place not in gone]
        manifest = writer.finish(sequences=sequences, removed_meanwhile=len(gone), missing=len(missing))
    return manifest


def verify(path, passphrase):
    """Reads an archive from end to end and gives its Contents. Raises BackupRefused where it cannot be trusted."""
    with _opened(path) as source:
        reader = ArchiveReader(source, passphrase)
        for _part in reader.parts():
            pass
        return reader.contents


def forget_old(folder, keep):
    """Removes all but the newest ``keep`` archives of a folder, and what a killed backup left a day ago; gives how
    many archives went."""
    for path in Path(folder).glob(".servicedesk-*.unfinished"):
        if path.stat().st_mtime < time.time() - ABANDONED:
            path.unlink()
    ours = sorted(path for path in Path(folder).glob("servicedesk-*Z.*") if path.suffix in (SEALED, PLAIN))
    old = ours[:-keep] if keep else []
    for path in old:
        path.unlink()
    return len(old)


def _write_tables(writer, cursor, say):
    found = tables.tables_here(cursor)
    writer.header(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        migrations=tables.migrations_done(),
        columns={table.name: table.columns for table in found},
    )
    rows = sum(writer.table(table.name, tables.rows_as_text(cursor, table)) for table in found)
    say(f"Database: {len(found)} tables, {rows} rows")


def _letter_files():
    """The files that the snapshot's rows name."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {PATH} FROM servicedesk_attachment a WHERE state <> 'removed' ORDER BY key")
        while keys := cursor.fetchmany(ROWS_AT_ONCE):
            yield from (Place("letters", key) for [key] in keys)


def _write_objects(writer, store, places, say):
    """Writes these files; gives the places where there was none."""
    lost = []
    for place, fetched in store.fetch_all(places):
        if fetched is None:
            lost.append(place)
            continue
        writer.object(fetched)
        if writer.objects % EVERY == 0:
            say(f"Files: {writer.objects}")
    return lost


def _write_moved(writer, store, lost):
    """A file may have been released, and so moved, since the snapshot: it is kept under the key that the
    snapshot's row has. Gives the places that were found so."""
    found = set()
    for place in lost:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {PATH} FROM servicedesk_attachment a WHERE key = %s", [_name(place)])
            now_at = [key for [key] in cursor.fetchall() if key != place.key]
        fetched = store.fetch(Place("letters", now_at[0])) if now_at else None
        if fetched is not None:
            fetched.place = place
            writer.object(fetched)
            found.add(place)
    return found


def _gone_from_rows(lost):
    """Those whose rows went meanwhile, too: removed, not lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM servicedesk_attachment WHERE state <> 'removed' AND key = ANY(%s)",
            [[_name(place) for place in lost]],
        )
        still_named = {key for [key] in cursor.fetchall()}
    return {place for place in lost if _name(place) not in still_named}


def _name(place):
    """What a file keeps when it moves from one folder of the store to another."""
    return place.key.rpartition("/")[2]


@contextmanager
def _opened(path):
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read ({error.strerror}).") from error
    with os.fdopen(descriptor, "rb") as source:
        yield source


@contextmanager
def _written_whole(path):
    """A file for its owner only, which gets its name when it is complete and on the disk."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        target = os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb")
    except OSError as error:
        raise BackupRefused(f"{path.parent} cannot be written to ({error.strerror}).") from error
    try:
        with target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
