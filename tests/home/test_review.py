"""Draft, review, publish: an editor writes and submits, a reviewer approves."""

import time

import pytest
from django.urls import reverse

from home.models import ContentPage
from servicedesk.models import OutgoingMessage, User
from tests.smtp_double import OWED, SmtpDouble

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(seed, signed_in, settings):
    settings.MAILERS = {**settings.MAILERS, "default": OWED}
    seed()
    return {name: signed_in(User.objects.get(username=name)) for name in ("editor", "reviewer")}


@pytest.fixture
def page(staff):
    return ContentPage.objects.get(slug="about", locale__language_code="fa")


def form_of(page, **more):
    """What the page editor posts."""
    [block] = [block for block in page.body.raw_data if block["type"] == "notice"][:1]
    return {
        "title": "عنوان تازه",
        "slug": page.slug,
        "introduction": "",
        "seo_title": "",
        "search_description": "شرح",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "notice",
        "body-0-id": block["id"],
        "body-0-value-kind": "note",
        "body-0-value-text": '{"blocks": [{"key": "a", "text": "متن", "type": "unstyled", "depth": 0, '
        '"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **more,
    }


def edit(browser, page, **action):
    return browser.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of(page, **action), follow=True)


def approve(browser, page):
    page.refresh_from_db()
    task = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk])
    return browser.post(address, {"comment": ""}, follow=True)


def test_an_editor_cannot_publish(staff, page, client):
    edit(staff["editor"], page, **{"action-publish": "1"})
    assert "عنوان تازه" not in client.get("/about/").content.decode()
    page.refresh_from_db()
    assert not page.permissions_for_user(User.objects.get(username="editor")).can_publish()


def test_what_an_editor_submits_is_live_when_a_reviewer_has_approved(staff, page, client):
    answer = edit(staff["editor"], page, **{"action-submit": "1"})
    assert answer.status_code == 200
    assert "عنوان تازه" not in client.get("/about/").content.decode()
    assert "عنوان تازه" in staff["reviewer"].get("/admin/").content.decode()
    approve(staff["reviewer"], page)
    assert "عنوان تازه" in client.get("/about/").content.decode()


def test_the_reviewer_is_told_and_then_the_editor(staff, page):
    edit(staff["editor"], page, **{"action-submit": "1"})
    [told] = OutgoingMessage.objects.filter(channel="email")
    assert told.recipient == "reviewer@avishanrood.example"
    subject, _, body = told.text.partition("\n")
    assert subject == "«عنوان تازه» در انتظار بازبینی شماست"
    assert f"/admin/pages/{page.pk}/edit/" in body
    approve(staff["reviewer"], page)
    answer = OutgoingMessage.objects.filter(channel="email").latest("pk")
    assert (answer.recipient, answer.text.partition("\n")[0]) == (
        "editor@avishanrood.example",
        "«عنوان تازه» پذیرفته شد",
    )


def test_a_mail_server_that_hangs_holds_up_no_editor(staff, page, settings):
    with SmtpDouble() as server:
        settings.MAILERS = server.mailer()
        server.hang = True
        began = time.monotonic()
        edit(staff["editor"], page, **{"action-submit": "1"})
        assert time.monotonic() - began < 4


def test_a_run_from_before_the_review_gets_a_reviewer_and_no_second_one(seed):
    seed()
    User.objects.get(username="reviewer").delete()
    seed()
    reviewer = User.objects.get(username="reviewer")
    assert reviewer.groups.get().name == "ناظر"
    reviewer.username = "another"
    reviewer.save()
    seed()
    assert not User.objects.filter(username="reviewer").exists()
