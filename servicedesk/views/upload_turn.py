"""Who may have a file looked at now: a person one at a time, and all together half of a process's threads.

A thread that looks at a file, or waits for that, shows nobody a page. So whoever is too many is told to try again at
once, or after a moment: another's look is usually over in a tenth of a second, and a form sent twice at once gets the
receipt of the first. Turns are locks of the database's session: they end with it, whatever becomes of the process.
"""

import threading
import time
from contextlib import ExitStack, contextmanager
from hashlib import sha256

from django.db import DatabaseError, connection

from servicedesk.models import LimitHit
from servicedesk.uploads import limits

# A web process has twice as many threads (--blocking-threads).
_places = threading.BoundedSemaphore(limits.CHILDREN_AT_ONCE)
# Seconds that others are waited for, and the same form; the latter only for who sends so few files in a minute.
MOMENT, REPEAT_PATIENCE, FEW_FILES = 0.5, 5, 3
_PAUSE = 0.05


class Busy(Exception):
    """No turn now. Nothing was looked at."""


@contextmanager
def of_form(citizen, form_key):
    """The citizen's one turn, for this form. Gives whether the same form was in work until now: then nothing should be
    looked at again. Raises Busy."""
    with ExitStack() as held:
        form, person = f"upload:{citizen.pk}:{form_key}", f"upload:{citizen.pk}"
        repeated = not _lock(form)
        if repeated:
            _wait_for(form, citizen)
        held.callback(_unlock, form)
        if not _lock(person):
            raise Busy
        held.callback(_unlock, person)
        yield repeated


@contextmanager
def of_process():
    """One of the places that this process has for files. Raises Busy."""
    if not _places.acquire(timeout=MOMENT):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def _wait_for(form, citizen):
    if LimitHit.count("upload-by-citizen", citizen.pk, seconds=60) > FEW_FILES:
        raise Busy
    until = time.monotonic() + REPEAT_PATIENCE
    while not _lock(form):
        if time.monotonic() > until:
            raise Busy
        time.sleep(_PAUSE)


def _lock(name):
    return _asked("SELECT pg_try_advisory_lock(%s)", name)


def _unlock(name):
    try:
        _asked("SELECT pg_advisory_unlock(%s)", name)
    except DatabaseError:
        # With the session go its locks; given back to the pool it would keep them.
        if connection.connection is not None:
            connection.connection.close()
        connection.close()


def _asked(query, name):
    with connection.cursor() as cursor:
        cursor.execute(query, [int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)])
        return cursor.fetchone()[0]
