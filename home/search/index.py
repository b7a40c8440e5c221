"""Reads pages for the search. Nobody tells it of a change: it looks for pages that say something else than was read.

So whatever published a page (an editor, the clock, a command, a restored backup), the next search knows.
"""

import logging
import time

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, F
from wagtail.models import Page

from home.models.search_entry import BEGINNING, READ_BY, SearchEntry, SearchWord
from home.search.reading import parts_of
from home.search.words import PAIR, grams, lexemes, vector

log = logging.getLogger(__name__)

_LOCK = 7_020_413  # any number: of an advisory lock, so that pages are read by one at a time
SHORTEST_WORD = 3  # letters; shorter ones resemble everything
LONGEST_SHOWN = 120
LATEST_FIRST = (F("last_published_at").desc(nulls_last=True), "-pk")


def unread():
    """The live pages of which something else is shown than was read."""
    return Page.objects.live().filter(depth__gt=1).exclude(Exists(SearchEntry.objects.of_outer_page()))


def refresh(most, seconds):
    """Reads at most ``most`` unread pages for about ``seconds``. Gives how many it has read.

    While another reads, and where the database takes no writes, nothing is read: whoever searches finds what is known.
    """
    if not unread().exists():
        return 0
    try:
        with transaction.atomic():
            if not _locked("pg_try_advisory_xact_lock"):
                return 0
            end, count = time.monotonic() + seconds, 0
            # Again, under the lock: another may just have read them.
            for page in unread().order_by(*LATEST_FIRST).select_related("locale")[:most]:
                _read(page)
                count += 1
                if time.monotonic() > end:
                    break
            return count
    except DatabaseError as error:
        log.warning("pages were not read for the search: %s", type(error.__cause__ or error).__name__)
        return 0


def rebuild():
    """Reads every live page again; searches see the old state until the new one is whole. Gives the number of pages."""
    with transaction.atomic():
        _locked("pg_advisory_xact_lock")
        SearchEntry.objects.all().delete()
        SearchWord.objects.all().delete()
        pages = list(unread().select_related("locale"))
        for page in pages:
            _read(page)
        return len(pages)


def _locked(function):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [_LOCK])
        return cursor.fetchone()[0] is not False


def _read(page):
    """``page`` is the bare one: were it published again before its words are read, it would count as unread still."""
    entries = [
        SearchEntry(
            page=page,
            place=place,
            kind=part.kind,
            anchor=part.anchor,
            number=part.number,
            day=part.day,
            title=part.title[:255],
            text=part.text,
            vector=vector((part.title, "A"), ("" if place else page.slug, "C"), (part.text, "D")),
            revision=page.live_revision_id or 0,
            published_at=page.last_published_at or BEGINNING,
            read_by=READ_BY,
        )
        for place, part in enumerate(parts_of(page.specific))
    ]
    SearchEntry.objects.filter(page=page).delete()
    SearchEntry.objects.bulk_create(entries)
    _learn(entries)


def _learn(entries):
    """Keeps the words of the entries; one that no page holds any more is forgotten by ``rebuild``."""
    shown = {}
    for entry in entries:
        for text in (entry.title, entry.text):
            for word, start, end in lexemes(text):
                if len(word) >= SHORTEST_WORD and not word.startswith(PAIR) and not word.isdecimal():
                    shown.setdefault(word, text[start:end])
    known = set(SearchWord.objects.filter(word__in=shown).values_list("word", flat=True))
    new = sorted(shown.keys() - known)
    words = [SearchWord(word=word, shown=shown[word][:LONGEST_SHOWN], grams=grams(word)) for word in new]
    SearchWord.objects.bulk_create(words, ignore_conflicts=True)
