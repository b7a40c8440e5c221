"""A service as a file: out of one organisation, into another."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from wagtail.models import Site

from servicedesk.exchange import LARGEST, exported, imported
from servicedesk.models import QuestionSet, ServicePage
from servicedesk.questions.register import TYPES
from servicedesk.ready_services import ReadyService, on_offer
from tests.factories import make_staff
from tests.questions import condition, make_form_service, question, section, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    has = question("yes_no", "شریک دارید؟")
    return make_form_service(
        step("متقاضی"),
        section(has, question("national_id", "کد ملی", searchable=True), title="مشخصات"),
        step("مدارک"),
        section(
            question("choice", "نوع کار", choices=["نانوایی", "آرایشگاه"]),
            question("jalali_date", "تاریخ", when="past", earliest="2020-03-20"),
            question("number", "مساحت", smallest="5", largest="100", rules=[(has, "is", "yes")]),
            question("file", "سند", kinds=["pdf"], kilobytes=2048, most=3),
        ),
        promised_days=7,
        description='<p>با <b>سند</b> بیایید: <a linktype="page" id="2">اینجا</a></p>',
        file_asked="none",
        relations=["g2c"],
    )


@pytest.fixture
def home():
    return Site.objects.get(is_default_site=True).root_page


@pytest.fixture
def browser(signed_in, admin_user):
    return signed_in(admin_user)


def file_of(browser, service):
    answer = browser.get(f"/admin/services/{service.pk}/file/")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return answer.content


def take_in(browser, home, content):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return browser.post(f"/admin/services/new/{home.pk}/", {"file": SimpleUploadedFile("service.json", content)})


def test_a_service_comes_in_as_it_went_out_and_is_a_draft(browser, service, home):
    content = file_of(browser, service)
    answer = take_in(browser, home, content)
    twin = ServicePage.objects.exclude(pk=service.pk).order_by("-pk").first()
    assert answer.status_code in (302, 303)
    assert answer["Location"] == f"/admin/pages/{twin.pk}/edit/"
    assert not twin.live
    assert twin.slug == "permit-2"
    assert twin.outline().as_json() == service.outline().as_json()
    assert (twin.title, twin.promised_days, twin.relations) == (service.title, 7, ["g2c"])
    assert twin.description == "<p>با <b>سند</b> بیایید: اینجا</p>"
    assert browser.get(answer["Location"]).status_code == 200
    assert json.loads(file_of(browser, twin))["fields"] == json.loads(content)["fields"]


def test_nothing_of_the_organisation_is_in_the_file(browser, service, home, water):
    service.units.set([water])
    service.save()
    text = file_of(browser, service).decode()
    assert water.name not in text
    assert "linktype" not in text
    assert "retention" not in text


def test_shared_questions_go_along_as_a_section(browser, service, home):
    shared = QuestionSet.objects.create(title="مشخصات متقاضی", questions=[question("mobile", "تلفن همراه")])
    service.form = [
        {"type": "shared", "value": {"question_set": shared.pk, "condition": condition()}, "id": str(uuid.uuid4())}
    ]
    service.save()
    content = file_of(browser, service)
    shared.delete()
    take_in(browser, home, content)
    [section] = ServicePage.objects.order_by("-pk").first().outline().steps[0].sections
    assert (section.title, section.questions[0].label) == ("مشخصات متقاضی", "تلفن همراه")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda content: b"not json", "فایل یک خدمت نیست"),
        (lambda content: {"kind": "other"}, "فایل یک خدمت نیست"),
        (lambda content: [], "فایل یک خدمت نیست"),
        (lambda content: {**content, "format": 2}, "نسخهٔ تازه‌تری"),
        (lambda content: b" " * (LARGEST + 1), "بزرگ"),
        (lambda content: {**content, "fields": {**content["fields"], "title": ""}}, "عنوان"),
        (lambda content: {**content, "fields": {**content["fields"], "promised_days": "soon"}}, "روز"),
        (lambda content: {**content, "form": "x"}, "آسیب"),
        (lambda content: {**content, "form": [{"type": "spell", "value": {}, "id": str(uuid.uuid4())}]}, "spell"),
        (
            lambda content: {**content, "form": [section({"type": "spell", "value": {}, "id": str(uuid.uuid4())})]},
            "spell",
        ),
        (lambda content: {**content, "form": [content["form"][1], content["form"][1]]}, "آسیب"),
        (lambda content: {**content, "form": [section(question("short_text", ""))]}, "کامل"),
        (lambda content: b"[" * 100_000, "فایل یک خدمت نیست"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(browser, service, home, change, sentence):
    before = ServicePage.objects.count()
    answer = take_in(browser, home, change(json.loads(file_of(browser, service))))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert ServicePage.objects.count() == before


def test_a_strangers_html_is_cleaned(browser, service, home):
    content = json.loads(file_of(browser, service))
    content["fields"]["description"] = (
        '<p onclick="x()">خوب<script>alert(1)</script><a href="javascript:x()">بد</a></p>'
    )
    take_in(browser, home, content)
    twin = ServicePage.objects.order_by("-pk").first()
    for mark in ("onclick", "script", "javascript"):
        assert mark not in twin.description
    assert "خوب" in twin.description


def test_only_who_may_edit_or_add_pages(signed_in, editor, service, home, water):
    for person in (editor, make_staff("clerk", water)):
        browser = signed_in(person)
        assert browser.get(f"/admin/services/{service.pk}/file/").status_code in (302, 403)
        assert browser.get(f"/admin/services/new/{home.pk}/").status_code in (302, 403)


def test_the_ways_stand_in_the_menus_of_the_pages(browser, service, home):
    assert f"/admin/services/{service.pk}/file/" in browser.get(f"/admin/pages/{service.pk}/edit/").content.decode()
    assert f"/admin/services/new/{home.pk}/" in browser.get(f"/admin/pages/{home.pk}/").content.decode()
    assert "/admin/services/new/" not in browser.get(f"/admin/pages/{service.pk}/edit/").content.decode()


NAMES = [service.name for service in on_offer("fa")]
FILES = [service for language in ("fa", "en") for service in on_offer(language)]


def told_by(service):
    return f"{service.name}.{service.language}"


@pytest.mark.parametrize("service", FILES, ids=told_by)
def test_a_ready_service_comes_in_without_loss_and_could_be_published(home, service, admin_user):
    parent = home if service.language == "fa" else home.get_translations().get(locale__language_code="en")
    page = imported(service.data, parent=parent, owner=admin_user)
    before, after = json.loads(service.data), json.loads(exported(page))
    assert after["form"] == before["form"]
    assert {name: after["fields"][name] for name in before["fields"]} == before["fields"]
    assert (after["slug"], after["language"]) == (service.name, service.language)
    with translation.override(service.language):
        assert page.form_problems() == []


@pytest.mark.parametrize("name", NAMES)
def test_a_ready_service_asks_the_same_in_both_languages(name):
    persian, english = (without_words(json.loads(ReadyService(name, language).data)) for language in ("fa", "en"))
    assert persian == english


def without_words(content):
    """What two files of a service have in common, when all that is read by people is left out."""

    def left(value):
        if isinstance(value, dict):
            return {key: left(each) for key, each in value.items() if key not in WORDS}
        return [left(each) for each in value] if isinstance(value, list) else value

    def choices(question):
        return [choice["id"] for choice in question["value"].get("choices", ())]

    sections = [block for block in content["form"] if block["type"] == "section"]
    asked = [question for section in sections for question in section["value"]["questions"]]
    fields = {
        name: value if name in CHOSEN or not isinstance(value, str) else bool(value)
        for name, value in content["fields"].items()
    }
    return content["slug"], fields, left(content["form"]), [choices(question) for question in asked]


# Fields of which the text is one of a few.
CHOSEN = ("nature", "level", "name_asked", "file_asked")
# What people read in a form.
WORDS = ("title", "help", "label", "example", "text", "unit", "choices")


def test_an_editor_starts_from_a_ready_service(browser, home):
    page = browser.get(f"/admin/services/new/{home.pk}/").content.decode()
    for service in on_offer("fa"):
        assert service.told["title"] in page
        assert service.told["summary"] in page
    answer = browser.post(f"/admin/services/new/{home.pk}/", {"ready": "sign-permit"})
    made = ServicePage.objects.get(slug="sign-permit")
    assert answer["Location"] == f"/admin/pages/{made.pk}/edit/"
    assert not made.live
    assert made.locale == home.locale
    assert len(made.outline().steps) == 3
    browser.post(f"/admin/services/new/{home.pk}/", {"ready": "sign-permit"})
    assert ServicePage.objects.filter(slug="sign-permit-2").exists()


def test_ready_services_speak_the_language_of_the_place(browser, home):
    english = home.get_translations().get(locale__language_code="en")
    page = browser.get(f"/admin/services/new/{english.pk}/").content.decode()
    assert "Water connection" in page
    assert "انشعاب" not in page
    browser.post(f"/admin/services/new/{english.pk}/", {"ready": "water-connection"})
    assert ServicePage.objects.get(slug="water-connection").title == "Water connection"


@pytest.mark.parametrize("name", ["", "spell", "../exchange", "complaint.fa"])
def test_an_unknown_ready_service_is_not_found(browser, home, name):
    before = ServicePage.objects.count()
    assert browser.post(f"/admin/services/new/{home.pk}/", {"ready": name}).status_code == 404
    assert ServicePage.objects.count() == before


def test_a_ready_service_wants_the_same_rights_and_a_token(signed_in, admin_user, editor, home, water):
    before = ServicePage.objects.count()
    for person in (editor, make_staff("clerk", water)):
        answer = signed_in(person).post(f"/admin/services/new/{home.pk}/", {"ready": "visit"})
        assert answer.status_code in (302, 303, 403)
    strict = signed_in(admin_user)
    strict.handler.enforce_csrf_checks = True
    assert strict.post(f"/admin/services/new/{home.pk}/", {"ready": "visit"}).status_code == 403
    assert ServicePage.objects.count() == before


def test_the_ready_services_show_every_type_of_question():
    asked = [json.loads(service.data)["form"] for service in on_offer("fa")]
    sections = [block for form in asked for block in form if block["type"] == "section"]
    assert {question["type"] for section in sections for question in section["value"]["questions"]} == set(TYPES)
