"""Digits in the Persian admin: Wagtail's counts are Persian ones, and what people wrote stands as they wrote it."""

import pytest
from playwright.sync_api import expect

from servicedesk.models import Letter, User

pytestmark = [pytest.mark.django_db(transaction=True, serialized_rollback=True), pytest.mark.needs("chromium")]


def test_counts_are_persian_and_words_of_people_stay(town, window):
    letter = Letter.objects.first()
    Letter.objects.filter(pk=letter.pk).update(subject="پلاک 12 خیابان 5")
    letter.note(by=User.objects.get(username="clerk-1"), text="قبض 7 را دیدم")
    clerk = window(User.objects.get(username="clerk-1"))
    clerk.goto(f"/admin/desk/{letter.reference}/")
    expect(clerk.locator("main h2").first).to_have_text("پلاک 12 خیابان 5")
    expect(clerk.locator(".desk-timeline")).to_contain_text("قبض 7 را دیدم")
    editor = window(User.objects.get(username="editor"))
    editor.goto("/admin/images/add/")
    expect(editor.locator("main")).to_contain_text("۱۰٫۰ مگابایت")
