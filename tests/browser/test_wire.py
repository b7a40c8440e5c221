"""Slow lines: what a first visit and a whole journey cost, through the shipped nginx, compressed as there."""

import subprocess
from urllib.parse import urlsplit

import pytest

from config.embedded.unprivileged import Home
from tests.browser.stage import WATER, picture
from tests.browser.wire import Line
from tests.journey.browser import PHONE, Watch
from tests.journey.citizen import Citizen
from tests.journey.town import wait_until
from tests.shipped_nginx import ShippedNginx

pytestmark = pytest.mark.needs("chromium", "nginx", "openssl")
FIRST_VISIT, JOURNEY = 60_000, 80_000
MOBILE = "09120000009"


class FrontOfTown(ShippedNginx):
    """The shipped file in front of a local run, which believes that it is reached by plain http."""

    def _site(self):
        text = super()._site()
        wanted = "proxy_http_version 1.1;"
        assert text.count(wanted) == 1
        return text.replace(wanted, f"{wanted} proxy_set_header Origin http://localhost;")


@pytest.fixture
def front(stage, tmp_path):
    """The address of nginx, by HTTP/2."""
    tmp_path.chmod(0o755)
    server = FrontOfTown(Home(tmp_path), urlsplit(stage.url).port)
    process = subprocess.Popen(server.child().argv)
    wait_until(server.is_ready, "nginx")
    yield f"https://localhost:{server.secure}"
    process.terminate()
    process.wait()


def test_first_visit_and_whole_journey_are_light(stage, front, capsys):
    watch = Watch(stage.watch.browser, front)
    leila = Citizen(watch.window(PHONE, ignore_https_errors=True), stage.town, MOBILE)
    line, page = Line(leila.page), leila.page
    page.goto("/", wait_until="networkidle")
    first = line.total
    # The sign beside the name is drawn by the icon's file, which comes anyway.
    assert page.locator("header .emblem use").evaluate("sign => sign.getBBox().width") > 20
    figures = [f"first visit: {line.in_words()}"]
    page.get_by_role("link", name="ورود و ثبت درخواست").first.click()
    leila.expect_title("ورود به پیشخوان")
    leila.sign_in()
    leila.expect_title("پیشخوان")
    leila.tap("link", "ثبت درخواست")
    leila.expect_title("ثبت درخواست")
    leila.fill("نام و نام خانوادگی", "لیلا نمونه")
    leila.fill("موضوع درخواست", "چراغ کوچه")
    leila.choose_unit(WATER)
    leila.choose_file("نامه.png", picture("")["buffer"])
    leila.tap("button", "ثبت درخواست", exact=True)
    leila.read_receipt()
    page.goto("/desk/letters/", wait_until="networkidle")
    figures.append(f"the whole journey: {line.in_words()}")
    with capsys.disabled():
        print("\n" + "\n".join(figures))
        print("\n".join(f"  {size:>6} {kind:<10} {path}" for path, kind, size in line.biggest(15)))
    watch.close()
    assert watch.wrong == []
    # Without these a forgotten event would pass for lightness.
    assert {"document", "stylesheet", "font", "script"} <= set(line.by_kind)
    assert line.protocols == {"h2"}
    assert first <= FIRST_VISIT
    assert line.total <= JOURNEY
