"""The list of ways to preview, while a preview is still on its way."""

import time

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from home.groups import EDITORS, make_groups
from tests.questions import make_form_service

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.needs("chromium")]


def test_a_way_that_is_chosen_too_early_is_shown_all_the_same(editor, window):
    make_groups()
    editor.groups.add(Group.objects.get(name=EDITORS))
    service = make_form_service()
    page = window(editor)

    def slow(route):
        """What is shown is long on its way."""
        answer = route.fetch()
        time.sleep(3)
        route.fulfill(response=answer)

    page.route(f"**/admin/pages/{service.pk}/edit/preview/?*", slow)
    page.goto(f"/admin/pages/{service.pk}/edit/")
    with page.expect_request(lambda request: request.method == "GET" and "/edit/preview/?" in request.url):
        page.get_by_role("button", name="پیش‌نمایش").first.click()
    page.get_by_label("حالت پیش‌نمایش").select_option(label="متن پیامک‌ها")
    shown = page.frame_locator("iframe[title=پیش‌نمایش]").last
    expect(shown.get_by_text("با کد رهگیری ساختگی")).to_be_visible(timeout=15_000)
