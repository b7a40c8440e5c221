"""Many bad files and good ones through the whole way: nothing crashes, each gets its own sentence, memory is kept."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation
from PIL.PngImagePlugin import PngInfo

from servicedesk.uploads import refusals
from servicedesk.uploads.scanner import EICAR, Found, Scanner
from tests.servicedesk.uploads import corpus, samples

ROOT = Path(__file__).resolve().parents[3]
MOST_MEMORY = 256 * 1024 * 1024
SCANNER_ADDRESS = "CLAMD_OF_THE_TESTS"


@pytest.fixture(scope="module")
def files():
    return [*corpus.bad(), *corpus.good()]


@pytest.fixture(scope="module")
def run(files, tmp_path_factory):
    """What became of each file: the answer of corpus_run, and where it wrote."""
    folder = tmp_path_factory.mktemp("corpus")
    for number, file in enumerate(files):
        (folder / str(number)).write_bytes(file.content)
    (folder / "index.json").write_text(json.dumps([[number, file.name] for number, file in enumerate(files)]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.servicedesk.uploads.corpus_run", str(folder)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout), folder


def test_there_are_enough_of_them(files):
    bad = [file for file in files if isinstance(file, corpus.Bad)]
    assert len(bad) >= 150
    assert len(files) - len(bad) >= 50


def test_nothing_crashes_nor_takes_too_long_nor_too_much(run, capsys):
    answer, _ = run
    with capsys.disabled():
        print(f"longest {answer['longest']:.2f} s, peak {answer['peak'] / 1e6:.0f} MB")
    assert answer["crashes"] == []
    assert answer["longest"] < 8
    assert answer["peak"] <= MOST_MEMORY


def test_every_bad_file_is_refused_in_words_that_fit(run, files):
    answer, _ = run
    wrong = []
    for number, file in enumerate(files):
        if isinstance(file, corpus.Bad) and file.codes:
            code = answer["verdicts"][str(number)]
            if code not in file.codes or code not in refusals.SENTENCES:
                wrong.append((file.title, code, sorted(file.codes)))
    assert wrong == []


@pytest.mark.needs("clamd")
def test_what_the_inspection_lets_through_the_scanner_finds(run, files):
    answer, folder = run
    scanner, missed = Scanner(os.environ[SCANNER_ADDRESS]), []
    for number, file in enumerate(files):
        if isinstance(file, corpus.Bad) and not file.codes and answer["verdicts"][str(number)] is None:
            stored = (folder / f"{number}.stored").read_bytes()
            if file.virus and not isinstance(scanner.scan(stored), Found):
                missed.append(file.title)
    assert missed == []


def test_every_good_file_is_accepted(run, files):
    answer, _ = run
    refused = [
        (file.title, answer["verdicts"][str(number)])
        for number, file in enumerate(files)
        if isinstance(file, corpus.Good) and answer["verdicts"][str(number)] is not None
    ]
    assert refused == []


def test_a_picture_keeps_no_virus_of_its_comments():
    text = PngInfo()
    text.add_text("Comment", EICAR.decode())
    for name, content in (
        ("a.png", samples.png(pnginfo=text)),
        ("a.png", samples.png() + EICAR),
        ("a.jpg", samples.jpg(comment=EICAR)),
        ("a.jpg", samples.jpg() + EICAR),
    ):
        assert EICAR not in samples.look(name, content).content


def test_no_two_refusals_say_the_same():
    with translation.override("en"):
        sentences = [str(sentence) for sentence in refusals.SENTENCES.values()]
    assert len(sentences) == len(set(sentences))
