"""What the page editor saves by itself, beside what the editor sends."""

import time

import pytest
from django.conf import settings
from playwright.sync_api import expect

from home.models import NewsPage
from servicedesk.models import User
from tests.journey.browser import PATIENCE
from tests.journey.town import wait_until

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.needs("chromium")]


def kept_words(news):
    return NewsPage.objects.get(pk=news.pk).get_latest_revision_as_object().introduction


def test_sending_before_the_last_word_was_saved_does_not_stop_what_is_saved_by_itself(town, window):
    news = NewsPage.objects.filter(live=True).first()
    page = window(User.objects.get(username="editor"))
    page.goto(f"/admin/pages/{news.pk}/edit/")
    # Wagtail looks at the form some seconds after it was opened, to know later what was changed.
    page.wait_for_timeout(11_000)

    def slow(route):
        """The server answers at once; the answer is long on its way, as over a slow line."""
        if route.request.method == "POST" and route.request.resource_type == "document":
            answer = route.fetch()
            time.sleep(3)
            route.fulfill(response=answer)
        else:
            route.continue_()

    page.route(f"**/admin/pages/{news.pk}/edit/", slow)
    introduction = page.locator("[name=introduction]")
    introduction.fill("پل باز")
    expect(page.get_by_text("ذخیره شد").first).to_be_visible(timeout=PATIENCE)
    introduction.fill("")
    page.wait_for_timeout(600)
    page.get_by_role("button", name="کارهای بیشتر").last.click()
    page.locator("[name=action-submit]").click()
    expect(page.get_by_text("صفحه ذخیره نشد")).to_be_visible(timeout=PATIENCE)

    page.unroute_all(behavior="wait")
    introduction.fill("پل پیاده‌رو باز شد، و همه از آن می‌گذرند.")
    wait_until(lambda: kept_words(news) == "پل پیاده‌رو باز شد، و همه از آن می‌گذرند.", "the words to be kept")
    expect(page.get_by_text("متوقف است").first).to_be_hidden(timeout=PATIENCE)
    # The button did what it says: it asked for everything that a page needs, and the next press sends it.
    page.get_by_role("button", name="کارهای بیشتر").last.click()
    page.locator("[name=action-submit]").click()
    expect(page.locator(".messages .success")).to_be_visible(timeout=PATIENCE)
    news.refresh_from_db()
    assert news.workflow_in_progress


def test_what_came_back_with_errors_is_kept_even_when_typed_before_the_scripts_had_come(town, window):
    news = NewsPage.objects.filter(live=True).last()
    page = window(User.objects.get(username="editor"))
    page.goto(f"/admin/pages/{news.pk}/edit/")
    page.locator("[name=introduction]").fill("")

    def late(route):
        time.sleep(3)
        route.continue_()

    page.route("**/js/autosave*.js", late)
    page.get_by_role("button", name="کارهای بیشتر").last.click()
    page.locator("[name=action-submit]").click()
    expect(page.get_by_text("صفحه ذخیره نشد")).to_be_visible(timeout=PATIENCE)
    page.locator("[name=introduction]").fill("نوشته پیش از آن که صفحه آماده شود")
    wait_until(lambda: kept_words(news) == "نوشته پیش از آن که صفحه آماده شود", "the words to be kept")
    expect(page.get_by_text("متوقف است").first).to_be_hidden(timeout=PATIENCE)


def test_who_writes_on_after_the_end_of_the_session_loses_nothing(town, watch, window, signed_in):
    news, editor = NewsPage.objects.filter(live=True).first(), User.objects.get(username="editor")
    page = window(editor)
    page.goto(f"/admin/pages/{news.pk}/edit/")
    # Wagtail looks at the form some seconds after it was opened, to know later what was changed.
    page.wait_for_timeout(3000)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    introduction = page.locator("[name=introduction]")
    introduction.fill("نوشته پس از پایان نشست")
    notice = page.get_by_text("نشست شما پایان یافته است")
    expect(notice).to_be_visible(timeout=PATIENCE)
    # Whoever presses the button all the same is not led away from what he wrote.
    page.get_by_role("button", name="ذخیرهٔ پیش‌نویس").click()
    expect(notice).to_be_focused(timeout=PATIENCE)
    expect(page.get_by_role("button", name="ذخیرهٔ پیش‌نویس")).to_be_enabled(timeout=5000)

    cookie = signed_in(editor).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": watch.url}])
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(notice).to_have_count(0, timeout=PATIENCE)
    wait_until(lambda: kept_words(news) == "نوشته پس از پایان نشست", "the words to be kept")
