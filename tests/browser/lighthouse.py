"""Lighthouse on a Town of its own: what a cheap phone makes of the screens that people see first and most.

    python -m tests.browser.lighthouse            accessibility, best practices and SEO 100, bytes within the budget
    python -m tests.browser.lighthouse --speed    performance, the median of five, at least 95

The first is a step of CI and says the same on any machine. The second depends on how busy the machine is.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import tools
from tests.browser.stage import CITIZEN, STRANGER, Stage, cookie_header, set_up
from tests.journey.browser import SWITCHES, open_browser
from tests.journey.town import Town
from tests.real_parts import executable

FULL = ("accessibility", "best-practices", "seo")
LEAST_SPEED, RUNS = 95, 5
# On a busy machine the browser's trace may come without its beginning, which says nothing about the page.
TRIES = 3
FIRST_VISIT = 60_000
BYTES = "total-byte-weight"


@dataclass(frozen=True)
class Shown:
    """A screen for Lighthouse. address: a gap is filled from the stage; page: or the first page of this type.

    personal: behind a sign-in, where no search engine comes or shall come, so whether one could list it is not asked.
    """

    name: str
    address: str = ""
    page: str = ""
    who: str = STRANGER
    most_bytes: int = FIRST_VISIT

    @property
    def skipped(self) -> tuple[str, ...]:
        return ("is-crawlable",) if self.who != STRANGER else ()


SHOWN = (
    Shown("home", "/"),
    # With the figures that lie so near that a browser fetches them ahead.
    Shown("guide", page="home.guidepage", most_bytes=110_000),
    Shown("service", "{service}"),
    Shown("news", page="home.newsindexpage"),
    Shown("a piece of news", page="home.newspage"),
    Shown("sign-in", "/desk/sign-in/"),
    Shown("form", "/desk/letters/new/", who=CITIZEN),
    Shown("receipt", "/desk/letters/{open}/receipt/", who=CITIZEN),
    Shown("list", "/desk/letters/", who=CITIZEN),
)


def address_of(shown: Shown, stage: Stage) -> str | None:
    """Where it is; None where this site has no such page."""
    if not shown.page:
        return stage.address(shown.address)
    page = stage.first_page(shown.page)
    return page.address if page else None


class NotMeasured(RuntimeError):
    """Lighthouse itself failed; the message says how."""


def measure(node: str, *about) -> dict:
    """Lighthouse's report on one address; see `_measure_once`."""
    for left in reversed(range(TRIES)):
        try:
            return _measure_once(node, *about)
        except NotMeasured as failure:
            if not left:
                raise
            print(f"    once more: {str(failure)[-120:].strip()}", flush=True)
    raise AssertionError("unreachable")


def _measure_once(node: str, url: str, cookie: str, categories: tuple[str, ...], skipped: tuple[str, ...]) -> dict:
    """Lighthouse's report on one address."""
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
        headers, report = Path(folder) / "headers.json", Path(folder) / "report.json"
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        command = [node, tools.package("lighthouse/cli/index.js"), url, "--quiet", "--no-enable-error-reporting"]
        command += [f"--only-categories={','.join(categories)}", f"--extra-headers={headers}"]
        command += [f"--chrome-flags=--headless=new {' '.join(SWITCHES)}", "--output=json", f"--output-path={report}"]
        command += [f"--skip-audits={','.join(skipped)}"] if skipped else []
        # Lighthouse looks at its own profile folder below TMPDIR.
        env = {**os.environ, "CHROME_PATH": executable("chromium"), "TMPDIR": folder}
        said = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)
        if said.returncode or not report.exists():
            raise NotMeasured(f"Lighthouse ended with {said.returncode}: {said.stderr[-2000:]}")
        found = json.loads(report.read_text())
    if error := found.get("runtimeError"):
        raise NotMeasured(f"Lighthouse could not look at {url}: {error}")
    if found["finalDisplayedUrl"] != url:
        raise RuntimeError(f"Lighthouse was led from {url} to {found['finalDisplayedUrl']}")
    return found


def bytes_of(report: dict) -> int:
    """What came over the line, headers and all."""
    return sum(one["transferSize"] for one in report["audits"]["network-requests"]["details"]["items"])


def below_full(report: dict) -> list[str]:
    """The audits for which a category is not full: "seo: meta-description: words"."""
    found = []
    for name in FULL:
        category = report["categories"][name]
        for part in category["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 1:
                where = [item.get("node", {}).get("selector", "") for item in audit.get("details", {}).get("items", [])]
                found.append(f"{name}: {audit['id']}: {audit['title']} {' '.join(where)}".strip())
        if category["score"] != 1 and not any(line.startswith(name) for line in found):
            found.append(f"{name}: {category['score']}")
    return found


def look_at_quality(node: str, stage: Stage, shown: Shown, address: str) -> tuple[str, list[str]]:
    """(the line of the table, what falls short)."""
    report = measure(node, stage.url + address, cookie_header(stage, shown.who), (*FULL, "performance"), shown.skipped)
    size, short = bytes_of(report), below_full(report)
    if size > shown.most_bytes:
        short.append(f"{size} bytes, more than {shown.most_bytes}")
    scores = " ".join(f"{round(100 * report['categories'][name]['score']):>4}" for name in FULL)
    return f"{scores} {size / 1000:>8.1f} kB", short


def look_at_speed(node: str, stage: Stage, shown: Shown, address: str) -> tuple[str, list[str]]:
    scores = []
    for _ in range(RUNS):
        report = measure(node, stage.url + address, cookie_header(stage, shown.who), ("performance",), ())
        scores.append(round(100 * report["categories"]["performance"]["score"]))
    median = statistics.median(scores)
    short = [f"performance {median} is below {LEAST_SPEED}"] * (median < LEAST_SPEED)
    return f"{median:>4} ({' '.join(map(str, sorted(scores)))})", short


def look_at_all(stage: Stage, node: str, *, speed: bool, only: str = "") -> int:
    """Prints the table; returns how many screens fall short."""
    print(
        "performance, median of 5" if speed else "accessibility, best practices, SEO, bytes of a first visit",
        flush=True,
    )
    look, troubles = look_at_speed if speed else look_at_quality, 0
    for shown in SHOWN:
        if only and shown.name != only:
            continue
        address = address_of(shown, stage)
        if address is None:
            print(f"{shown.name:<16} (there is no such page)", flush=True)
            continue
        line, short = look(node, stage, shown, address)
        print(
            f"{shown.name:<16} {line}  {address}{' without ' + ', '.join(shown.skipped) if shown.skipped else ''}",
            flush=True,
        )
        for trouble in short:
            print(f"    {trouble}", flush=True)
        troubles += bool(short)
    return troubles


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--speed", action="store_true")
    asked.add_argument("--only", default="")
    asked = asked.parse_args()
    if executable("chromium") is None:
        print("Chromium is missing (on Debian: apt-get install chromium).")
        return 1
    node = tools.prepare()
    with tempfile.TemporaryDirectory(prefix="servicedesk-lighthouse-", ignore_cleanup_errors=True) as folder:
        town = Town(Path(folder))
        try:
            town.wait()
            with sync_playwright() as playwright:
                browser = open_browser(playwright)
                stage = set_up(town, browser)
                browser.close()
            troubles = look_at_all(stage, node, speed=asked.speed, only=asked.only)
        finally:
            town.stop()
    print(f"{troubles} screens fall short" if troubles else "All as promised.")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
