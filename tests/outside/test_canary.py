"""Words and numbers that stand nowhere else go the whole way; then everything is searched for them. Only the database
and the store may know them."""

import base64
import io
import json
import re
import secrets
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pikepdf
import pytest
import redis

from tests.outside.citizen import Citizen, form_of
from tests.outside.running import ROOT, until

WORD = "".join(secrets.choice("گچپژکیهنملقفغ") for _ in range(12))
NAME, SUBJECT, ANSWER, IN_FILE = f"قناری {WORD}", f"موضوع {WORD}", f"پاسخ {WORD}", f"canary-{secrets.token_hex(8)}"
# Where the only two that may know keep their files.
ALLOWED = ("seaweedfs", "data", "postgresql")


def pdf_with_text():
    """A good PDF in whose page the canary can be read."""
    document, target = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(200, 200))
    document.pages[0].Contents = document.make_stream(f"% {IN_FILE}\n".encode())
    document.save(target, compress_streams=False)
    assert IN_FILE.encode() in target.getvalue()
    return target.getvalue()


def forms_of(word):
    return word, json.dumps(word)[1:-1], quote(word), str(word.encode())[2:-1]


class Canary:
    """What to look for, in each form in which a program may write it."""

    def __init__(self, citizen):
        self.words = {WORD, IN_FILE}
        self.numbers = {citizen.mobile, citizen.mobile[1:], citizen.e164}

    def add_numbers(self, *numbers):
        self.numbers |= set(numbers)

    def found_in(self, content):
        """The forms that stand in ``content`` (bytes)."""
        # Some programs write escapes, and others those with their backslashes doubled.
        plain = content.replace(rb"\\", b"\\")
        found = {form for word in self.words for form in forms_of(word) if form.encode() in plain}
        # Not inside of a longer number, nor as a fraction of a second.
        text = content.decode(errors="replace")
        persian = {number.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) for number in self.numbers}
        sought = "|".join(map(re.escape, self.numbers | persian))
        return found | set(re.findall(rf"(?<![\w.:+-])(?:{sought})(?![\w-])", text))


@pytest.fixture(scope="module")
def walk(run):
    """(citizen, canary, pages): everything has happened, and these answers came where something went wrong."""
    citizen = Citizen(run)
    citizen.ask_for_code()
    canary = Canary(citizen)
    pages = [citizen.enter("000000")]
    code = citizen.read_code()
    citizen.enter(code)
    fields, _ = citizen.letter_form()
    fields |= {"sender_name": NAME, "subject": SUBJECT}
    bad = ("نامه.pdf", f"no PDF: {IN_FILE}".encode(), "application/pdf")
    pages.append(citizen.send(fields, {"body_file": bad}))
    assert pages[-1].status_code == 422
    good = {"body_file": (f"{WORD}.pdf", pdf_with_text(), "application/pdf")}
    with refused_by_the_database(run):
        pages.append(citizen.send(fields, good))
        assert pages[-1].status_code == 500
    run.gateway.control("refuse", count=1)
    reference = citizen.reference_in(citizen.send(fields, good))
    canary.add_numbers(code, reference, f"{reference[:5]} {reference[5:]}")
    until(lambda: citizen.messages(reference)[0][1] == "failed", 30, "the refusal of the gateway")
    for path in (f"/desk/{citizen.mobile}/", f"/desk/letters/{reference}0/", f"/{quote(WORD)}/"):
        pages.append(citizen.get(path))
        assert pages[-1].status_code == 404
    assert citizen.get(f"/desk/letters/?q={quote(SUBJECT)}").status_code == 200
    track = form_of(citizen.get("/desk/track/"), "reference")
    assert citizen.post("/desk/track/", {**track, "reference": reference, "mobile": citizen.mobile}).status_code == 200
    answer_as_staff(run, reference)
    return citizen, canary, pages, reference


@contextmanager
def refused_by_the_database(run):
    """PostgreSQL refuses each new letter, and says so with the whole row."""
    run.rows(f"ALTER TABLE servicedesk_letter ADD CONSTRAINT canary CHECK (strpos(subject, '{WORD}') = 0) NOT VALID")
    try:
        yield
    finally:
        run.rows("ALTER TABLE servicedesk_letter DROP CONSTRAINT canary")


def answer_as_staff(run, reference):
    """A superuser signs in with a wrong and a right password and gives the final answer."""
    boss = Citizen(run)
    note = json.loads((run.state / "run.json").read_text())
    form = form_of(boss.get("/admin/login/"), "password")
    boss.post("/admin/login/", {**form, "username": "admin", "password": f"wrong-{IN_FILE}"})
    assert (
        boss.post("/admin/login/", {**form, "username": "admin", "password": note["sign_ins"]["admin"]}).status_code
        == 303
    )
    page = boss.get(f"/admin/desk/{reference}/")
    assert boss.get(f"/admin/desk/?q={quote(SUBJECT)}").status_code == 200
    answer = boss.post(f"/admin/desk/{reference}/answer/", {**form_of(page, "text"), "text": ANSWER})
    assert answer.status_code == 303


