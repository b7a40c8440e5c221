"""A service's own questions on one page: asked, judged, kept with the letter as they were shown."""

import pytest
from wagtail.models import Locale

from servicedesk.models import Answer, Draft, FormVersion, Letter
from tests.factories import png, upload
from tests.questions import make_form_service, name, question, section

pytestmark = pytest.mark.django_db


def test_answers_stand_on_the_letter_as_they_were_read(citizen, signed_in, sara):
    kind = question("choice", "نوع کار", choices={"a": "نانوایی", "b": "آرایشگاه"})
    national = question("national_id", "کد ملی متقاضی")
    area = question("number", "مساحت", unit="متر مربع", required=False)
    when = question("jalali_date", "تاریخ شروع")
    make_form_service(section(kind, national, area, when, title="درباره مغازه"))
    response = citizen.send(**{name(kind): "b", name(national): "۰۰۸۴۵۷۵۹۴۸", name(when): "1405/9/2"})
    assert response.status_code == 303, response.content.decode()
    letter = Letter.objects.get()
    for page in (
        citizen.client.get(f"/desk/letters/{letter.reference}/").content.decode(),
        citizen.client.get(response["Location"]).content.decode(),
        signed_in(sara).get(f"/admin/desk/{letter.reference}/").content.decode(),
    ):
        for words in ("درباره مغازه", "نوع کار", "آرایشگاه", "۰۰۸۴۵۷۵۹۴۸", "۲ آذر ۱۴۰۵", "بی‌پاسخ"):
            assert words in page
        assert "نانوایی" not in page
    assert [answer.value for answer in letter.answers.all()] == ["b", "0084575948", None, "2026-11-23"]


@pytest.mark.parametrize(
    ("kind", "options", "typed", "sentence"),
    [
        ("national_id", {}, "0084575947", "کد ملی"),
        ("choice", {"choices": {"a": "الف", "b": "ب"}}, "c", "انتخاب"),
        ("jalali_date", {"when": "past"}, "1499/1/1", "تاریخ"),
        ("declaration", {}, "", "تیک"),
        ("short_text", {"longest": 3}, "چهار حرف", "حداکثر ۳"),
    ],
)
def test_what_does_not_do_is_said_at_its_question_and_kept(citizen, kind, options, typed, sentence):
    asked = question(kind, "پرسش", **options)
    make_form_service(section(asked))
    response = citizen.send(**{name(asked): typed})
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in str(response.context["form"].errors[name(asked)])
    assert f'href="#id_{name(asked)}' in page
    assert "پروانه برای مغازه" in page
    assert not Letter.objects.exists()


def test_a_file_of_a_question_goes_the_way_of_every_upload(citizen, signed_in, sara):
    deed, picture = question("file", "سند"), question("file", "عکس‌ها", kinds=["png"], most=2, required=False)
    make_form_service(section(deed, picture), file_asked="none")
    refused = citizen.send(
        **{name(deed): upload("سند.exe"), name(picture): [upload("۱.png"), upload("۲.png", png(50))]}
    )
    assert refused.status_code == 422
    assert "۱.png" in refused.content.decode()
    assert name(deed) in refused.context["form"].errors
    assert citizen.send(body_file="", **{name(deed): upload("سند.png")}).status_code == 303
    letter = Letter.objects.get()
    assert letter.body_file is None
    assert {file.name for file in letter.own_files} == {"سند.png", "۱.png", "۲.png"}
    page = citizen.client.get(f"/desk/letters/{letter.reference}/").content.decode()
    assert page.index("سند.png") < page.index("عکس‌ها") < page.index("۱.png")
    assert "۱.png" in signed_in(sara).get(f"/admin/desk/{letter.reference}/").content.decode()
    assert citizen.client.get(f"/desk/letters/{letter.reference}/files/{letter.own_files[0].pk}/").status_code == 302


def test_a_missing_file_is_asked_for(citizen):
    deed = question("file", "سند")
    make_form_service(section(deed))
    response = citizen.send()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [name(deed)]


