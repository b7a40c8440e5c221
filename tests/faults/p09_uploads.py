"""Bad files and good ones, sent with the form; and what happens while the scanner is away."""

import io
import json
import logging
import re
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bs4 import BeautifulSoup

from servicedesk.uploads.scanner import EICAR
from tests.faults.promise import NotTried, Promise, Result
from tests.faults.store_attack import client_of
from tests.faults.visitor import Visitor
from tests.outside.running import ROOT
from tests.servicedesk.uploads.corpus import bad, good

log = logging.getLogger("faults")

SENDERS = 4
MOST_MEMORY = 256  # MB
# What the form says while others' files are being looked at, and how often a file is then sent again.
BUSY, TRIES = "فایل‌های دیگری در حال بررسی است", 60
# Seconds that files wait for a scanner that is away.
AWAY = 20
PREPARE = """
import json
from django.utils import translation
from servicedesk.models import DeskSettings
from servicedesk.uploads.refusals import SENTENCES
desk = DeskSettings.load()
desk.body_file_kinds = ["png", "jpg", "pdf", "zip", "docx", "doc"]
desk.save()
with translation.override("fa"):
    print(json.dumps({code: str(sentence) for code, sentence in SENTENCES.items()}))
"""


def attack(stage):
    production = stage.production
    if production.scanner is None:
        raise NotTried("the Debian package clamav-daemon is missing")
    sentences = {code: _pattern(text) for code, text in production.in_shell(PREPARE).items()}
    bad_files, good_files = list(bad()), list(good())
    every = max(1, round(1 / stage.scale))
    refusable = [file for file in bad_files if file.codes][::every]
    viruses = [file for file in bad_files if not file.codes][::every]
    peak, crashes = _memory(bad_files + good_files)
    wrong = _spread(production, refusable, lambda visitor, file: _is_refused_wrongly(visitor, file, sentences))
    with production.away("clamd"):
        sent = [key for key in _spread(production, viruses + good_files[:3], _sent) if key]
        production.pause(AWAY)
        early = _released(production, sent)
    good_keys = _spread(production, good_files[::every], _sent)
    production.checked_files()
    lost = len(good_keys) - _released(production, [key for key in good_keys if key])
    infected = _infected(production)
    figure = (
        f"{len(refusable)} bad: {sum(map(bool, wrong))} not refused in their own words; {len(viruses)} infected:"
        f" {early} released without scanner, {infected} ever; {len(good_keys)} good: {lost} not released;"
        f" {crashes} crashes, child <= {peak:.0f} MB"
    )
    held = not any(wrong) and not early and not infected and not lost and not crashes and peak <= MOST_MEMORY
    for text in filter(None, wrong):
        log.error("uploads: %s", text)
    return Result(figure, held)


def _pattern(sentence):
    """A sentence with places for figures as a regular expression."""
    return re.compile(".+?".join(map(re.escape, re.split(r"%\(\w+\)s|%%", _squeezed(sentence)))))


def _squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def _spread(production, files, act):
    """``act(visitor, file)`` for each file, by several citizens side by side; their results."""

    def some(number):
        visitor = Visitor(production).sign_in()
        return [act(visitor, file) for file in files[number::SENDERS]]

    with ThreadPoolExecutor(SENDERS) as pool:
        return [result for results in pool.map(some, range(SENDERS)) for result in results]


def _send(visitor, file):
    """The answer and the form; sent again as long as the desk is busy with others' files and asks for that."""
    fields, _ = visitor.letter_form()
    for _ in range(TRIES):
        answer = visitor.send(fields, {"body_file": (file.name, file.content, "application/pdf")})
        if BUSY not in _squeezed(_text(answer)):
            break
        visitor.run.pause(1)
    return answer, fields


def _text(answer):
    return BeautifulSoup(answer.text, "html.parser").get_text(" ")


def _sent(visitor, file):
    """The form's key if this file was taken, else None."""
    answer, fields = _send(visitor, file)
    return fields["form_key"] if answer.status_code == 303 else None


def _is_refused_wrongly(visitor, file, sentences):
    """What is wrong with the answer to a bad file, in a few words; "" if nothing is."""
    answer, _ = _send(visitor, file)
    if answer.status_code != 422:
        return f"{file.title}: answered with {answer.status_code}"
    page = _squeezed(_text(answer))
    told = {code for code, pattern in sentences.items() if pattern.search(page)}
    return "" if told & file.codes else f"{file.title}: told {sorted(told)} instead of {sorted(file.codes)}"


def _released(production, form_keys):
    query = "SELECT count(*) FROM servicedesk_attachment WHERE form_key = ANY(%s::uuid[]) AND state = 'released'"
    return production.one(query, form_keys)


def _infected(production):
    """How many files that may be fetched hold the test virus, unpacked as far as they can be."""
    client = client_of(production)
    clean = [key for key in production.stored() if key.startswith("letters/clean/")]
    contents = (client.get_object(Bucket=production.store.bucket, Key=key)["Body"].read() for key in clean)
    return sum(any(EICAR in part for part in _parts(content)) for content in contents)


def _parts(content):
    """A file as it is, and where it is an archive each file in it."""
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def _memory(files):
    """(peak of a child in MB, how many crashed): the same files through the inspection in a small process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, file in enumerate(files):
            (folder / str(number)).write_bytes(file.content)
        (folder / "index.json").write_text(json.dumps([[number, file.name] for number, file in enumerate(files)]))
        command = [sys.executable, "-m", "tests.servicedesk.uploads.corpus_run", name]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    return seen["peak"] / 2**20, len(seen["crashes"])


PROMISE = Promise(
    9,
    "Uploads: at least 150 bad files, 50 good ones, a scanner away",
    f"0 taken, 0 released, 0 crashes, <= {MOST_MEMORY} MB",
    attack,
)
