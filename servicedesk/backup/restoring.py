"""Bringing an archive back into an empty installation, and proving that it came back whole."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import groupby

import psycopg
from django.core.management import call_command
from django.db import connection, transaction

from servicedesk.backup import tables
from servicedesk.backup.archive import ArchiveReader
from servicedesk.backup.making import EVERY, verify
from servicedesk.backup.objects import AREAS, AT_ONCE, SMALL, Store
from servicedesk.backup.refusals import BackupRefused, Damaged
from servicedesk.models import OutgoingMessage

# The numbers that gateways know our messages by are never given out twice: those used since the archive was made are
# skipped, or a gateway would take a new message for an old one.
OUTBOX_NUMBERS = "servicedesk_outgoingmessage_id_seq"
SKIPPED = 1_000_000
# Whoever has rows here is somebody's installation. Pages do not count: the first ones come with the migrations.
SIGNS_OF_LIFE = ("servicedesk_user", "servicedesk_letter", "servicedesk_attachment", "servicedesk_outgoingmessage")


def restore(path, passphrase, say, *, call_off_messages=False):
    """Restores ``path`` and gives its Contents. Raises BackupRefused; then the database is as it was.

    The archive is read through and checked before anything is touched. The database comes back in one
    transaction, which ends when each table was read back and found equal; each file is read back, too.
    ``call_off_messages`` then closes, in the same transaction, the messages that waited to be sent.
    """
    contents = verify(path, passphrase)
    say("The archive is whole")
    _require_the_same_release(contents.header["migrations"])
    store = Store()
    _require_emptiness(store)
    call_command("migrate", interactive=False, verbosity=0)
    with open(path, "rb") as source, transaction.atomic(durable=True), connection.cursor() as cursor:
        tables.speak_plainly(cursor)
        _bring_back(ArchiveReader(source, passphrase), cursor, store, say)
        _compare(cursor, contents.manifest, store, say)
        _settle_messages(call_off_messages, say)
    return contents


def _require_the_same_release(theirs):
    ours = tables.migrations_of_the_code()
    if theirs == ours:
        return
    only_there, only_here = sorted(set(theirs) - set(ours)), sorted(set(ours) - set(theirs))
    example = (only_there or only_here)[-1]
    whose = "newer or another" if only_there else "an older"
    raise BackupRefused(
        f"The archive was made by {whose} release ({example} is on one side only). Check out the release that made "
        "it, restore there, then move on to this one and migrate."
    )


def _require_emptiness(store):
    here = set(connection.introspection.table_names())
    for name in SIGNS_OF_LIFE:
        if name not in here:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(name)} LIMIT 1")
            if cursor.fetchone():
                raise BackupRefused(f"This installation is not empty: {name} has rows. Restore into a new database.")
    for area in AREAS:
        if next(iter(store.keys(area)), None) is not None:
            raise BackupRefused(f"The bucket is not empty: there are files below {area}/. Restore into a new bucket.")


def _bring_back(reader, cursor, store, say):
    with _Putting(store, say) as putting:
        for kind, group in groupby(reader.parts(), key=lambda part: _group_of(*part)):
            match kind:
                case "header":
                    [(_, header)] = group
                    columns = _columns(cursor, header["columns"])
                    names = [*columns, *tables.READ_FROM_PAGES]
                    cursor.execute("TRUNCATE " + ", ".join(map(connection.ops.quote_name, names)) + " RESTART IDENTITY")
                case ("table", name):
                    _copy_in(cursor, columns[name], (piece for _, (_, piece) in group))
                case "object":
                    for _, fetched in group:
                        putting.put(fetched)
                case "manifest":
                    [(_, manifest)] = group
    tables.set_sequences(cursor, manifest["sequences"])


def _group_of(kind, value):
    return (kind, value[0]) if kind == "table" else kind


def _columns(cursor, theirs):
    """{name: Table} of this installation, which must have the archive's tables and columns."""
    ours = {table.name: table for table in tables.tables_here(cursor)}
    if {name: sorted(table.columns) for name, table in ours.items()} != {n: sorted(c) for n, c in theirs.items()}:
        raise BackupRefused("The tables of this installation are not those of the archive; is it another release?")
    for name, columns in theirs.items():
        ours[name].columns = columns
    return ours


def _copy_in(cursor, table, pieces):
    try:
        with cursor.copy(table.copy_in) as copy:
            for piece in pieces:
                copy.write(piece)
    except psycopg.Error as error:
        # Without PostgreSQL's own words, which quote the row.
        raise BackupRefused(f"{table.name} could not be brought back ({type(error).__name__}).") from None


def _compare(cursor, manifest, store, say):
    """Reads everything back and compares. Raises Damaged where something differs."""
    # Each row must find the rows that it points to, now and not when the transaction ends.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    rows = 0
    for table in tables.tables_here(cursor):
        wanted, found = manifest["tables"][table.name], tables.count_and_hash(cursor, table)
        if found != wanted:
            raise Damaged(f"{table.name} came back with {found['rows']} of {wanted['rows']} rows, or changed.")
        rows += found["rows"]
    say(f"Database: {len(manifest['tables'])} tables, {rows} rows, read back and equal")
    files = sum(1 for area in AREAS for _ in store.keys(area))
    if files != manifest["objects"]["count"]:
        raise Damaged(f"The store has {files} of {manifest['objects']['count']} files.")
    say(f"Files: {files}, {manifest['objects']['bytes']} bytes, read back and equal")
    last, given = manifest["sequences"].get(OUTBOX_NUMBERS, (0, True))
    if last:
        tables.set_sequences(cursor, {OUTBOX_NUMBERS: (last + SKIPPED, given)})


def _settle_messages(call_off, say):
    """What waited when the archive was made was perhaps sent since; only people know whether it shall go out again."""
    if call_off:
        say(f"{OutgoingMessage.objects.all().call_off()} messages that waited are called off")
    elif waiting := OutgoingMessage.objects.exclude(pk__in=OutgoingMessage.objects.ended()).count():
        say(f"{waiting} messages wait and will be sent when the workers start, though they may have been sent already")


class _Putting:
    """Puts files into the store, a few at a time, and compares what the store gives back."""

    def __init__(self, store, say):
        self._store, self._say, self._waiting, self._done = store, say, deque(), 0
        self._pool = ThreadPoolExecutor(AT_ONCE)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        while self._waiting and kind is None:
            self._look_at(*self._waiting.popleft())
        self._pool.shutdown(cancel_futures=True)

    def put(self, fetched):
        if fetched.size > SMALL:
            # It streams out of the archive, so nothing else may be read meanwhile.
            put = self._store.put(fetched)
            self._count(put == fetched.content.sha256)
            return
        content = fetched.content.read()
        wanted = fetched.content.sha256
        fetched.content = BytesIO(content)
        self._waiting.append((self._pool.submit(self._store.put, fetched), wanted))
        if len(self._waiting) >= AT_ONCE:
            self._look_at(*self._waiting.popleft())

    def _look_at(self, future, wanted):
        self._count(future.result() == wanted)

    def _count(self, is_equal):
        if not is_equal:
            raise Damaged("The store gave back another file than it was given.")
        self._done += 1
        if self._done % EVERY == 0:
            self._say(f"Files: {self._done}")