def test_what_a_condition_hides_is_ignored_and_what_it_shows_is_demanded(citizen):
    has = question("yes_no", "شریک دارید؟")
    partner = question("short_text", "نام شریک", rules=[(has, "is", "yes")])
    make_form_service(section(has, partner))
    assert citizen.send(**{name(has): "yes"}).status_code == 422
    assert citizen.send(**{name(has): "no", name(partner): "پنهان"}).status_code == 303
    letter = Letter.objects.get()
    assert [str(answer.question) for answer in letter.answers.all()] == [has["id"]]
    assert "پنهان" not in citizen.client.get(f"/desk/letters/{letter.reference}/").content.decode()
    assert not Answer.objects.filter(text__contains="پنهان").exists()


def test_a_later_edit_or_the_end_of_the_page_changes_no_old_letter(citizen):
    asked = question("choice", "نوع کار", choices={"a": "نانوایی", "b": "آرایشگاه"})
    service = make_form_service(section(asked, title="بخش نخست"))
    citizen.send(**{name(asked): "a"})
    letter = Letter.objects.get()
    service.form = [section(question("short_text", "چیز دیگر"), title="بخش تازه")]
    service.save()
    page = citizen.client.get(f"/desk/letters/{letter.reference}/").content.decode()
    assert "نانوایی" in page
    assert "بخش نخست" in page
    assert "بخش تازه" not in page
    service.delete()
    page = citizen.client.get(f"/desk/letters/{letter.reference}/").content.decode()
    assert "نانوایی" in page
    assert "نوع کار" in page


def test_a_form_that_changed_meanwhile_is_judged_by_the_version_that_was_shown(citizen):
    asked = question("short_text", "نام مغازه")
    service = make_form_service(section(asked))
    shown = citizen.open()
    service.form = [section(asked, question("short_text", "پرسش تازه"))]
    service.save()
    typed = {**citizen.usual(), name(asked): "مغازه من"}
    response = citizen.client.post("/desk/letters/new/?service=permit", citizen.with_version(shown, typed))
    assert response.status_code == 303
    assert Letter.objects.get().version == shown.context["form"].form_version


def test_a_form_that_was_opened_too_long_ago_says_so_and_keeps_every_answer(citizen):
    asked = question("short_text", "نام مغازه")
    service = make_form_service(section(asked))
    shown = citizen.open()
    FormVersion.objects.update(shown_at="2020-01-01T00:00Z")
    service.form = [section(asked, question("short_text", "پرسش تازه"))]
    service.save()
    typed = {**citizen.usual(), name(asked): "مغازه من"}
    response = citizen.client.post("/desk/letters/new/?service=permit", citizen.with_version(shown, typed))
    page = response.content.decode()
    assert response.status_code == 422
    assert "این فرم" in page
    assert "تغییر کرده" in page
    assert "مغازه من" in page
    assert "پرسش تازه" in page
    assert not Letter.objects.exists()


def test_a_service_renames_and_leaves_out_the_usual_fields(citizen, signed_in, sara):
    make_form_service(name_asked="none", file_asked="none", subject_label="عنوان شکایت", unit_label="به کدام اداره")
    page = citizen.open().content.decode()
    assert "عنوان شکایت" in page
    assert "به کدام اداره" in page
    assert "نام و نام خانوادگی" not in page
    assert 'name="body_file"' not in page
    response = citizen.client.post(
        "/desk/letters/new/?service=permit",
        {"form_key": citizen.key, "subject": "صدای کارگاه", "unit": citizen.unit.pk},
    )
    assert response.status_code == 303
    letter = Letter.objects.get()
    assert letter.sender_name == ""
    assert signed_in(sara).get(f"/admin/desk/{letter.reference}/").status_code == 200
    assert citizen.client.get(f"/desk/letters/{letter.reference}/").status_code == 200
    assert not Draft.objects.exists()


