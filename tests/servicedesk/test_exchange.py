"""A service as a file: out of one organisation, into another."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.models import Site

from servicedesk.exchange import LARGEST
from servicedesk.models import QuestionSet, ServicePage
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
