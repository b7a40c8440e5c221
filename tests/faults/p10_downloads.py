"""Downloads: their headers, links that must not work, and what Chromium does with a file full of scripts."""

import time
from contextlib import suppress
from urllib.parse import urlsplit

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from tests.faults.promise import NotTried, Promise, Result
from tests.faults.store_attack import client_of, leaks_of_the_store
from tests.faults.visitor import Visitor
from tests.journey.browser import open_browser
from tests.outside.running import until
from tests.real_parts import executable

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
LINK_SECONDS = 61
# What a browser would run, under every type that a row of ours could be made to name.
RAN = "the script ran"
SCRIPT = f"<script>console.log('{RAN}')</script>"
HOSTILE = {
    "text/html": f"<!doctype html><html><body>{SCRIPT}</body></html>",
    "image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg">{SCRIPT}</svg>',
    "application/xhtml+xml": f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{SCRIPT}</body></html>',
    "application/pdf": f"%PDF-1.4\n<html>{SCRIPT}</html>",
    "image/png": f"\x89PNG\r\n\x1a\n<html>{SCRIPT}</html>",
    "application/zip": f"PK\x03\x04<html>{SCRIPT}</html>",
}


def attack(stage):
    if executable("chromium") is None:
        raise NotTried("the Debian package chromium is missing")
    owner = Visitor(stage.production).sign_in()
    files = [_file_page(owner) for _ in HOSTILE]
    old_links, taken = [_link(owner, path) for path in files], time.monotonic()
    bare = [problem for path in files for problem in _problems(owner.get(_link(owner, path)))]
    open_doors = _forged(owner, files)
    open_doors += leaks_of_the_store(stage.production)
    for path, (content_type, text) in zip(files, HOSTILE.items(), strict=True):
        _make_hostile(stage.production, path, content_type, text.encode("latin-1"))
    bare += [problem for path in files for problem in _problems(owner.get(_link(owner, path)))]
    ran = _run_in_chromium(owner, files)
    stage.production.pause(max(0, taken + LINK_SECONDS - time.monotonic()))
    open_doors += [f"after {LINK_SECONDS} s" for link in old_links if owner.get(link).status_code != 404]
    named = f" ({', '.join(sorted(set(bare + open_doors + ran)))})" if bare or open_doors or ran else ""
    figure = (
        f"headers missing {len(bare)}, doors open {len(open_doors)}, scripts that ran {len(ran)} of {len(files)}{named}"
    )
    return Result(figure, not (bare or open_doors or ran))


def _file_page(owner):
    """The address behind a letter's file, from where a link is given; once the file is released."""
    reference = owner.send_letter()
    query = (
        "SELECT a.id FROM servicedesk_attachment a JOIN servicedesk_letter l ON l.id = a.letter_id WHERE reference = %s"
    )
    path = f"/desk/letters/{reference}/files/{owner.run.one(query, reference)}/"
    until(lambda: owner.get(path, allow_redirects=False).status_code == 302, 60, "the file's release")
    return path


def _link(owner, path):
    return urlsplit(owner.get(path, allow_redirects=False).headers["Location"]).path


def _problems(answer):
    """What is missing in the headers of a download."""
    headers = answer.headers
    missing = [name for name, value in HEADERS.items() if headers.get(name) != value]
    disposition = headers.get("Content-Disposition", "")
    if not (disposition.startswith("attachment;") and "filename*=UTF-8''" in disposition):
        missing.append("Content-Disposition")
    if "no-store" not in headers.get("Cache-Control", ""):
        missing.append("Cache-Control")
    if "max-age" not in headers.get("Strict-Transport-Security", ""):
        missing.append("Strict-Transport-Security")
    return missing if answer.status_code == 200 else [f"status {answer.status_code}"]


def _forged(owner, files):
    """The names of those who came in by a link that is not theirs, or not ours."""
    stranger, other = Visitor(owner.run), Visitor(owner.run).sign_in()
    elsewhere = Visitor(owner.run, owner.mobile)
    # A number gets one code a minute; let that minute have passed.
    owner.run.rows("UPDATE servicedesk_limithit SET at = at - interval '61 seconds' WHERE name LIKE 'send-code-to-%%'")
    elsewhere.ask_for_code()
    elsewhere.enter(elsewhere.read_code(number=2))
    came_in = []
    for path in files:
        link = _link(owner, path)
        token = link.split("/")[3]
        people = {"anonymous": stranger, "another citizen": other, "another session": elsewhere}
        came_in += [name for name, one in people.items() if one.get(link).status_code != 404]
        forged = [_changed(token, place) for place in range(0, len(token), 7)] + [token[:-1], token + "A", "x"]
        came_in += ["tampered" for wrong in forged if owner.get(f"/desk/files/{wrong}/").status_code != 404]
        asked = {"anonymous": stranger, "another citizen": other}
        came_in += [f"{name} for a link" for name, one in asked.items() if _gives_link(one, path)]
    return came_in


def _changed(token, place):
    return token[:place] + ("B" if token[place] == "A" else "A") + token[place + 1 :]


def _gives_link(visitor, path):
    return "/desk/files/" in visitor.get(path, allow_redirects=False).headers.get("Location", "")


def _make_hostile(production, path, content_type, content):
    """Puts other bytes into the store and another type into the row: as if everything before had failed."""
    file_id = path.rstrip("/").rpartition("/")[2]
    key = production.one("SELECT ltrim(place || '/' || key, '/') FROM servicedesk_attachment WHERE id = %s", file_id)
    client_of(production).put_object(
        Bucket=production.store.bucket, Key=f"letters/{key}", Body=content, ContentType=content_type
    )
    production.rows(
        "UPDATE servicedesk_attachment SET content_type = %s, size = %s WHERE id = %s",
        content_type,
        len(content),
        file_id,
    )


def _run_in_chromium(owner, files):
    """The files whose script ran when their link was opened by somebody who may see them."""
    ran = []
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        context = browser.new_context(ignore_https_errors=True)
        heard = []
        context.on("console", lambda message: heard.append(message.text))
        page = context.new_page()
        page.set_content(HOSTILE["text/html"])
        assert RAN in heard, "a script that runs would not be noticed"
        cookies = [{"name": c.name, "value": c.value, "url": owner.run.url} for c in owner.browser.cookies]
        context.add_cookies([{**cookie, "secure": True} for cookie in cookies])
        for path, content_type in zip(files, HOSTILE, strict=True):
            heard.clear()
            with suppress(PlaywrightError):  # What we want: it saves the file instead of showing it.
                page.goto(owner.run.url + path)
            page.wait_for_timeout(300)
            if RAN in heard:
                ran.append(content_type)
    return ran


PROMISE = Promise(10, "Downloads: headers, links, store, scripts of files", "0 missing, 0 open, 0 ran", attack)
