"""The rules of a service: one method, which form, check, error, service page and guide ask."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from home.seed.blocks import rules, section
from servicedesk.models import Attachment, DeskSettings, ServicePage
from servicedesk.uploads.inspection import Rules
from tests.factories import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict():
    """A service whose letters take small PDF files only. Until services have fields for it, the method is the seam."""
    page = DeskSettings.load().general_service
    page.promised_days = 5
    page.save()

    class Own:
        @staticmethod
        def of(asked, desk):
            own = asked.pk == page.pk
            return Rules(kinds={"pdf"}, max_bytes=100 * 1024) if own else desk.body_file_rules

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ServicePage, "file_rules", Own.of)
        yield page


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_the_guide_names_a_service_only_where_its_rules_differ(client, guide, publish):
    publish(guide, sections=[section("ثبت", "send", rules("قوانین"))])
    assert "قانون خودشان" not in words(client.get("/guide/"))


def test_the_guide_lists_the_rules_of_a_service_that_has_its_own(client, guide, publish, strict):
    publish(guide, sections=[section("ثبت", "send", rules("قوانین"))])
    text = words(client.get("/guide/"))
    general, own = text.split("قانون خودشان")
    assert "۱ مگابایت" in general
    assert strict.title in own
    assert "۱۰۰ کیلوبایت" in own
    assert ".pdf" in own
    assert ".png" not in own
    assert "۵ روز کاری" in own


def test_service_page_form_check_and_error_hold_them_too(client, strict, signed_in, leila, water):
    assert "۱۰۰ کیلوبایت" in words(client.get(strict.url))
    browser = signed_in(leila)
    form = browser.get("/desk/letters/new/")
    assert "۱۰۰ کیلوبایت" in words(form)
    assert 'accept=".pdf"' in form.content.decode()
    typed = {
        "form_key": form.context["form"]["form_key"].value(),
        "owner": form.context["form"]["owner"].value(),
        "sender_name": "لیلا",
        "subject": "موضوع",
        "unit": water.pk,
    }
    picture = SimpleUploadedFile("نامه.png", png(8, 8), "image/png")
    answer = browser.post("/desk/letters/new/", {**typed, "body_file": picture})
    assert answer.status_code == 422
    assert "PDF" in str(answer.context["form"].errors["body_file"])
    large = SimpleUploadedFile("نامه.pdf", b"%PDF-1.7" + bytes(120 * 1024), "application/pdf")
    answer = browser.post("/desk/letters/new/", {**typed, "body_file": large})
    assert "۱۰۰ کیلوبایت" in str(answer.context["form"].errors["body_file"])
    assert not Attachment.objects.exists()
