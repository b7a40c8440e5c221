"""The canary, objects without rows, letters kept too long, and a restore of everything."""

import re
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psycopg

from config.embedded.seaweedfs import make_bucket
from tests.faults.canary import found_in, sing
from tests.faults.promise import Promise, Result
from tests.faults.store_attack import client_of

LETTERS, LONGEST = 10_000, 300  # seconds
KEY = "a-key-of-the-fault-run-0123456789abcdef"
AGED = 100
# As if the last word in these letters were ten years old.
AGE = """
    WITH old AS (SELECT id FROM servicedesk_letter WHERE status = 'answered' ORDER BY id LIMIT %s),
    told AS (UPDATE servicedesk_event SET at = at - interval '10 years' WHERE letter_id IN (SELECT id FROM old))
    UPDATE servicedesk_letter SET submitted_at = submitted_at - interval '10 years',
        answered_at = answered_at - interval '10 years' WHERE id IN (SELECT id FROM old) RETURNING id
"""
PATHS = "SELECT ltrim(place || '/' || key, '/') FROM servicedesk_attachment WHERE state <> 'removed'"
COMPARED = ("letter", "attachment", "event", "reply", "outgoingmessage", "user")


def attack(stage):
    production = stage.production
    hits = found_in(production, sing(production))
    production.checked_files()
    rows = {f"letters/{path}" for [path] in production.rows(PATHS)}
    stored = production.objects()
    failed, _, complaint = production.command("-m", "tests.many_letters", str(stage.some(LETTERS)), seconds=600)
    assert not failed, complaint[-500:]
    overdue, kept = _retention(production)
    seconds, differing, count = _restore(production)
    where = f" in {', '.join(sorted(hits))}" if hits else ""
    figure = (
        f"canary {sum(hits.values())}{where}; {len(stored - rows)} orphans, {len(rows - stored)} rows without object;"
        f" {overdue} overdue, {kept} kept too long; {count} letters restored in {seconds:.0f} s,"
        f" {', '.join(differing) or 'nothing'} differs"
    )
    held = not (hits or stored ^ rows or overdue or kept or differing) and seconds <= LONGEST
    return Result(figure, held)


def _retention(production):
    """(letters that the command calls overdue, aged letters that nobody anonymised)."""
    aged = [letter for [letter] in production.rows(AGE, AGED)]
    with suppress(subprocess.TimeoutExpired):  # It goes on until nothing is due; what is left is counted.
        production.command("manage.py", "retention", "--now", seconds=120)
    _, said, _ = production.command("manage.py", "retention")
    query = "SELECT count(*) FROM servicedesk_letter WHERE id = ANY(%s) AND anonymised_at IS NULL"
    return int(re.search(r"overdue: (\d+)", said)[1]), production.one(query, aged)


def _restore(production):
    """(seconds, what differs, letters): a sealed backup, restored into an empty database and bucket of its own."""
    store, server = production.store, production.database_url.rpartition("/")[0]
    make_bucket(store.endpoint, store.access_key, store.secret_key, "restored")
    production.rows("CREATE DATABASE restored")
    before = _contents(production, store.bucket)
    elsewhere = {"DATABASE_URL": f"{server}/restored", "S3_BUCKET": "restored", "BACKUP_KEY": KEY}
    with tempfile.TemporaryDirectory(dir=production.state) as folder:
        archive = str(Path(folder) / "desk.backup")
        failed, _, complaint = production.command("manage.py", "backup", archive, seconds=600, BACKUP_KEY=KEY)
        assert not failed, complaint[-500:]
        began = time.monotonic()
        failed, said, complaint = production.command("manage.py", "restore", archive, seconds=900, **elsewhere)
        seconds = time.monotonic() - began
    assert not failed, complaint[-500:]
    differing = [] if "Restored and equal" in said else ["the command's own comparison"]
    with psycopg.connect(elsewhere["DATABASE_URL"], autocommit=True) as database:
        for name in COMPARED:
            query = f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY id)) FROM servicedesk_{name} t"
            if database.execute(query).fetchall() != production.rows(query):
                differing.append(name)
        [[letters]] = database.execute("SELECT count(*) FROM servicedesk_letter").fetchall()
    now, restored = _contents(production, store.bucket), _contents(production, "restored")
    # The workers go on meanwhile: what they print or remove while the backup is made may be in it or not.
    wrong = (before & now) - restored | restored - (before | now)
    areas = Counter(key.split("/")[0] for key, _hash in wrong)
    differing += [f"{area} ({count} files)" for area, count in sorted(areas.items())]
    return seconds, differing, letters


def _contents(production, bucket):
    """{(key, hash)} of a bucket's objects."""
    client = client_of(production)
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {(found["Key"], found["ETag"]) for page in pages for found in page.get("Contents", [])}


PROMISE = Promise(
    12,
    f"Canary, orphans, retention, restore of {LETTERS:,} letters",
    f"0 / 0 / 0, equal, <= {LONGEST // 60} min",
    attack,
)
