"""What a service says beside its page: above its form, on the receipt, by SMS; and how the editor looks at it first."""

import pytest
from django.urls import reverse
from django.utils import translation
from wagtail.test.utils.form_data import rich_text

from servicedesk.delivery.sms_text import parts
from servicedesk.models import Letter, OutgoingMessage, ServicePage
from tests.factories import make_letter
from tests.questions import make_form_service
from tests.servicedesk.forms.editing import form_data

pytestmark = pytest.mark.django_db
OWN = "{سازمان}: درخواست شما در خدمت «{خدمت}» رسید.\nکد رهگیری {کد}\n{سایت}"


@pytest.fixture
def browser(signed_in, admin_user, water):
    return signed_in(admin_user)


def sms():
    return OutgoingMessage.objects.latest("pk").text


def test_the_intro_and_what_to_prepare_stand_above_the_form(leila, signed_in, water):
    make_form_service(form_intro="<p>پیش از پر کردن بخوانید.</p>", what_to_prepare="<p>تصویر سند</p>")
    page = signed_in(leila).get("/desk/letters/new/?service=permit").content.decode()
    form = page.index("<form", page.index("<main"))
    assert page.index("پیش از پر کردن بخوانید.") < page.index("تصویر سند") < form


def test_a_receipt_keeps_the_words_of_its_day(leila, signed_in, water):
    service = make_form_service(receipt_text="<p>کارشناس تا سه روز دیگر زنگ می‌زند.</p>")
    letter = make_letter(leila, water, service=service)
    ServicePage.objects.filter(pk=service.pk).update(receipt_text="<p>دیگر کسی زنگ نمی‌زند.</p>")
    page = signed_in(leila).get(f"/desk/letters/{letter.reference}/receipt/").content.decode()
    assert "کارشناس تا سه روز دیگر زنگ می‌زند." in page
    assert "دیگر کسی زنگ نمی‌زند." not in page


def test_each_sms_about_a_letter_says_what_its_service_says(leila, water, sara):
    service = make_form_service(sms_submitted=OWN, sms_interim="خبر {کد}", sms_answered="پاسخ { code }")
    letter = make_letter(leila, water, service=service)
    assert letter.reference in sms()
    assert f"درخواست شما در خدمت «{service.title}» رسید." in sms()
    assert "{" not in sms()
    letter.answer_meanwhile(by=sara, text="در حال بررسی است.")
    assert sms() == f"خبر {letter.reference}"
    letter.answer(by=sara, text="انجام شد.")
    assert sms() == f"پاسخ {letter.reference}"


def test_the_end_of_a_line_costs_one_character(leila, water):
    make_letter(leila, water, service=make_form_service(sms_submitted="رسید.\r\n{کد}"))
    assert sms().startswith("رسید.\n")


def test_without_words_of_its_own_the_desks_go_out(leila, water):
    letter = make_letter(leila, water, service=make_form_service(sms_submitted="  "))
    assert "درخواست شما رسید. کد رهگیری:" in sms()
    assert letter.reference in sms()


def test_an_english_letter_gets_no_persian_sms(leila, water):
    service = make_form_service(sms_submitted=OWN)
    with translation.override("en"):
        make_letter(leila, water, service=service)
    assert "Your letter was received" in sms()


def test_a_letter_outlives_the_words_of_its_service(leila, water, sara):
    service = make_form_service(sms_answered="پاسخ {کد}")
    letter = make_letter(leila, water, service=service)
    ServicePage.objects.get(pk=service.pk).delete()
    Letter.objects.get(pk=letter.pk).answer(by=sara, text="انجام شد.")
    assert letter.reference in sms()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("درخواست شما رسید.", "کد رهگیری جا افتاده است"), ("کد {کد} برای {نام}", "«{نام}» جای چیزی نیست")],
)
def test_an_sms_that_would_help_nobody_is_not_published(browser, text, sentence):
    service = make_form_service()
    address = reverse("wagtailadmin_pages:edit", args=[service.pk])
    refused = browser.post(address, form_data(service, sms_answered=text, **{"action-publish": "1"}), follow=True)
    assert sentence in refused.content.decode()
    assert ServicePage.objects.get(pk=service.pk).sms_answered == ""
    draft = browser.post(address, form_data(service, sms_answered=text), follow=True)
    assert sentence in draft.content.decode()
    assert ServicePage.objects.get(pk=service.pk).get_latest_revision_as_object().sms_answered == text


def preview(browser, service, mode, **values):
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[service.pk])
    assert browser.post(address, form_data(service, **values)).json()["is_valid"]
    return browser.get(address, {"mode": mode, "in_preview_panel": "true"}).content.decode()


def test_the_preview_shows_each_sms_with_its_parts(browser):
    service = make_form_service()
    long = "پاسخ درخواست شما آماده است. " * 4 + "{کد}"
    page = preview(browser, service, "messages", sms_answered=long)
    filled = long.replace("{کد}", "1405090210")
    assert parts(filled) == 2
    assert filled in page
    assert "۱۲۲ نویسه، برابر ۲ پیامک." in page
    assert "{" not in page[page.index("<main") : page.index("</main>")]
    # The two others are the desk's.
    assert page.count("متن همیشگی میز خدمت.") == 2
    assert not OutgoingMessage.objects.exists()


def test_the_preview_shows_the_receipt(browser):
    page = preview(browser, make_form_service(), "receipt", receipt_text=rich_text("<p>کارشناس زنگ می‌زند.</p>"))
    assert "کارشناس زنگ می‌زند." in page
    assert not Letter.objects.exists()


def test_the_preview_of_the_form_begins_with_what_stands_above_it(browser):
    page = preview(browser, make_form_service(), "form", form_intro=rich_text("<p>پیش از پر کردن بخوانید.</p>"))
    assert "پیش از پر کردن بخوانید." in page
