"""Finding entries: every word, then words that are spelled alike, then any word."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import islice

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BooleanField, CharField, F, FloatField, Func, Q, Value
from django.utils.translation import get_language
from wagtail.models import Page, Site

from home.models.search_entry import SearchEntry, SearchWord
from home.search.index import SHORTEST_WORD
from home.search.words import Query, grams

MOST_FOUND = 200
PATIENCE = "1500ms"  # of one statement
LOOKED_AT, OFFERED = 30, 5  # words that share trigrams; of them those that are tried
ALIKE = 0.7  # of difflib: one letter in four may differ


@dataclass(frozen=True)
class Found:
    """``how``: "all", "alike", "any" or "nothing". ``query`` is what was found; ``instead``: its words, where they are
    not those that were typed. ``pks``: of the entries, best first, at most MOST_FOUND."""

    how: str
    query: Query | None
    pks: list[int]
    instead: str = ""


def find(text):
    """``Found`` for a typed text, in the language in use."""
    query = Query.of(text)
    if query is None:
        return Found("nothing", None, [])
    with _bounded():
        if pks := _best(query, query.all_words()):
            return Found("all", query, pks)
        for other, instead in _alike(query):
            if pks := _best(other, other.all_words()):
                return Found("alike", other, pks, instead)
        if len(query.asked) > 1 and (pks := _best(query, query.any_word())):
            return Found("any", query, pks)
    return Found("nothing", query, [])


def pages_named_like(text, most):
    """At most ``most`` pages for the words of an address that leads nowhere, best first. Cheap: one statement."""
    query = Query.of(text)
    if query is None:
        return []
    with _bounded():
        names = [f"({query.one_word(place, 'AC')})" for place in query.asked]
        entries = _visible().filter(_matches(" | ".join(names)), place=0).annotate(rank=_rank(query.any_word()))
        return [entry.page for entry in entries.order_by("-rank", "pk").select_related("page")[:most]]


@contextmanager
def _bounded():
    """No statement keeps a connection busy for longer; raises OperationalError."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
        yield
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


def _visible():
    """Entries of pages that anybody may see now, as they are now, in the language in use."""
    language = get_language()
    below = Q()
    for root in Site.get_site_root_paths():
        if root.language_code == language:
            below |= Q(url_path__startswith=root.root_path)
    pages = Page.objects.live().public().filter(below) if below else Page.objects.none()
    return SearchEntry.objects.current().filter(page__in=pages)


def _tsquery(text):
    return Func(Value(text), template="(%(expressions)s)::tsquery")


def _matches(text):
    return Func(
        F("vector"), _tsquery(text), template="(%(expressions)s)", arg_joiner=" @@ ", output_field=BooleanField()
    )


def _rank(text):
    # 1: a long text does not win by its length.
    return Func(F("vector"), _tsquery(text), Value(1), function="ts_rank", output_field=FloatField())


def _best(query, tsquery):
    """Titles first, then whole words, then by rank."""
    found = _visible().filter(_matches(tsquery))
    ordered = found.order_by(
        _matches(query.all_words("A")).desc(),
        _matches(query.all_words(exactly=True)).desc(),
        _rank(query.any_word()).desc(),
        "page_id",
        "place",
    )
    return list(ordered.values_list("pk", flat=True)[:MOST_FOUND])


def _alike(query):
    """(query, words to show) with each word that is found nowhere replaced by one that is spelled alike; best first."""
    unknown = [place for place in query.asked if not _visible().filter(_matches(query.one_word(place))).exists()]
    if not unknown:
        return
    offers = {place: _offers(query.words[place]) for place in unknown}
    if not all(offers.values()):
        return
    # The best of each word together, then the second best, and so on.
    for choice in islice(zip(*offers.values(), strict=False), OFFERED):
        words, shown = list(query.words), list(query.words)
        for place, word in zip(unknown, choice, strict=True):
            words[place], shown[place] = word.word, word.shown
        yield replace(query, words=tuple(words)), " ".join(shown)


def _offers(word):
    """The ``SearchWord``s that are spelled most like ``word``."""
    if len(word) < SHORTEST_WORD:
        return []
    own = grams(word)
    shared = Func(
        Value(own, output_field=ArrayField(CharField())),
        template="(SELECT count(*) FROM unnest(home_searchword.grams) g WHERE g = ANY(%(expressions)s::varchar[]))",
        output_field=FloatField(),
    )
    near = SearchWord.objects.filter(grams__overlap=own).annotate(shared=shared).order_by("-shared", "word")[:LOOKED_AT]
    ratios = [(SequenceMatcher(None, word, one.word).ratio(), one) for one in near]
    alike = [(ratio, one) for ratio, one in ratios if ratio >= ALIKE]
    return [one for _ratio, one in sorted(alike, key=lambda pair: (-pair[0], pair[1].word))[:OFFERED]]
