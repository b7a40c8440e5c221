"""404 with a search in it."""

import re

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from home import not_found
from home.search import index
from servicedesk import references

pytestmark = pytest.mark.django_db


def box(page):
    return re.search(r'name="q" id="q" value="([^"]*)"', page).group(1)


def test_words_of_the_address_lead_to_guesses_and_are_not_said_back(client):
    index.rebuild()
    answer = client.get("/old-guide/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert box(page) == ""
    assert "شاید منظورتان این بود" in page
    assert '<a class="link-button" href="/guide/">راهنما</a>' in page
    assert '<meta name="robots" content="noindex">' in page


def test_in_english(client):
    index.rebuild()
    page = client.get("/en/Old_Guide/").content.decode()
    assert box(page) == ""
    assert 'href="/en/guide/">Guide</a>' in page


def test_persian_addresses(client):
    index.rebuild()
    page = client.get("/راهنمای-قدیم/").content.decode()
    assert box(page) == ""


@pytest.mark.parametrize("path", ["/desk/letters/{}/", "/{}/", "/letter-{}/", "/en/desk/nowhere/{}/", "/admin-{}.php"])
def test_no_number_of_a_letter_gets_into_the_box(client, path):
    code = references.make()
    page = client.get(path.format(code)).content.decode()
    assert code not in page


@pytest.mark.parametrize(
    "path", ["/wp-login.php", "/x/%3Cscript%3Ealert(1)%3C/script%3E/", "/" + "a/" * 300, "/\x01/", "/%F0%9F%98%80/"]
)
def test_odd_addresses_are_harmless(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.content.decode()


def test_it_does_without_a_database(monkeypatch):
    def away(*_args, **_kwargs):
        raise OperationalError("away")

    monkeypatch.setattr(not_found, "pages_named_like", away)
    answer = not_found.not_found(RequestFactory().get("/old-guide/"), None)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert box(page) == ""
    assert 'href="/desk/"' in page
