"""Questions and answers by subject: each answer has an address that stays."""

import re

import pytest

from home.models import QuestionsPage

pytestmark = pytest.mark.django_db


def anchors():
    """As a page that is read anew shows them; what strangers see may be kept for a while."""
    page = QuestionsPage.objects.get(locale__language_code="fa")
    return [question.anchor for subject in page.by_subject() for question in subject.questions]


def test_each_answer_has_an_address_that_stays(filled):
    first = anchors()
    assert len(first) > 12
    assert len(set(first)) == len(first)
    assert anchors() == first


def test_the_anchor_stands_inside_what_is_closed(client, filled):
    """Browsers open a closed question for a link to something inside it, not for one to the question itself."""
    words = client.get("/questions/").content.decode()
    assert re.search(r"<details><summary>[^<]+</summary><div class=.prose. id=.q-", words)


def test_subjects_can_be_jumped_to(client, filled):
    words = client.get("/questions/").content.decode()
    for anchor in re.findall(r'href="#(s-\w+)"', words):
        assert f'id="{anchor}"' in words


def test_language_switch_leads_to_the_same_page(client, filled):
    assert re.search(r'href="[^"]*/en/questions/"', client.get("/questions/").content.decode())
    assert client.get("/en/questions/").status_code == 200
