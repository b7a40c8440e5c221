"""Nothing accepted is lost, and nothing unreleased is served, behind whatever line a worker dies."""

import contextlib
import uuid

import pytest
from django.core.files.storage import storages

from servicedesk import checking
from servicedesk.checking import check_file, unchecked_files
from servicedesk.models import Attachment, Event
from servicedesk.uploads.store import StoreUnavailable
from tests.factories import make_attachment
from tests.servicedesk.files.steps import fresh, infected, letter_with, objects
from tests.servicedesk.uploads import samples

pytestmark = [pytest.mark.needs("clamd"), pytest.mark.django_db]
State, Place = Attachment.State, Attachment.Place


class Died(BaseException):
    """The worker's process ends here."""


CRASHES = ["put", "row", "remove"]


@pytest.mark.parametrize("content", [samples.pdf(), infected()], ids=["clean", "infected"])
@pytest.mark.parametrize("where", CRASHES)
def test_whatever_line_a_worker_dies_behind_the_sweep_completes_it(
    where, content, leila, water, scanner, monkeypatch, empty_store
):
    letter, file = letter_with(content, leila, water)
    others = objects() - {file.path}
    store = storages["letters"]

    def die(*args, **kwargs):
        raise Died

    with monkeypatch.context() as crash:
        if where == "row":
            crash.setattr(Attachment, "_ours", die)
        else:
            crash.setattr(store, where, die)
        with contextlib.suppress(Died):
            check_file(file.pk)
    row = fresh(file)
    assert row.state != State.RELEASED or store.has(row.path)
    Attachment.objects.filter(lease_until__isnull=False).update(lease_until="2020-01-01T00:00Z")
    for pk in unchecked_files(most=9):
        check_file(pk)
    row = fresh(file)
    assert row.state == (State.REMOVED if row.finding else State.RELEASED)
    assert objects() - others == (set() if row.finding else {f"clean/{row.key}"})
    assert Event.objects.filter(letter=letter, kind="file-removed").count() == bool(row.finding)


def test_of_two_workers_one_acts(leila, scanner):
    file = make_attachment(leila)
    assert Attachment.claim(file.pk) is not None
    assert Attachment.claim(file.pk) is None


def test_a_worker_whose_lease_ran_out_writes_nothing(leila, scanner):
    file = make_attachment(leila)
    slow = Attachment.claim(file.pk)
    Attachment.objects.update(lease_until="2020-01-01T00:00Z")
    Attachment.claim(file.pk)
    slow.release(b"x", scanned=True)
    assert fresh(file).state == State.PENDING


def test_a_file_let_go_while_it_is_being_scanned_leaves_nothing(leila, scanner, empty_store):
    file = make_attachment(leila)
    claimed = Attachment.claim(file.pk)
    content = claimed.open().read()
    file.discard()
    claimed.release(content, scanned=True)
    assert objects() == set()


def test_a_repeat_that_comes_after_the_release_leaves_one_object(leila, scanner, empty_store, monkeypatch):
    key = uuid.uuid4()
    file = make_attachment(leila, key)
    check_file(file.pk)
    assert make_attachment(leila, key).pk == file.pk
    # As if the row had not been there yet when the repeat looked.
    monkeypatch.setattr(Attachment.objects.none().__class__, "first", lambda self: None)
    assert make_attachment(leila, key).pk == file.pk
    assert objects() == {f"clean/{file.key}"}


def test_content_that_is_not_what_was_stored_is_not_released(leila, scanner):
    file = make_attachment(leila)
    Attachment.objects.update(sha256="0" * 64)
    check_file(file.pk)
    assert fresh(file).state == State.PENDING


def test_a_scanner_without_signatures_releases_nothing(leila, scanner, monkeypatch):
    monkeypatch.setattr(checking._Proof, "url", "")
    monkeypatch.setattr("servicedesk.uploads.scanner.EICAR", b"harmless")
    file = make_attachment(leila)
    check_file(file.pk)
    assert fresh(file).state == State.PENDING


def test_a_store_that_is_away_leaves_the_file_waiting(leila, scanner, monkeypatch):
    file = make_attachment(leila)

    def away(*args):
        raise StoreUnavailable

    monkeypatch.setattr(storages["letters"], "put", away)
    check_file(file.pk)
    assert fresh(file).state == State.PENDING
