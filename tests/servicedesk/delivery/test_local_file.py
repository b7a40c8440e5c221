"""The file of a local run."""

import json
import multiprocessing
import stat
from datetime import datetime

import pytest

from servicedesk.delivery.local_file import LocalFile
from servicedesk.delivery.message import Accepted
from tests.servicedesk.delivery.conftest import NUMBER, TEXT, failure, message


def test_one_json_line_a_message(tmp_path):
    path = tmp_path / "پیامک ها.jsonl"
    gateway = LocalFile(path.as_uri())
    assert gateway.send(message(), 4) == Accepted(None, "delivered")
    gateway.send(message(44, text="دو\nخط"), 4)
    first, second = map(json.loads, path.read_text().splitlines())
    assert datetime.fromisoformat(first.pop("at")).tzinfo
    assert first == {"id": "42", "to": NUMBER, "kind": "message", "text": TEXT}
    assert second["text"] == "دو\nخط"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_lines_of_many_processes_do_not_mix(tmp_path):
    path = tmp_path / "sms.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(path.as_uri(), start)) for start in (0, 1000, 2000)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    ids = {int(json.loads(line)["id"]) for line in path.read_text().splitlines()}
    assert ids == {*range(200), *range(1000, 1200), *range(2000, 2200)}


def test_a_file_that_cannot_be_written_is_the_gateways_fault(tmp_path):
    error = failure(LocalFile((tmp_path / "no" / "sms.jsonl").as_uri()).send, message(), 4)
    assert (error.reason, error.fault) == ("file_not_writable", "gateway")


def test_a_full_disk_is_told():
    assert failure(LocalFile("file:///dev/full").send, message(), 4).reason == "file_not_writable"


def test_it_cannot_be_asked(tmp_path):
    gateway = LocalFile((tmp_path / "sms.jsonl").as_uri())
    assert not gateway.can_look_up
    assert failure(gateway.look_up, message(), 4).reason == "cannot_look_up"


@pytest.mark.parametrize("size", [4, 5000])
def test_long_texts_stay_one_line(tmp_path, size):
    path = tmp_path / "sms.jsonl"
    LocalFile(path.as_uri()).send(message(text="ی" * size), 4)
    assert json.loads(path.read_text())["text"] == "ی" * size


def _write(url, start):
    gateway = LocalFile(url)
    for id in range(start, start + 200):
        gateway.send(message(id, text="متن " * 300), 4)
