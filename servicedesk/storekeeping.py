"""Do the rows of the database and the objects of the store tell the same? Compared from both sides.

An object without a row is what a request left that ended between storing and writing; it is told of when it is a day
old, and removed only a day after that. A row without its object is a loss, and nothing here removes a row.
"""

import logging
import math
import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.storage import storages
from django.utils import timezone

from servicedesk.models import Alarm, Attachment
from servicedesk.models.alarm import Kind as AlarmKind

log = logging.getLogger(__name__)

GRACE = timedelta(hours=24)
BATCH = 500
# What one night looks at: a task may take two minutes, and `manage.py check_storage` looks at everything.
ROWS_A_NIGHT, NIGHT_SECONDS = 2000, 90
_PLACES = {
    Attachment.State.PENDING: {Attachment.Place.QUARANTINE},
    Attachment.State.RELEASED: {Attachment.Place.CLEAN, Attachment.Place.FIRST},
}


@dataclass
class Differences:
    """missing, sizes, misplaced: ids of rows without their object, of another length, or with content in the wrong
    place for their state. orphans: (key, time of writing) of objects older than a day that no row claims. whole: there
    was time to look at all that was to be looked at."""

    rows: int = 0
    objects: int = 0
    missing: list = field(default_factory=list)
    sizes: list = field(default_factory=list)
    misplaced: list = field(default_factory=list)
    orphans: list = field(default_factory=list)
    whole: bool = True

    def counts(self):
        """{word: how many}, of what is wrong."""
        return {name: len(getattr(self, name)) for name in ("missing", "sizes", "misplaced", "orphans")}

    def __bool__(self):
        return any(self.counts().values())


def compare(sample=None, seconds=math.inf):
    """Gives the Differences. ``sample`` asks the store for so many rows picked at random, instead of all.

    Raises StoreUnavailable."""
    found, now = Differences(), time.monotonic()
    _look_at_rows(found, sample, now + seconds / 2)
    _look_at_objects(found, now + seconds)
    return found


def remove_orphans(orphans, until=math.inf):
    """Removes objects (pairs of Differences.orphans) that still have no row, until the clock says ``until``.

    Gives how many, and the pairs for which there was no time. Raises StoreUnavailable."""
    removed = 0
    for number, (key, _) in enumerate(orphans):
        if time.monotonic() > until:
            return removed, orphans[number:]
        removed += Attachment.remove_unclaimed(key)
    return removed, []


def check_nightly():
    """Compares, tells people of what differs, and removes orphans that they were told of a day ago.

    Ends in time; what there was no time for is looked at in the next night. Raises StoreUnavailable."""
    until = time.monotonic() + NIGHT_SECONDS
    standing = Alarm.objects.open().filter(kind=AlarmKind.STORE_DIFFERS).first()
    found = compare(ROWS_A_NIGHT, NIGHT_SECONDS * 2 / 3)
    if standing:
        told = [pair for pair in found.orphans if pair[1] < standing.last_at - GRACE]
        _, left = remove_orphans(told, until)
        gone = set(told) - set(left)
        found.orphans = [pair for pair in found.orphans if pair not in gone]
    if found:
        Alarm.sound(AlarmKind.STORE_DIFFERS, **found.counts())
    elif found.whole:
        Alarm.settle(AlarmKind.STORE_DIFFERS)


def _look_at_rows(found, sample, until):
    rows = Attachment.objects.exclude(state=Attachment.State.REMOVED)
    rows = rows.order_by("?")[:sample] if sample else rows.order_by("pk")
    for row in rows.iterator(BATCH) if not sample else rows:
        if _is_over(until, found):
            break
        found.rows += 1
        if row.place not in _PLACES[row.state]:
            found.misplaced.append(row.pk)
        length = storages["letters"].bytes_of(row.path)
        if length != row.size:
            _note_unlike(found, row, length)


def _note_unlike(found, row, length):
    # It may have been moved or let go while we looked.
    now = Attachment.objects.filter(pk=row.pk).exclude(state=Attachment.State.REMOVED).first()
    if now is not None and now.path != row.path:
        length = storages["letters"].bytes_of(now.path)
    if now is None or length == now.size:
        return
    (found.missing if length is None else found.sizes).append(row.pk)


def _look_at_objects(found, until):
    """Objects come from a listing in batches; each batch is one question to the database."""
    batch, old = [], timezone.now() - GRACE
    for key, _, written in storages["letters"].listing():
        if _is_over(until, found):
            break
        found.objects += 1
        if written < old:
            batch.append((key, written))
        if len(batch) >= BATCH:
            _note_orphans(found, batch)
            batch = []
    _note_orphans(found, batch)


def _is_over(until, found):
    if time.monotonic() <= until:
        return False
    if found.whole:
        log.warning("no time to compare all of the store: %s rows, %s objects", found.rows, found.objects)
    found.whole = False
    return True


def _note_orphans(found, batch):
    rows = {row.key: row for row in Attachment.objects.filter(key__in=[_name(key) for key, _ in batch])}
    found.orphans += [(key, written) for key, written in batch if not _claimed(key, rows.get(_name(key)))]


def _claimed(key, row):
    return row is not None and row.claims(key)


def _name(key):
    return key.rpartition("/")[2]
