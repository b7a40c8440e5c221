"""Editors at work in a real browser on a whole running system, and what strangers see of it, through the cache."""

import random
import re
from datetime import timedelta
from urllib.parse import quote

import jdatetime
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from servicedesk.persian import ascii_digits, persian_digits
from tests.factories import png
from tests.journey.browser import PHONE
from tests.journey.town import wait_until

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def stranger(watch):
    """Somebody who is not signed in; what he sees comes from the cache wherever it can."""
    return watch.window(PHONE)


def seen(page, address):
    """(status, text of the main part), asked twice: a page that was made and one that was kept are the same."""
    first, second = (page.goto(address) for _time in range(2))
    assert first.status == second.status
    return second.status, page.locator("main").inner_text()


def a_number():
    """As editors write it."""
    return persian_digits(random.randrange(1000, 10_000))


def test_from_blocks_to_a_live_page_and_back_again(negar, reviewer, stranger):
    title = f"راه رسیدن {a_number()}"
    address = f"/{quote(title.replace(' ', '-'))}/"
    assert seen(stranger, address)[0] == 404

    negar.make_page(title, "از میدان تا ساختمان پیاده بیایید.", png(900, 600, "teal"), "نقشهٔ راه از میدان")
    negar.do("action-submit")
    assert seen(stranger, address)[0] == 404

    reviewer.approve(title)
    status, words = seen(stranger, address)
    assert status == 200
    assert "از میدان تا ساختمان پیاده بیایید." in words
    picture = stranger.get_by_role("img", name="نقشهٔ راه از میدان")
    picture.scroll_into_view_if_needed()
    wait_until(lambda: picture.evaluate("image => image.complete && image.naturalWidth > 0"), "the picture")

    change(reviewer, title, "اکنون خط دو هم می‌آید.")
    assert "اکنون خط دو هم می‌آید." in seen(stranger, address)[1]

    undo(reviewer)
    words = seen(stranger, address)[1]
    assert "از میدان تا ساختمان پیاده بیایید." in words
    assert "خط دو" not in words


def change(reviewer, title, words):
    """Other words in the first paragraph, published."""
    reviewer.number = reviewer.number_of(title)
    reviewer.page.goto(f"/admin/pages/{reviewer.number}/edit/")
    reviewer.write(words)
    reviewer.do("action-publish")


def undo(reviewer):
    """Back to the version before, from the page's history, published."""
    page = reviewer.page
    history = page.goto(f"/admin/pages/{reviewer.number}/history/").text()
    # The menus of the rows are out of the page until they open. Newest first, without the version that is shown now.
    page.goto(re.search(r'href="(/admin/[^"]+/revert/)"', history).group(1))
    expect(page.locator("[data-contentpath=text] [contenteditable=true]").first).to_contain_text("پیاده بیایید")
    reviewer.do("action-publish")


def test_a_banner_is_switched_on_and_off_by_hand_and_by_time(negar, stranger):
    by_hand, by_time = (f"{words} {a_number()}" for words in ("امروز بسته‌ایم", "پیامک دیر می‌رسد"))
    assert stranger.goto("/").status == 200

    negar.add_banner(by_hand)
    for address in ("/", "/guide/", "/desk/sign-in/"):
        stranger.goto(address)
        expect(stranger.get_by_text(by_hand)).to_be_visible()
    negar.switch_banner_off(by_hand)
    stranger.goto("/")
    expect(stranger.get_by_text(by_hand)).to_have_count(0)

    # Two minutes at most: the input knows no seconds.
    end = jdatetime.datetime.fromgregorian(datetime=timezone.localtime() + timedelta(minutes=1, seconds=5))
    negar.add_banner(by_time, ends=ascii_digits(end.strftime("%Y/%m/%d %H:%M")))
    stranger.goto("/")
    expect(stranger.get_by_text(by_time)).to_be_visible()

    def is_gone():
        stranger.goto("/")
        return stranger.get_by_text(by_time).count() == 0

    wait_until(is_gone, "the end of the banner's time", 130)
