"""`make bench`: a public page made anew and from the cache, as a ratio, and a storm of strangers after a publish."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.seed import pages

ROUNDS = 40
PAGES = ("/", "/guide/", "/en/guide/")
STRANGERS = 8
GZIP = {"Accept-Encoding": "gzip"}


def _get(address):
    began = time.perf_counter()
    assert Client().get(address, headers=GZIP).status_code == 200
    return time.perf_counter() - began


def _median(address):
    _get(address)
    return statistics.median(_get(address) for _ in range(ROUNDS))


def _queries(address):
    with CaptureQueriesContext(connection) as queries:
        _get(address)
    return len(queries)


@pytest.mark.django_db
def test_a_page_from_the_cache(admin_user):
    assert pages.fill_pages(author=admin_user)
    print(f"\n\n{'milliseconds, median of ' + str(ROUNDS):40}{'made':>10}{'kept':>10}{'ratio':>8}{'queries':>16}")
    for address in PAGES:
        # An address with a query is not kept.
        made, kept = _median(f"{address}?anew"), _median(address)
        counts = f"{_queries(f'{address}?anew')} and {_queries(address)}"
        print(f"{address:40}{made * 1000:10.1f}{kept * 1000:10.1f}{made / kept:8.1f}{counts:>16}")


def _one(address):
    try:
        return _get(address)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_storm_after_a_publish(admin_user):
    pages.fill_pages(author=admin_user)
    print(f"\n\n{str(STRANGERS) + ' threads, the last answer after (ms)':40}{'empty':>10}{'kept':>10}")
    for address in PAGES:
        with ThreadPoolExecutor(STRANGERS) as pool:
            list(pool.map(_one, [f"{address}?anew"] * STRANGERS))
            cache.clear()
            empty, kept = (max(pool.map(_one, [address] * STRANGERS)) for _ in range(2))
        print(f"{address:40}{empty * 1000:10.0f}{kept * 1000:10.0f}")
