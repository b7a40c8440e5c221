"""A form that no citizen could fill in may be kept as a draft, and goes out by no way: the admin's real views."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from home.groups import EDITORS, REVIEWERS, make_groups
from home.tasks import keep_time
from servicedesk.models import ServicePage
from tests import factories
from tests.questions import make_form_service, question, section
from tests.servicedesk.forms.editing import form_data

pytestmark = pytest.mark.django_db
LOOP = "«الف» ← «ب» ← «الف»"


def looping():
    """A section whose two questions wait for each other."""
    first, second = question("yes_no", "الف"), question("yes_no", "ب")
    one = question("yes_no", "الف", id=first["id"], rules=[(second, "is", "yes")])
    return section(one, question("yes_no", "ب", id=second["id"], rules=[(first, "is", "yes")]))


def sound():
    return section(question("yes_no", "الف"))


@pytest.fixture
def people(signed_in):
    """{name of a group: browser of one of its people}."""
    make_groups()
    found = {}
    for number, name in enumerate((EDITORS, REVIEWERS)):
        somebody = factories.make_staff(f"one-{number}")
        somebody.groups.add(Group.objects.get(name=name))
        found[name] = signed_in(somebody)
    return found


@pytest.fixture
def service():
    return make_form_service(sound())


def edit(browser, service, *blocks, **more):
    address = reverse("wagtailadmin_pages:edit", args=[service.pk])
    return browser.post(address, form_data(service, *blocks, **more), follow=True)


def live_labels(service):
    return [asked.label for asked in ServicePage.objects.get(pk=service.pk).outline().questions]


def draft_labels(service):
    draft = ServicePage.objects.get(pk=service.pk).get_latest_revision_as_object()
    return [asked.label for asked in draft.outline().questions]


def test_a_draft_may_have_a_loop_and_says_so(people, service):
    answer = edit(people[EDITORS], service, looping())
    assert draft_labels(service) == ["الف", "ب"]
    assert live_labels(service) == ["الف"]
    text = answer.content.decode()
    assert "desk-form-problems" in text
    assert LOOP in text


def test_a_sound_draft_says_that_nothing_stands_in_the_way(people, service):
    text = edit(people[EDITORS], service, sound()).content.decode()
    assert "پرسش‌ها و شرط‌ها آمادهٔ انتشار است" in text


def test_what_is_saved_by_itself_renews_what_is_said(people, service):
    address = reverse("wagtailadmin_pages:edit", args=[service.pk])
    answer = people[EDITORS].post(address, form_data(service, looping()), headers={"Accept": "application/json"})
    assert answer.json()["success"]
    assert "#desk-form-problems" in answer.json()["html"]
    assert LOOP in answer.json()["html"]


@pytest.mark.parametrize("action", ["action-publish", "action-submit"])
def test_it_is_neither_published_nor_sent_to_review(people, service, action):
    browser = people[REVIEWERS if action == "action-publish" else EDITORS]
    answer = edit(browser, service, looping(), **{action: "1"})
    assert LOOP in answer.content.decode()
    service.refresh_from_db()
    assert live_labels(service) == ["الف"]
    assert not service.workflow_in_progress
    # The same ways are open to a sound form: else this would prove nothing.
    edit(browser, service, section(question("yes_no", "پ")), **{action: "1"})
    service.refresh_from_db()
    assert service.workflow_in_progress if action == "action-submit" else live_labels(service) == ["پ"]


def test_it_is_not_scheduled(people, service):
    later = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    answer = edit(people[REVIEWERS], service, looping(), go_live_at=later, **{"action-publish": "1"})
    assert LOOP in answer.content.decode()
    assert not service.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_its_hour_does_not_bring_it_out(service, caplog):
    """As if it had been scheduled in spite of all."""
    service.form = [looping()]
    revision = service.save_revision(approved_go_live_at=timezone.now() - timedelta(seconds=1))
    keep_time()
    assert live_labels(service) == ["الف"]
    assert f"Revision {revision.pk} refused: FormRefused" in caplog.text


@pytest.mark.parametrize("kind_of_click", ["page", "dialog"])
def test_a_click_on_approve_does_not_bring_it_out(people, service, kind_of_click):
    """It was sound when it was sent to review, and was changed since."""
    edit(people[EDITORS], service, sound(), **{"action-submit": "1"})
    edit(people[REVIEWERS], service, looping())
    service.refresh_from_db()
    state = service.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[service.pk, "approve", state.pk])
    if kind_of_click == "dialog":
        answer = people[REVIEWERS].post(address, {"comment": ""}, headers={"X-Requested-With": "XMLHttpRequest"})
        assert answer.json() == {"step": "success", "redirect": reverse("wagtailadmin_pages:edit", args=[service.pk])}
        answer = people[REVIEWERS].get(answer.json()["redirect"])
    else:
        answer = people[REVIEWERS].post(address, {"comment": ""}, follow=True)
    assert "منتشر نشد؛ نخست فرم آن را درست کنید" in answer.content.decode()
    assert LOOP in answer.content.decode()
    service.refresh_from_db()
    assert live_labels(service) == ["الف"]
    assert service.workflow_in_progress


def test_publishing_several_pages_does_not_bring_it_out(people, service):
    edit(people[EDITORS], service, looping())
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={service.pk}"
    answer = people[REVIEWERS].post(address, follow=True)
    assert "منتشر نشد؛ نخست فرم آن را درست کنید" in answer.content.decode()
    assert live_labels(service) == ["الف"]
