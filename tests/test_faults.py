"""`make faults` as an operator reads it: what counts as held, and what does not. (Itself it is run by hand.)"""

import re

import pytest

from tests import factories
from tests.faults.promise import NotTried, Promise, Result
from tests.faults.register import PROMISES
from tests.faults.report import Report
from tests.many_letters import free_codes


def say(result):
    def attack(stage):
        if isinstance(result, Exception):
            raise result
        return result

    return Promise(1, "Nothing is lost", "0 lost", attack)


@pytest.fixture
def report(tmp_path):
    return lambda scale=1: Report(scale, seed=1, folder=tmp_path)


def verdict(report, capsys):
    """(verdict as printed, exit code)."""
    code = report.finish()
    return re.search(r"Nothing is lost +(\w+)", capsys.readouterr().out)[1], code


def test_every_promise_of_the_table_is_tried_once():
    assert sorted(promise.number for promise in PROMISES) == list(range(1, 13))


@pytest.mark.parametrize(
    ("result", "scale", "expected"),
    [
        (Result("0 lost", held=True), 1, ("held", 0)),
        (Result("1 lost", held=False), 1, ("BROKEN", 1)),
        (Result("0 lost", held=True), 0.1, ("scaled", 1)),
        (Result("1 lost", held=False), 0.1, ("BROKEN", 1)),
        (NotTried("no nginx"), 1, ("BROKEN", 1)),
        (RuntimeError("the attack itself stumbled"), 1, ("BROKEN", 1)),
    ],
)
def test_only_a_whole_run_that_finds_nothing_counts_as_held(report, capsys, result, scale, expected):
    shown = report(scale)
    shown.add(say(result), stage=None)
    assert verdict(shown, capsys) == expected


def test_one_broken_promise_breaks_the_run_and_all_are_in_the_table(report, capsys, tmp_path):
    shown = report()
    for result in (Result("0 lost", held=True), NotTried("no clamd")):
        shown.add(say(result), stage=None)
    assert verdict(shown, capsys)[1] == 1
    table = (tmp_path / "faults.md").read_text()
    assert "| 1 | Nothing is lost | 0 lost | 0 lost | held |" in table
    assert "not tried: no clamd" in table


@pytest.mark.django_db
def test_ten_thousand_letters_take_no_code_twice(leila, water, service, monkeypatch):
    taken = factories.make_letter(leila, water, service=service).reference
    codes = iter([taken, "1000000003", "1000000003", "1000000015", taken, "1000000027"])
    monkeypatch.setattr("servicedesk.references.make", lambda: next(codes))
    assert free_codes(3) == {"1000000003", "1000000015", "1000000027"}
