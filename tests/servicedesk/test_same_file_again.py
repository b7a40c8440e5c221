"""The same file, sent again at the moment in which it is let go: a row never lacks its object."""

import uuid

import pytest
from django.core.files.storage import storages

from servicedesk.models import Attachment, DeskSettings
from servicedesk.storekeeping import remove_orphans
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(leila, service):
    """Sends one file of one form, as often as it is called."""
    key, rules = uuid.uuid4(), DeskSettings.load().body_file_rules
    content = factories.png(44, 44)
    return lambda: Attachment.accept(factories.upload("a.png", content), owner=leila, form_key=key, rules=rules)


def after_put(monkeypatch, act):
    """``act`` happens once, after the store was given the object and before its row is written."""
    store, acts = storages["letters"], [act]
    real = store.put

    def put(*arguments):
        real(*arguments)
        if acts:
            acts.pop()()

    monkeypatch.setattr(store, "put", put)


def assert_whole(file):
    assert Attachment.objects.get(pk=file.pk).path == file.path
    assert storages["letters"].has(file.path)


def test_sent_again_between_the_row_and_the_object_going(send, monkeypatch):
    first, real, again = send(), Attachment._remove_from, []

    def late(self, place):
        if not again:
            again.append(None)
            again.append(send())
        return real(self, place)

    monkeypatch.setattr(Attachment, "_remove_from", late)
    first.discard()
    assert_whole(again[1])


def test_object_going_between_the_put_and_the_row(send, monkeypatch):
    first = send()
    Attachment.objects.filter(pk=first.pk).delete()
    after_put(monkeypatch, lambda: first._remove_from(first.place))
    assert_whole(send())


def test_orphan_going_between_the_put_and_the_row(send, monkeypatch):
    first = send()
    Attachment.objects.filter(pk=first.pk).delete()
    after_put(monkeypatch, lambda: remove_orphans([(first.path, None)]))
    assert_whole(send())


def test_orphan_that_has_a_row_meanwhile_stays(send):
    file = send()
    assert remove_orphans([(file.path, None)]) == (0, [])
    assert_whole(file)
