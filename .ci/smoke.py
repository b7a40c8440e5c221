"""From outside, as a stranger would: is a run of `make run` alive, and does the way from sign-in to receipt work?

    python .ci/smoke.py walk RUN_JSON     over HTTP; the security code is read from the database, the SMS from its file
    python .ci/smoke.py remains FOLDER    lists processes that still work in or on FOLDER; exits with 1 if there are any

It imports nothing of the project.
"""

import json
import os
import re
import stat
import struct
import sys
import time
import zlib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import psycopg
import requests

MOBILE = "09121234567"
RECEIPT_TITLE = "رهگیری پیشخوان خدمت الکترونیک"


class Forms(HTMLParser):
    """The forms of a page: `forms` is a list of (action, {name: value}), choices with their first real value."""

    def __init__(self, page: requests.Response):
        super().__init__()
        self.forms, self.select = [], None
        self.feed(page.text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.forms.append((found.get("action") or "", {}))
        if not self.forms:
            return
        fields = self.forms[-1][1]
        if tag == "input" and found.get("name") and found.get("type") not in ("submit", "file"):
            if found.get("type") not in ("radio", "checkbox"):
                fields[found["name"]] = found.get("value") or ""
            elif not fields.get(found["name"]):
                fields[found["name"]] = found.get("value") or "on"
        if tag == "textarea":
            fields[found["name"]] = ""
        if tag == "select":
            self.select = found["name"]
        if tag == "option" and self.select and found.get("value"):
            fields.setdefault(self.select, found["value"])

    def with_field(self, name):
        """The form that has this field. Raises SystemExit when the page has none."""
        for action, fields in self.forms:
            if name in fields:
                return action, dict(fields)
        raise SystemExit(f"no form with a field {name}; the page has {[sorted(fields) for _, fields in self.forms]}")


def picture() -> bytes:
    """A PNG of 8 × 8 white points, made by hand."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * 8) * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def expect(page: requests.Response, status: int, *texts: str) -> requests.Response:
    """Raises SystemExit, with the page's own complaint, unless the answer is as told."""
    absent = [text for text in texts if text not in page.text]
    if page.status_code != status or absent:
        complaints = re.findall(r'class="errorlist[^>]*>(.*?)</ul>', page.text, re.DOTALL)
        raise SystemExit(f"{page.request.method} {page.url}: {page.status_code}, without {absent}; {complaints}")
    return page


def security_code(database_url: str, key: str) -> str:
    with psycopg.connect(database_url) as connection:
        query = "SELECT response FROM captcha_captchastore WHERE hashkey = %s"
        return connection.execute(query, [key]).fetchone()[0]


def sms_code(path: Path, patience: float = 60) -> str:
    """Wait for the SMS with the code. Raises SystemExit when none comes."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        codes = [json.loads(line) for line in lines]
        codes = [line for line in codes if line["kind"] == "code" and line["to"].endswith(MOBILE[1:])]
        if codes:
            return re.findall(r"#(\d{6})\b", codes[-1]["text"])[-1]
        time.sleep(0.2)
    raise SystemExit(f"no SMS with a code within {patience:g} s")


def sign_in(browser: requests.Session, run: dict) -> None:
    page = expect(browser.get(run["url"] + "/desk/sign-in/"), 200, "دریافت کد")
    action, fields = Forms(page).with_field("mobile")
    keys = [value for name, value in fields.items() if re.fullmatch("[0-9a-f]{40}", value)]
    typed = {"mobile": MOBILE, "security_code": security_code(run["database_url"], keys[0])}
    page = expect(browser.post(urljoin(page.url, action), {**fields, **typed}), 200, "ورود به سامانه")
    action, fields = Forms(page).with_field("code")
    code = sms_code(Path(run["sms_file"]))
    expect(browser.post(urljoin(page.url, action), {**fields, "code": code}), 200, "ثبت درخواست", "پیگیری درخواست")


def send_letter(browser: requests.Session, run: dict) -> str:
    """Return the address of the receipt."""
    page = expect(browser.get(run["url"] + "/desk/letters/new/"), 200, "نام و نام خانوادگی", "موضوع درخواست")
    action, fields = Forms(page).with_field("subject")
    typed = {"sender_name": "لیلا نمونه", "subject": "آزمایش راه‌اندازی"}
    body = {"body_file": ("letter.png", picture(), "image/png")}
    page = expect(browser.post(urljoin(page.url, action), {**fields, **typed}, files=body), 200, RECEIPT_TITLE)
    if not page.url.endswith("/receipt/"):
        raise SystemExit(f"the letter led to {page.url}")
    return page.url


def walk(note: Path) -> None:
    if stat.S_IMODE(note.stat().st_mode) != 0o600:
        raise SystemExit(f"{note} can be read by others")
    run = json.loads(note.read_text())
    browser = requests.Session()
    for address in ("/healthz", "/readyz", "/", "/guide/", "/admin/login/", "/desk/sign-in/"):
        expect(browser.get(run["url"] + address), 200)
    ready = browser.get(run["url"] + "/readyz").json()
    if ready["degraded"]:
        raise SystemExit(f"degraded: {ready['degraded']}")
    sheet = re.search(r'href="(/static/[^"]+\.css)"', browser.get(run["url"] + "/").text)[1]
    expect(browser.get(run["url"] + sheet), 200)
    sign_in(browser, run)
    receipt = send_letter(browser, run)
    expect(browser.get(receipt), 200, RECEIPT_TITLE)
    sys.stdout.write(f"walked from sign-in to the receipt: {receipt}\n")


def remains(folder: Path) -> list[str]:
    """The processes that have the folder in their command, environment or working directory."""
    found, mark = [], str(folder).encode()
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) in (os.getpid(), os.getppid()):
            continue
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            if mark in told + os.readlink(process / "cwd").encode():
                found.append(f"{process.name} {(process / 'comm').read_text().strip()}")
        except OSError:  # Ended meanwhile, or not ours to look at.
            continue
    return found


def main() -> int:
    task, path = sys.argv[1], Path(sys.argv[2])
    if task == "walk":
        walk(path)
        return 0
    left = remains(path)
    sys.stdout.write("".join(f"still running: {process}\n" for process in left))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
