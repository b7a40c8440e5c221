"""The preview panel of the page editor: the draft, framed by this site alone, under the strict policy otherwise."""

import pytest
from django.urls import reverse
from wagtail.models import GroupPagePermission

from home.blocks.guide import SectionBlock
from home.groups import make_groups
from home.models.content_page import ContentBlock
from home.models.home_page import HomeBlock

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(editor, signed_in):
    make_groups()
    editor.groups.add(GroupPagePermission.objects.filter(group__name="ویراستار").first().group)
    return signed_in(editor)


@pytest.mark.parametrize("page_name", ["home", "guide"])
def test_draft_shows_in_the_editor(browser, request, page_name):
    page = request.getfixturevalue(page_name)
    page.title = page.seo_title = "عنوان پیش‌نویس"
    page.save_revision()
    response = browser.get(f"/admin/pages/{page.pk}/view_draft/")
    assert "عنوان پیش‌نویس" in response.content.decode()
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-inline" not in policy


def test_public_page_may_not_be_framed(client):
    assert "frame-ancestors 'none'" in client.get("/")["Content-Security-Policy"]


BLOCKS = {
    **HomeBlock().child_blocks,
    **ContentBlock().child_blocks,
    **SectionBlock().child_blocks["content"].child_blocks,
}
# A picture cannot be shown before somebody has uploaded one.
WITHOUT_PREVIEW = {"figure"}


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_block_previews_in_the_chooser(browser, name):
    block = BLOCKS[name]
    assert block.is_previewable == (name not in WITHOUT_PREVIEW)
    if block.is_previewable:
        response = browser.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
        assert response.status_code == 200
        assert "css/pages.css" in response.content.decode()


def test_a_service_that_is_still_being_written_can_be_looked_at(browser, home, water, roads):
    add = f"/admin/pages/add/servicedesk/servicepage/{home.pk}/"
    written = {"title": "پروانه", "slug": "permit", "summary": "چند کلمه", "accepts_letters": "on", "units": [water.pk]}
    written["retention_months"] = "24"
    written |= {name: "null" for name in ("what_to_prepare", "steps", "legal_basis", "form_intro", "receipt_text")}
    written |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    written |= {
        "name_asked": "required",
        "file_asked": "required",
        "form-count": "0",
        "routing-count": "0",
        "most_letters_days": "30",
    }
    assert browser.post(f"{add}preview/", written).json()["is_valid"]
    shown = browser.get(f"{add}preview/")
    assert shown.status_code == 200
    assert water.name in shown.content.decode()
    assert roads.name not in shown.content.decode()
