"""Sending a letter: works, bad input loses nothing, repeats make one, strangers lose nothing they typed."""

import uuid

import pytest
from django.urls import reverse

from servicedesk.models import Attachment, DeskSettings, Letter, OutgoingMessage, limit
from tests.factories import make_citizen, make_letter, make_unit, upload
from tests.photos import of_a_phone

URL = "/desk/letters/new/"


@pytest.fixture
def browser(leila, service, water, signed_in):
    return signed_in(leila)


def fields(to, **changes):
    return {
        "form_key": str(uuid.uuid4()),
        "sender_name": "لیلا نمونه",
        "subject": "چراغ کوچه خاموش است",
        "unit": to.pk,
        "body_file": upload(),
        **changes,
    }


def test_a_letter_is_taken_in_and_its_receipt_shown(browser, leila, water):
    response = browser.post(URL, fields(water))
    letter = Letter.objects.get()
    assert response.status_code == 303
    assert response["Location"] == reverse("desk:receipt", args=[letter.reference])
    assert (letter.citizen, letter.unit, letter.status) == (leila, water, "in-review")
    assert letter.body_file.name == "نامه.png"
    assert letter.body_file.open().read().startswith(b"\x89PNG")
    page = browser.get(response["Location"]).content.decode()
    assert "رهگیری پیشخوان خدمت الکترونیک" in page
    assert "چراغ کوچه خاموش است" in page
    assert "<svg" in page
    receipt_sms = OutgoingMessage.objects.get()
    assert letter.reference in receipt_sms.text
    assert letter.subject not in receipt_sms.text
    assert receipt_sms.recipient == leila.mobile


def test_the_name_is_filled_from_the_last_letter(browser, water):
    browser.post(URL, fields(water, sender_name="لیلا نمونه‌ای"))
    assert "لیلا نمونه‌ای" in browser.get(URL).content.decode()


def test_arabic_letters_and_bidi_marks_are_tidied(browser, water):
    browser.post(URL, fields(water, sender_name="\u202eعلي  كاظمي\u200f", subject="نامه‌ي من"))
    letter = Letter.objects.get()
    assert letter.sender_name == "علی کاظمی"
    assert letter.subject == "نامه‌ی من"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"sender_name": " "}, "نام و نام خانوادگی خود را وارد کنید"),
        ({"subject": ""}, "در چند کلمه بنویسید"),
        ({"subject": "م" * 201}, "حداکثر ۲۰۰ کاراکتر"),
        ({"sender_name": "م" * 201}, "اکنون ۲۰۱ کاراکتر"),
        ({"unit": ""}, "واحدی را که"),
        ({"unit": "0"}, "واحد دیگری انتخاب کنید"),
        ({"body_file": ""}, "فایل نامهٔ خود را انتخاب کنید"),
    ],
)
def test_bad_input_gets_a_clear_sentence_and_keeps_the_rest(browser, water, change, sentence):
    response = browser.post(URL, fields(water, **change))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "<title>خطا: " in page
    assert not Letter.objects.exists()
    for name, text in (("sender_name", "لیلا نمونه"), ("subject", "چراغ کوچه خاموش است")):
        if name not in change:
            assert f'value="{text}"' in page


def test_two_hundred_characters_are_allowed(browser, water):
    assert browser.post(URL, fields(water, subject="م" * 200)).status_code == 303


def test_a_refused_file_keeps_the_text_and_says_how_to_mend_it(browser, water):
    response = browser.post(URL, fields(water, body_file=upload("برنامه.exe", b"MZ\x00\x00")))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="چراغ کوچه خاموش است"' in page
    assert ".pdf" in page
    assert not Attachment.objects.exists()


def test_a_file_one_byte_above_the_limit_is_refused_and_one_at_the_limit_is_not_too_large(browser, water):
    limit = 1_048_576
    too_large = upload("a.pdf", b"%PDF-" + b"\0" * (limit - 4))
    page = browser.post(URL, fields(water, body_file=too_large)).content.decode()
    assert "این فایل از ۱ مگابایت" in page
    just_fits = upload("a.pdf", b"%PDF-" + b"\0" * (limit - 5))
    other = browser.post(URL, fields(water, body_file=just_fits)).content.decode()
    assert "این فایل از ۱ مگابایت" not in other


def test_a_photo_above_the_limit_is_taken_and_made_smaller(browser, water):
    assert browser.post(URL, fields(water, body_file=upload("IMG_1.jpg", of_a_phone()))).status_code == 303
    kept = Letter.objects.get().body_file
    assert (kept.name, kept.size <= 1_048_576) == ("IMG_1.jpg", True)
    with kept.open() as stored:
        assert len(stored.read()) == kept.size


def test_a_photo_that_no_browser_can_open_is_refused_with_the_way_out(browser, water):
    page = browser.post(URL, fields(water, body_file=upload("IMG_1.HEIC", b"\0\0\0\x18ftypheic"))).content.decode()
    assert "اسکرین‌شات" in page
    assert not Letter.objects.exists()