def files_of(run):
    """Everything that the run wrote, but for what the database and the store keep."""
    for path in sorted(run.state.rglob("*")):
        if path.relative_to(run.state).parts[0] not in ALLOWED and path.is_file():
            yield path


def test_no_file_of_the_run_knows_them(run, walk):
    _, canary, _, _ = walk
    looked = {path.relative_to(run.state).as_posix(): canary.found_in(path.read_bytes()) for path in files_of(run)}
    logs = {f"logs/{name}.log" for name in ("web", "worker", "beat", "standby", "postgresql", "valkey", "seaweedfs")}
    assert logs | {"supervisor.log"} <= looked.keys()
    assert any("appendonly" in name for name in looked), "the broker's own file was not looked at"
    assert {name: found for name, found in looked.items() if found} == {}


def test_the_error_itself_was_logged(run, walk):
    """What was searched is where the errors are."""
    log = (run.state / "logs/web.log").read_text()
    assert "IntegrityError" in log
    assert "23514" in log


def test_no_page_about_an_error_says_them_back(walk):
    citizen, canary, pages, _ = walk
    for page in pages:
        if page.status_code in (404, 500):
            assert canary.found_in(page.content) == set(), page.url
    # A form that failed shows its owner what he typed, and nobody else's code or number.
    assert citizen.mobile not in pages[0].text


def test_monitors_are_told_nothing(run, walk):
    _, canary, _, _ = walk
    for path in ("/readyz", "/healthz"):
        answer = run.get(path)
        assert canary.found_in(answer.content + str(answer.headers).encode()) == set()


def test_the_broker_and_the_cache_carry_ids_only(run, walk):
    citizen, canary, _, _ = walk
    run.gateway.control("hang", count=2)
    before = run.gateway.counts()["posts"]
    fields, files = citizen.letter_form()
    citizen.send(fields | {"sender_name": NAME, "subject": SUBJECT}, files)
    # One task is taken and under way, the next ones wait.
    until(lambda: run.gateway.counts()["posts"] > before or unacked(run), 20, "a task under way")
    with run.hung("worker"):
        for _letter in range(2):
            fields, files = citizen.letter_form()
            citizen.send(fields | {"sender_name": NAME, "subject": SUBJECT}, files)
        content = everything_in_valkey(run)
    assert b"servicedesk.deliver" in content, "no task was waiting"
    assert canary.found_in(content) == set()


def client(run):
    return redis.Redis.from_url(run.settings()["REDIS_URL"])


def unacked(run):
    with client(run) as valkey:
        return valkey.hlen("unacked")


def everything_in_valkey(run):
    """Each key with all that it holds, the bodies of tasks opened."""
    seen = []
    with client(run) as valkey:
        for key in valkey.scan_iter():
            kind = valkey.type(key).decode()
            read = {
                "string": lambda name: [valkey.get(name)],
                "list": lambda name: valkey.lrange(name, 0, -1),
                "hash": lambda name: [part for pair in valkey.hgetall(name).items() for part in pair],
                "set": valkey.smembers,
                "zset": lambda name: valkey.zrange(name, 0, -1),
            }[kind]
            seen += [key, *(value for value in read(key) if value)]
    bodies = [base64.b64decode(body) for value in seen for body in re.findall(rb'"body": ?"([A-Za-z0-9+/=]+)"', value)]
    return b"\n".join([*seen, *bodies])


def test_no_process_carries_them(run, walk):
    _, canary, _, _ = walk
    looked = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment, command = (process / "environ").read_bytes(), (process / "cmdline").read_bytes()
        except OSError:
            continue  # ended, or somebody else's
        if str(run.state).encode() in environment + command:
            looked += 1
            assert canary.found_in(environment + command) == set(), command
    assert looked > 5


def test_no_mobile_number_is_in_what_is_shipped():
    """But for the example that the documents and the forms show."""
    found = subprocess.run(
        [
            "git",
            "grep",
            "-hoP",
            r"(?<!\d)(\+98|0)9\d{9}(?!\d)",
            "--",
            "home",
            "servicedesk",
            "config",
            "site",
            "templates",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    # The last two belong to the made-up people in the guide's pictures.
    assert set(found.stdout.split()) <= {"+989123456789", "09123456789", "09120000000", "09120000001"}
