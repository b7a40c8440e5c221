"""The child process: bounded, alone, and gone afterwards, whatever a file makes it do."""

import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from servicedesk.uploads import limits, sandbox
from servicedesk.uploads.inspection import InspectionUnavailable, inspect
from servicedesk.uploads.verdict import Task
from tests.servicedesk.uploads import samples

SHORT = limits.ChildLimits(cpu=1, wall=10)
KINDS = {"odd": {"extensions": ["odd"], "magic": [], "inspector": "tests.servicedesk.uploads.misbehaving"}}


def look(word, bounds=SHORT, kinds=KINDS):
    return sandbox.look(word.encode(), Task("odd", 1024, kinds), bounds)


def children():
    own = str(os.getpid())
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[1] == own:
            found.add(stat.parent.name)
    return found


@pytest.mark.parametrize("word", ["hang", "spin", "eat", "segfault", "leave", "raise", "flood", "garbage"])
def test_a_child_that_misbehaves_is_a_refusal_and_leaves_nothing(word):
    before, start = children(), time.monotonic()
    verdict = look(word, limits.ChildLimits(cpu=1, wall=3))
    assert verdict.refused == "could-not-inspect"
    assert time.monotonic() - start < 9
    assert children() <= before


def test_processor_time_is_bounded_apart_from_the_clock():
    with samples.processor_time_below(3):
        assert look("spin", limits.ChildLimits(cpu=1, wall=60)).refused == "could-not-inspect"


def test_memory_is_bounded_apart_from_both(caplog):
    assert look("eat", limits.ChildLimits(cpu=20, wall=30)).refused == "could-not-inspect"
    assert "MemoryError" in caplog.text


def test_the_reason_of_a_crash_is_logged_without_what_the_file_said(caplog):
    look("raise")
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


def test_the_child_sees_no_variable_of_the_installation(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for strangers")
    verdict = look("environment")
    assert "SECRET_KEY" not in verdict.details["variables"]
    # The interpreter may set its own locale, nothing else.
    assert set(verdict.details["variables"]) <= {"LC_CTYPE"}


@pytest.mark.parametrize("word", ["file", "connection", "write"])
def test_the_child_opens_neither_file_nor_connection(word):
    verdict = look(word)
    assert verdict.details == {"error": errno.EMFILE}


def test_django_and_the_picture_libraries_stay_where_they_belong():
    loaded = (
        "import sys; sys.path[:] = sys.argv[1:]; from servicedesk.uploads import child, pdf, picture, zip; "
        "sys.exit('django' in sys.modules)"
    )
    paths = [path for path in sys.path if os.path.isabs(path)]
    assert subprocess.run([sys.executable, "-I", "-S", "-c", loaded, *paths], env={}, check=False).returncode == 0


def test_an_interpreter_that_is_not_there_is_our_fault(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(InspectionUnavailable) as unavailable:
        inspect(samples.uploaded("letter.pdf", samples.pdf()), samples.RULES)
    assert str(unavailable.value.message)


def test_a_library_that_is_not_there_is_our_fault():
    with pytest.raises(sandbox.Unavailable):
        look("leave", kinds={"odd": {**KINDS["odd"], "inspector": "no.such.module"}})


def test_too_little_memory_to_start_is_our_fault():
    with pytest.raises(sandbox.Unavailable):
        look("leave", limits.ChildLimits(memory=1024 * 1024))


def test_many_threads_at_once_take_turns_and_all_succeed():
    content, results = samples.pdf(), []
    threads = [
        threading.Thread(target=lambda: results.append(samples.refusal("letter.pdf", content))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [None] * 8


def test_no_turn_in_time_is_our_fault(monkeypatch):
    monkeypatch.setattr(limits, "CHILD_TURN", 0.1)
    taken = [sandbox._turns.acquire(timeout=5) for _ in range(limits.CHILDREN_AT_ONCE)]
    assert all(taken)
    try:
        with pytest.raises(InspectionUnavailable):
            samples.look("letter.pdf", samples.pdf())
    finally:
        for _ in taken:
            sandbox._turns.release()


def test_a_checkout_with_spaces_and_persian_in_its_path(tmp_path, monkeypatch):
    root = Path(limits.__file__).parents[2]
    odd = tmp_path / "میز خدمت (copy)"
    odd.mkdir()
    (odd / "servicedesk").symlink_to(root / "servicedesk")
    monkeypatch.setattr(sys, "path", [str(odd), *(path for path in sys.path if Path(path) != root)])
    assert samples.refusal("letter.pdf", samples.pdf()) is None
