"""Shared question sets: one text for several services, and what a change of it touches."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale
from wagtail.test.utils.form_data import nested_form_data

from home.groups import EDITORS, REVIEWERS, make_groups
from servicedesk.models import FormVersion, QuestionSet, ServicePage
from servicedesk.questions.form_blocks import QuestionsBlock
from tests import factories
from tests.questions import condition, make_form_service, question, section
from tests.servicedesk.forms.editing import as_sent, form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(signed_in):
    """{name of a group: browser of one of its people}; under "clerk" one who writes no pages."""
    make_groups()
    found = {"clerk": signed_in(factories.make_staff("a-clerk"))}
    for number, name in enumerate((EDITORS, REVIEWERS)):
        somebody = factories.make_staff(f"one-{number}")
        somebody.groups.add(Group.objects.get(name=name))
        found[name] = signed_in(somebody)
    return found


FATHER = question("short_text", "نام پدر")
COMPANY = question("yes_no", "شرکت است؟")


def make_set(*questions, title="مشخصات متقاضی", **values):
    return QuestionSet.objects.create(
        title=title,
        questions=list(questions or (COMPANY, FATHER)),
        locale=Locale.objects.get(language_code="fa"),
        **values,
    )


def shared(question_set, rules=()):
    value = {"question_set": question_set.pk, "condition": condition(*rules)}
    return {"type": "shared", "value": value, "id": f"00000000-0000-4000-8000-{question_set.pk:012}"}


def labels(service):
    return [asked.label for asked in ServicePage.objects.get(pk=service.pk).outline().questions]


def url(name, *args):
    return reverse(QuestionSet.snippet_viewset.get_url_name(name), args=args)


def set_data(*questions, title="مشخصات متقاضی", **more):
    block = QuestionsBlock()
    return nested_form_data(
        {"title": title, "questions": as_sent(block, block.to_python(list(questions)), False), **more}
    )


# --- In the form of a service --------------------------------------------------------------------------


def test_its_questions_stand_in_the_form_under_its_title():
    applicant = make_set()
    service = make_form_service(
        shared(applicant), section(question("number", "متراژ", rules=[(COMPANY, "is", "yes")]), title="ملک")
    )
    outline = service.outline()
    assert labels(service) == ["شرکت است؟", "نام پدر", "متراژ"]
    assert [part.title for step in outline.steps for part in step.sections] == ["مشخصات متقاضی", "ملک"]
    # Others may depend on them.
    assert service.form_problems() == []
    assert not outline.is_shown(outline.questions[2], {})
    assert outline.is_shown(outline.questions[2], {COMPANY["id"]: "yes"})


def test_the_published_set_counts_and_a_form_that_was_shown_stays():
    applicant = make_set()
    service = make_form_service(shared(applicant))
    shown = FormVersion.current(service)
    applicant.questions = [COMPANY, question("short_text", "نام مادر")]
    revision = applicant.save_revision()
    assert labels(service) == ["شرکت است؟", "نام پدر"]
    revision.publish()
    assert labels(service) == ["شرکت است؟", "نام مادر"]
    assert FormVersion.current(ServicePage.objects.get(pk=service.pk)) != shown
    shown.refresh_from_db()
    assert [asked.label for asked in shown.outline.questions] == ["شرکت است؟", "نام پدر"]


def test_twice_in_one_form_is_refused():
    applicant = make_set()
    service = make_form_service(shared(applicant), section(question("number", "متراژ")), shared(applicant))
    assert service.form_problems() == ["پرسش‌های «مشخصات متقاضی» دو بار در این فرم آمده است."]


def test_a_set_that_is_not_published_or_gone_is_refused():
    unpublished = make_set(live=False)
    assert make_form_service(shared(unpublished)).form_problems() == ["پرسش‌های مشترک «مشخصات متقاضی» منتشر نشده است."]
    service = make_form_service(shared(unpublished), slug="second")
    unpublished.delete()
    assert "منتشر نشده است" in ServicePage.objects.get(pk=service.pk).form_problems()[0]


def test_each_language_asks_its_own_words_by_the_same_ids():
    applicant = make_set()
    english = applicant.copy_for_translation(Locale.objects.get(language_code="en"))
    english.title = "Applicant"
    english.live = True
    english.save()
    service = make_form_service(shared(applicant))
    with translation.override("en"):
        in_english = service.outline()
    assert in_english.steps[0].sections[0].title == "Applicant"
    assert [asked.id for asked in in_english.questions] == [asked.id for asked in service.outline().questions]
    # Whoever writes the English words is told of the services too.
    assert list(english.services()) == list(applicant.services()) == [service]


def test_it_is_chosen_in_the_page_editor(people):
    applicant, service = make_set(), make_form_service()
    address = reverse("wagtailadmin_pages:edit", args=[service.pk])
    data = form_data(service, shared(applicant))
    data["form-0-value-question_set"] = applicant.pk
    people[REVIEWERS].post(address, {**data, "action-publish": "1"})
    assert labels(service) == ["شرکت است؟", "نام پدر"]
    # Its questions can be asked about in conditions.
    assert COMPANY["id"] in people[REVIEWERS].get(address).content.decode()


# --- In the admin --------------------------------------------------------------------------------------


def test_who_writes_pages_writes_sets_and_who_publishes_pages_publishes_them(people):
    assert people["clerk"].get(url("list")).status_code != 200
    assert url("list") not in people["clerk"].get("/admin/").content.decode()
    people[EDITORS].post(url("add"), set_data(FATHER))
    made = QuestionSet.objects.get()
    assert not made.live
    people[EDITORS].post(url("edit", made.pk), set_data(FATHER, **{"action-publish": "1"}))
    made.refresh_from_db()
    assert not made.live
    people[REVIEWERS].post(url("edit", made.pk), set_data(FATHER, **{"action-publish": "1"}))
    made.refresh_from_db()
    assert made.live
    assert url("list") in people[EDITORS].get("/admin/").content.decode()


def test_a_draft_without_a_title_has_a_name_and_nothing_is_ticked_for_groups(people, admin_user, signed_in):
    people[EDITORS].post(url("add"), set_data(FATHER, title=""))
    assert "(بی‌عنوان)" in people[EDITORS].get(url("list")).content.decode()
    form = signed_in(admin_user).get("/admin/groups/new/").content.decode()
    assert "shared question set" not in form


def test_the_editor_sees_the_services_that_a_change_touches(people):
    applicant = make_set()
    text = people[EDITORS].get(url("edit", applicant.pk)).content.decode()
    assert "هنوز در هیچ خدمتی نیست" in text
    services = [
        make_form_service(shared(applicant), title=f"خدمت {number}", slug=f"service-{number}") for number in (1, 2)
    ]
    make_form_service(title="بی‌ربط", slug="other")
    text = people[EDITORS].get(url("edit", applicant.pk)).content.decode()
    assert "این ۲ خدمت" in text
    for service in services:
        assert f'<a href="{reverse("wagtailadmin_pages:edit", args=[service.pk])}">{service.title}</a>' in text
    assert "بی‌ربط" not in text


def test_a_change_that_breaks_a_service_is_refused_with_its_name(people):
    applicant = make_set()
    make_form_service(
        shared(applicant), section(question("number", "متراژ", rules=[(COMPANY, "is", "yes")])), title="پروانه"
    )
    browser = people[REVIEWERS]
    text = browser.post(url("edit", applicant.pk), set_data(FATHER, **{"action-publish": "1"})).content.decode()
    assert "در خدمت «پروانه»" in text
    assert "شرطِ «متراژ» به پرسشی برمی‌گردد که در این فرم نیست" in text
    applicant.refresh_from_db()
    assert len(applicant.questions) == 2
    browser.post(url("edit", applicant.pk), set_data(COMPANY, **{"action-publish": "1"}))
    applicant.refresh_from_db()
    assert len(applicant.questions) == 1


def test_a_loop_in_a_set_is_kept_as_a_draft_only(people):
    first, second = question("yes_no", "الف"), question("yes_no", "ب")
    loop = (
        question("yes_no", "الف", id=first["id"], rules=[(second, "is", "yes")]),
        question("yes_no", "ب", id=second["id"], rules=[(first, "is", "yes")]),
    )
    applicant = make_set()
    people[REVIEWERS].post(url("edit", applicant.pk), set_data(*loop))
    assert QuestionSet.objects.get().has_unpublished_changes
    answer = people[REVIEWERS].post(url("edit", applicant.pk), set_data(*loop, **{"action-publish": "1"}))
    assert "«الف» ← «ب» ← «الف»" in answer.content.decode()
    applicant.refresh_from_db()
    assert [each.value["label"] for each in applicant.questions] == ["شرکت است؟", "نام پدر"]


@pytest.mark.parametrize("way", ["delete", "unpublish", "several"])
def test_a_set_in_use_is_neither_deleted_nor_taken_back(people, way):
    applicant = make_set()
    service = make_form_service(shared(applicant))
    address = url(way, applicant.pk) if way != "several" else None
    if way == "several":
        bulk = reverse("wagtail_bulk_action", args=["servicedesk", "questionset", "delete"])
        address = f"{bulk}?id={applicant.pk}"
    answer = people[REVIEWERS].post(address, follow=True)
    assert "فرمشان این پرسش‌ها را از دست می‌دهد" in answer.content.decode()
    assert labels(service) == ["شرکت است؟", "نام پدر"]
    service.delete()
    people[REVIEWERS].post(address)
    assert not QuestionSet.objects.filter(live=True).exists()


def test_it_is_previewed_alone_and_writes_nothing(people):
    applicant = make_set()
    address = url("preview_on_edit", applicant.pk)
    assert people[EDITORS].post(address, set_data(question("number", "سن"), title="کوتاه")).json()["is_valid"]
    text = people[EDITORS].get(address).content.decode()
    assert "این پیش‌نمایش است" in text
    assert "سن" in text
    assert "موضوع درخواست" not in text
    assert FormVersion.objects.count() == 0
