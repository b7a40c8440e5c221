"""The editor's preview of a form: what citizens will see, before anybody else sees it."""

import pytest
from django.urls import reverse

from servicedesk.models import Draft, FormVersion, Letter
from servicedesk.questions.register import TYPES
from tests.questions import make_form_service, question, section, step
from tests.servicedesk.forms.editing import form_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(signed_in, admin_user, water):
    return signed_in(admin_user)


def preview_of(browser, service, *blocks, mode="form"):
    """The answer to an editor who has these sections and steps before him, unsaved."""
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[service.pk])
    assert browser.post(address, form_data(service, *blocks)).json()["is_valid"]
    return browser.get(address, {"mode": mode, "in_preview_panel": "true"})


def test_it_shows_what_is_not_saved_yet_and_writes_nothing(browser):
    service = make_form_service()
    partner = question("yes_no", "آیا شریک دارید؟")
    answer = preview_of(
        browser,
        service,
        section(partner, title="مشخصات"),
        step("مدارک"),
        section(question("short_text", "نام شریک", rules=[(partner, "is", "yes")]), question("file", "نقشه")),
    )
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "این پیش‌نمایش است" in text
    for words in ("آیا شریک دارید؟", "نام شریک", "نقشه", "مدارک", "گام ۱ از ۲", "گام ۲ از ۲"):
        assert words in text
    # A condition is followed from one step into the next.
    assert text.count("js/conditions.js") == 1
    assert f"q-{partner['id']}" in text.split('data-if="')[1].split('"')[0]
    assert FormVersion.objects.count() == Draft.objects.count() == Letter.objects.count() == 0
    service.refresh_from_db()
    assert len(service.form) == 0


def test_nothing_can_be_sent_from_it(browser):
    text = preview_of(browser, make_form_service(), section(question("short_text", "نام"))).content.decode()
    form = text[text.index("<form") : text.index("</form>")]
    assert 'method="dialog"' in form
    assert "csrfmiddlewaretoken" not in form
    buttons = form.split("<button")[1:]
    assert len(buttons) == 2
    assert all("disabled" in button.partition(">")[0] for button in buttons)
    assert "letter-form.js" not in text


def test_the_page_itself_is_the_first_that_is_shown(browser):
    service = make_form_service()
    assert [name for name, _words in service.preview_modes] == ["", "form", "receipt", "messages"]
    text = preview_of(browser, service, section(question("short_text", "نام پدر")), mode="").content.decode()
    assert "نام پدر" not in text
    assert service.summary in text


@pytest.mark.parametrize("kind", TYPES)
def test_half_of_a_question_is_shown_too(browser, kind):
    """An editor who has just put it there and set nothing yet."""
    empty = {"type": kind, "value": {}, "id": "5f6a0c0e-0000-4000-8000-000000000000"}
    service = make_form_service()
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[service.pk])
    assert browser.post(address, form_data(service, section(empty), emptied=True)).json()["is_valid"]
    answer = browser.get(address, {"mode": "form"})
    assert answer.status_code == 200
    assert "این پیش‌نمایش است" in answer.content.decode()


def test_of_a_page_that_was_never_saved(browser):
    service = make_form_service()
    add = f"/admin/pages/add/servicedesk/servicepage/{service.get_parent().pk}/"
    data = form_data(service, section(question("short_text", "نام پدر")))
    assert browser.post(f"{add}preview/", {**data, "slug": "fresh"}).json()["is_valid"]
    assert "نام پدر" in browser.get(f"{add}preview/", {"mode": "form"}).content.decode()