def test_an_accepted_file_stays_when_another_field_fails(browser, water):
    data = fields(water, subject="")
    page = browser.post(URL, data).content.decode()
    assert "نامه.png" in page
    del data["body_file"]
    assert browser.post(URL, data | {"subject": "این بار با موضوع"}).status_code == 303
    assert Letter.objects.get().body_file.name == "نامه.png"


def test_a_kept_file_can_be_removed(browser, water):
    data = fields(water, subject="")
    browser.post(URL, data)
    del data["body_file"]
    response = browser.post(URL, data | {"subject": "با موضوع", "remove_file": str(Attachment.objects.get().pk)})
    page = response.content.decode()
    assert "نامه.png" not in page
    assert 'value="با موضوع"' in page
    assert data["form_key"] in page
    assert not Attachment.objects.exists()


def test_a_repeat_gives_the_same_receipt(browser, water):
    data = fields(water)
    first = browser.post(URL, data)
    again = browser.post(URL, data | {"body_file": upload()})
    assert first["Location"] == again["Location"]
    assert Letter.objects.count() == OutgoingMessage.objects.count() == 1


def test_a_changed_repeat_says_that_the_first_one_was_sent(browser, water):
    data = fields(water)
    browser.post(URL, data)
    response = browser.post(URL, data | {"subject": "موضوع دیگر", "body_file": upload()}, follow=True)
    assert "پیش‌تر فرستاده شده بود" in response.content.decode()
    assert Letter.objects.count() == 1


def test_one_form_key_belongs_to_one_citizen(browser, water, signed_in):
    data = fields(water)
    browser.post(URL, data)
    other = signed_in(make_citizen())
    other.post(URL, data | {"body_file": upload()})
    assert Letter.objects.count() == 2


def test_what_was_typed_after_the_session_ended_is_there_after_signing_in(client, service, water, leila):
    data = fields(water, subject="موضوعی که گم نشد")
    response = client.post(URL, data)
    assert response.status_code == 303
    assert response["Location"].startswith("/desk/sign-in/?next=")
    session = client.session
    client.force_login(leila, backend="servicedesk.backends.CitizenBackend")
    if "late_post" not in client.session:
        # force_login starts a new session where a sign-in keeps the stranger's.
        kept = client.session
        kept["late_post"] = session["late_post"]
        kept.save()
    page = client.get(URL).content.decode()
    assert "موضوعی که گم نشد" in page
    assert data["form_key"] in page
    assert "فایل را یک بار دیگر انتخاب کنید" in page


def test_a_changed_limit_counts_at_once(browser, water):
    desk = DeskSettings.load()
    desk.text_length, desk.body_file_kinds = 20, ["pdf"]
    desk.save()
    page = browser.post(URL, fields(water, subject="م" * 21)).content.decode()
    assert "حداکثر ۲۰ کاراکتر" in page
    assert ".pdf" in page
    assert ".png" not in page


def test_a_unit_that_is_off_gets_no_letters(browser, water, roads):
    water.is_active = False
    water.save()
    assert browser.post(URL, fields(water)).status_code == 422
    assert "آب و فاضلاب" not in browser.get(URL).content.decode()


def test_an_unknown_service_does_not_exist(browser):
    assert browser.get(URL + "?service=nothing").status_code == 404


def test_many_letters_in_an_hour_are_stopped_without_losing_the_text(browser, leila, water, service, monkeypatch):
    monkeypatch.setitem(limit.LIMITS, "letters-by-citizen", ((2, limit.HOUR),))
    for _ in range(2):
        make_letter(leila, water, service=service)
    response = browser.post(URL, fields(water, subject="یکی بیش از اندازه"))
    assert response.status_code == 429
    assert 'value="یکی بیش از اندازه"' in response.content.decode()
    assert Letter.objects.count() == 2


def test_many_files_in_an_hour_are_stopped_without_losing_the_text(browser, water, monkeypatch):
    monkeypatch.setitem(limit.LIMITS, "upload-by-citizen", ((1, limit.HOUR),))
    browser.post(URL, fields(water, subject=""))
    page = browser.post(URL, fields(water, subject="موضوعی که می‌ماند")).content.decode()
    assert 'value="موضوعی که می‌ماند"' in page
    assert "یک ساعت دیگر" in page
    assert not Letter.objects.exists()


def test_more_than_six_units_become_a_list(browser, water):
    assert 'type="radio"' in browser.get(URL).content.decode()
    for number in range(7):
        make_unit(f"واحد {number}")
    page = browser.get(URL).content.decode()
    assert 'type="radio"' not in page
    assert "<select" in page


@pytest.mark.parametrize("key", ["", "not-a-key"])
def test_a_form_that_lost_its_key_keeps_what_was_typed(browser, water, key):
    response = browser.post(URL, fields(water, form_key=key))
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="چراغ کوچه خاموش است"' in page
    new_key = response.context["form"]["form_key"].value()
    assert browser.post(URL, fields(water, form_key=new_key)).status_code == 303
