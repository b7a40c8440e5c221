"""Letting an accepted file go, by its owner or by time, at the moment in which its letter is sent."""

import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from servicedesk.models import Attachment
from servicedesk.models.attachment import DRAFT_DAYS
from servicedesk.models.letter import Letter
from servicedesk.models.verbs.arriving import LetterContent
from servicedesk.purging import purge_unsent_files
from tests.factories import make_attachment

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def kept(leila):
    """A file so old that the purge wants it, too."""
    file = make_attachment(leila, form_key=uuid.uuid4())
    Attachment.objects.filter(pk=file.pk).update(created_at=timezone.now() - timedelta(days=DRAFT_DAYS, minutes=1))
    return file


def sent_while(letting_go, leila, water, service, file):
    """The letter of ``file``, sent in a transaction that ends when ``letting_go`` already waits for it."""

    def other():
        try:
            letting_go()
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        content = LetterContent(sender_name="لیلا", subject="چراغ", unit=water, body=file)
        letter = Letter.submit(citizen=leila, service=service, form_key=file.form_key, content=content)
        thread.start()
        _wait_until_somebody_waits_or_is_done(thread)
    thread.join()
    return Letter.objects.get(pk=letter.pk)


def _wait_until_somebody_waits_or_is_done(thread):
    deadline = time.monotonic() + 10
    while thread.is_alive():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_removing_it_in_another_tab_takes_nothing_from_the_letter(signed_in, leila, water, service, kept):
    browser = signed_in(leila)

    def remove():
        browser.post("/desk/letters/new/", {"form_key": str(kept.form_key), "remove_file": str(kept.pk)})

    assert sent_while(remove, leila, water, service, kept).body_file == kept


def test_the_purge_takes_nothing_from_the_letter(leila, water, service, kept):
    assert sent_while(purge_unsent_files, leila, water, service, kept).body_file == kept
    with kept.open() as content:
        assert content.read()


def test_the_purge_takes_what_was_never_sent(kept):
    purge_unsent_files()
    assert not Attachment.objects.exists()