def test_a_letter_calls_its_usual_fields_as_its_form_did(citizen):
    service = make_form_service(name_label="نام شاکی", subject_label="عنوان شکایت", file_label="متن شکایت")
    citizen.send()
    service.subject_label = "موضوع"
    service.save()
    letter = Letter.objects.get()
    receipt = citizen.client.get(f"/desk/letters/{letter.reference}/receipt/").content.decode()
    assert [label in receipt for label in ("نام شاکی", "عنوان شکایت", "متن شکایت")] == [True] * 3
    # What nobody renamed is called as the reader's language calls it.
    in_english = citizen.client.get(f"/en/desk/letters/{letter.reference}/receipt/").content.decode()
    assert "Receiving unit" in in_english
    assert "نام شاکی" in in_english


def test_a_renamed_field_is_missed_by_its_own_name(citizen):
    make_form_service(name_label="نام شاکی", subject_label="نوشتهٔ روی تابلو", file_label="نقشهٔ محل")
    page = citizen.open().content.decode()
    assert "نامه‌ای که نوشته‌اید" not in page
    page = citizen.send(sender_name="", subject="", body_file="").content.decode()
    written, chosen = "این بخش نمی‌تواند خالی بماند؛ پاسخ خود را بنویسید.", "فایل این پرسش را انتخاب کنید."
    for said in (f"نام شاکی: {written}", f"نوشتهٔ روی تابلو: {written}", f"نقشهٔ محل: {chosen}"):
        assert said in page, said
    assert "درخواست شما دربارهٔ چیست" not in page
    make_form_service(slug="plain")
    plain = citizen.client.get("/desk/letters/new/?service=plain").content.decode()
    assert "نامه‌ای که نوشته‌اید" in plain


def test_a_label_that_is_a_sentence_gets_no_colon_in_the_list_of_errors(citizen):
    make_form_service(section(question("yes_no", "کارگر دارید؟"), question("number", "مساحت")))
    page = citizen.send().content.decode()
    assert "کارگر دارید؟ بله یا خیر" in page
    assert "مساحت: " in page


def test_a_form_asks_for_the_scripts_that_its_questions_need(citizen):
    has = question("yes_no", "شریک دارید؟")
    depends = question("jalali_date", "تاریخ شراکت", rules=[(has, "is", "yes")])
    service = make_form_service(section(has, depends))
    page = citizen.open().content.decode()
    assert "js/conditions.js" in page
    assert "js/jalali-picker.js" in page
    service.form = [section(has)]
    service.save()
    page = citizen.open().content.decode()
    assert "js/conditions.js" not in page
    assert "js/jalali-picker.js" not in page


def test_more_files_than_a_question_takes_are_refused_and_the_kept_ones_stay(citizen):
    pictures = question("file", "عکس‌ها", kinds=["png"], most=2)
    make_form_service(section(pictures, question("short_text", "نام")), file_asked="none")
    citizen.send(body_file="", **{name(pictures): [upload("۱.png"), upload("۲.png", png(50))]})
    response = citizen.send(body_file="", **{name(pictures): upload("۳.png", png(60))})
    assert "حداکثر ۲ فایل" in str(response.context["form"].errors[name(pictures)])
    page = response.content.decode()
    assert "۱.png" in page
    assert "۲.png" in page
    assert "۳.png" not in page


def test_who_changes_the_language_goes_on_with_a_service_that_has_no_translation(citizen, service):
    english = service.copy_for_translation(Locale.objects.get(language_code="en"), copy_parents=True)
    english.save_revision().publish()
    make_form_service(section(question("short_text", "نام مغازه")))
    page = citizen.open().content.decode()
    assert 'href="/en/desk/letters/new/?service=permit"' in page
    in_english = citizen.client.get("/en/desk/letters/new/?service=permit")
    assert in_english.status_code == 200
    assert "نام مغازه" in in_english.content.decode()
    assert citizen.client.get("/en/desk/letters/new/?service=nothing").status_code == 404
