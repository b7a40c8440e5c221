"""The letter's page shows what was answered, at the same cost for none and for forty answers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from servicedesk.models import Attachment
from tests import factories
from tests.questions import answered_letter, make_form_service, question, section

from .conftest import at, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def forty():
    return {number: question("short_text", f"پرسش {number}", required=False) for number in range(40)}


@pytest.fixture
def deed():
    return question("file", "سند", most=3)


def cost(browser, address):
    # The first one makes the settings' rows, the second one fills what the process keeps.
    browser.get(address), browser.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


def test_forty_answers_cost_as_much_as_none(signed_in, sara, leila, water, forty, deed):
    service = make_form_service(section(*forty.values()), section(deed))
    files = tuple(factories.make_attachment(leila, name=f"{n}.png", question=deed["id"]) for n in range(3))
    answers = {number: f"پاسخ {number}" for number in range(0, 40, 2)}
    full = answered_letter(leila, water, service, forty | {"deed": deed}, answers | {"deed": ["0.png"]}, files=files)
    plain = factories.make_letter(leila, water, service=service)
    browser = signed_in(sara)
    page = page_of(browser.get(at("letter", full)))
    for words in ("پاسخ 38", "پرسش 39", "بی‌پاسخ", "2.png"):
        assert words in page
    assert cost(browser, at("letter", full)) == cost(browser, at("letter", plain)) <= 15
    assert cost(browser, "/admin/desk/") <= 15


def test_above_a_long_form_a_link_leads_to_the_answer(signed_in, sara, leila, water, forty):
    service = make_form_service(section(*forty.values()))
    page = signed_in(sara).get(at("letter", answered_letter(leila, water, service, forty, {}))).content.decode()
    assert 'href="#answer"' in page
    assert 'id="answer"' in page


def test_what_the_service_does_not_ask_is_not_missed(signed_in, sara, leila, water, forty):
    service = make_form_service(section(forty[0]), file_asked="none", name_asked="none")
    letter = answered_letter(leila, water, service, {0: forty[0]}, {0: "یک"}, sender_name="")
    letter.attachments.update(letter=None)
    page = page_of(signed_in(sara).get(at("letter", letter)))
    assert "فایل بدنه" not in page
    assert "نام پرسیده نشده است" in page
    plain = factories.make_letter(leila, water, service=service)
    plain.attachments.update(letter=None)
    assert "فایلی نیست" in page_of(signed_in(sara).get(at("letter", plain)))


def test_of_a_questions_lost_file_staff_read_that_another_was_asked_for(signed_in, sara, leila, water, deed):
    service = make_form_service(section(deed))
    file = factories.make_attachment(leila, name="سند.png", question=deed["id"])
    letter = answered_letter(leila, water, service, {"deed": deed}, {"deed": ["سند.png"]}, files=(file,))
    Attachment.objects.filter(pk=file.pk).update(state="pending")
    letter.lose_file(file=Attachment.objects.get(pk=file.pk), signature="Eicar")
    page = page_of(signed_in(sara).get(at("letter", letter)))
    assert page.count("فایل دیگری خواسته شده است") + page.count("نامه منتظر آن است") >= 1
    assert page.index("پاسخ‌های فرم") < page.index("Eicar")
