"""Two hundred questions in one service."""

import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_unit
from tests.questions import make_form_service, many

pytestmark = pytest.mark.django_db
# What a form's view may ask of the database, and its page weigh compressed.
MOST_QUERIES, MOST_BYTES = 10, 60_000
# What every page of the desk asks for its frame, whichever it is: settings, menus, foot, banners.
FRAME = ("home_sitesettings", "home_menuitem", "home_banner", '"show_in_menus" AND')


def looked_at(citizen):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = citizen.open()
    return page, [query["sql"] for query in queries if not any(mark in query["sql"] for mark in FRAME)]


def test_two_hundred_questions_are_few_queries_and_few_bytes(citizen):
    for number in range(5):
        make_unit(f"واحد {number}")
    make_form_service(*many(200))
    citizen.open()  # The version is written down once.
    page, queries = looked_at(citizen)
    assert len(page.context["form"].outline.questions) == 200
    assert len(queries) <= MOST_QUERIES, "\n".join(queries)
    assert len(gzip.compress(page.content, 6)) <= MOST_BYTES


def test_the_queries_do_not_grow_with_the_questions(citizen):
    service = make_form_service(*many(1))
    citizen.open()
    _page, few = looked_at(citizen)
    service.form = many(200)
    service.save()
    citizen.open()
    _page, more = looked_at(citizen)
    assert len(more) == len(few)


def test_a_form_of_two_hundred_questions_is_sent(citizen):
    make_form_service(*many(200))
    assert citizen.send().status_code == 422  # The first one must be answered.
    form = citizen.open().context["form"]
    first = form.outline.questions[0].field_name
    assert citizen.send(**{first: "no"}).status_code == 303
