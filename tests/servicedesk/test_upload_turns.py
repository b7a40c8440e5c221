"""Files take turns: one of a person at a time, half of a process's threads at the most, nobody waits long for it."""

import re
import threading
import time
import uuid
from pathlib import Path

import pytest
from django.db import connection, transaction

from servicedesk.models import Attachment, Letter, LimitHit
from servicedesk.uploads import limits
from servicedesk.views import upload_turn
from tests.factories import make_citizen, upload

URL = "/desk/letters/new/"
BUSY = "فایل‌های دیگری در حال بررسی است"
pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def looking(monkeypatch):
    """Each look at a file waits until ``go`` is set; ``begun`` counts them."""

    class Looking:
        go, begun = threading.Event(), threading.Semaphore(0)
        count = 0

    real = Attachment.accept.__func__

    def accept(cls, *arguments, **options):
        Looking.count += 1
        Looking.begun.release()
        assert Looking.go.wait(20)
        return real(cls, *arguments, **options)

    monkeypatch.setattr(Attachment, "accept", classmethod(accept))
    yield Looking
    Looking.go.set()


def fields(to, **changes):
    told = {"form_key": str(uuid.uuid4()), "sender_name": "لیلا نمونه", "subject": "چراغ کوچه خاموش است"}
    return {**told, "unit": to.pk, "body_file": upload(), **changes}


class Beside:
    """A POST in a thread of its own. ``answer()`` waits for it."""

    def __init__(self, browser, data):
        self._browser, self._data, self._answer = browser, data, None
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def _send(self):
        try:
            self._answer = self._browser.post(URL, self._data)
        finally:
            connection.close()

    def answer(self):
        self._thread.join(30)
        return self._answer


def seconds(action):
    began = time.monotonic()
    return action(), time.monotonic() - began


def test_a_second_file_of_one_person_is_put_off_at_once_and_keeps_what_was_typed(
    leila, service, water, signed_in, looking
):
    first = Beside(signed_in(leila), fields(water))
    assert looking.begun.acquire(timeout=10)
    browser, data = signed_in(leila), fields(water, subject="نامهٔ دوم")
    answer, took = seconds(lambda: browser.post(URL, data))
    page = answer.content.decode()
    assert (answer.status_code, looking.count) == (422, 1)
    assert BUSY in page
    assert 'value="نامهٔ دوم"' in page
    assert took < 2
    looking.go.set()
    assert first.answer().status_code == 303
    assert browser.post(URL, data | {"body_file": upload()}).status_code == 303
    assert Letter.objects.count() == 2


def test_another_persons_file_is_looked_at_beside(leila, service, water, signed_in, looking):
    first, second = (Beside(signed_in(citizen), fields(water)) for citizen in (leila, make_citizen()))
    assert looking.begun.acquire(timeout=10)
    assert looking.begun.acquire(timeout=10)
    looking.go.set()
    assert {first.answer().status_code, second.answer().status_code} == {303}


def test_one_form_sent_twice_at_once_is_looked_at_once(leila, service, water, signed_in, looking, monkeypatch):
    # A look takes longer than a person's patience where the machine has other things to do.
    monkeypatch.setattr(upload_turn, "REPEAT_PATIENCE", 20)
    data = fields(water)
    first = Beside(signed_in(leila), data)
    assert looking.begun.acquire(timeout=10)
    second = Beside(signed_in(leila), data | {"body_file": upload()})
    time.sleep(0.3)
    looking.go.set()
    assert first.answer()["Location"] == second.answer()["Location"]
    assert (looking.count, Letter.objects.count()) == (1, 1)


def test_who_sends_file_after_file_is_not_waited_for(leila, service, water, signed_in, looking):
    with transaction.atomic():
        for _ in range(10):
            LimitHit.take("upload-by-citizen", leila.pk)
    data = fields(water)
    first = Beside(signed_in(leila), data)
    assert looking.begun.acquire(timeout=10)
    answer, took = seconds(lambda: signed_in(leila).post(URL, data | {"body_file": upload()}))
    assert (answer.status_code, looking.count) == (422, 1)
    assert took < 2
    looking.go.set()
    first.answer()


def test_files_take_half_of_a_processs_threads_at_the_most(leila, service, water, signed_in, looking):
    people = [make_citizen() for _ in range(limits.CHILDREN_AT_ONCE)]
    running = [Beside(signed_in(citizen), fields(water)) for citizen in people]
    for _ in running:
        assert looking.begun.acquire(timeout=10)
    answer, took = seconds(lambda: signed_in(leila).post(URL, fields(water)))
    assert (answer.status_code, BUSY in answer.content.decode()) == (422, True)
    assert took < 2
    assert not LimitHit.count("upload-by-citizen", leila.pk, seconds=60)
    looking.go.set()
    assert {one.answer().status_code for one in running} == {303}


def test_a_turn_ends_with_what_went_wrong_in_it(leila, service, water, signed_in, monkeypatch):
    def accept(*_, **__):
        raise RuntimeError

    browser = signed_in(leila)
    with monkeypatch.context() as patched:
        patched.setattr(Attachment, "accept", accept)
        for _ in range(limits.CHILDREN_AT_ONCE + 1):
            with pytest.raises(RuntimeError):
                browser.post(URL, fields(water))
    assert browser.post(URL, fields(water)).status_code == 303
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
        )
        assert cursor.fetchone() == (0,)


def test_both_ways_of_starting_have_twice_as_many_threads():
    root = Path(limits.__file__).parents[2]
    for file in ("config/local_run.py", "deploy/systemd/servicedesk-web.service"):
        [threads] = re.findall(r'--blocking-threads"?,? "?(\d+)', (root / file).read_text())
        assert int(threads) == 2 * limits.CHILDREN_AT_ONCE
