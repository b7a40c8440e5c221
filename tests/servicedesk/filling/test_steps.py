"""A form in steps: kept between visits, gone on with, looked over, sent once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from servicedesk.models import Attachment, Draft, FormVersion, Letter
from servicedesk.models.attachment import DRAFT_DAYS
from tests.factories import make_citizen, upload
from tests.questions import make_form_service, name, question, section, step
from tests.servicedesk.filling.conftest import NEW

pytestmark = pytest.mark.django_db


@pytest.fixture
def has_partner():
    return question("yes_no", "شریک دارید؟")


@pytest.fixture
def partner(has_partner):
    return question("short_text", "نام شریک", rules=[(has_partner, "is", "yes")])


@pytest.fixture
def trades():
    return question("choices", "کارهای شما", choices={"a": "نانوایی", "b": "قنادی"}, required=False)


@pytest.fixture
def deed():
    return question("file", "سند مالکیت")


@pytest.fixture
def service(has_partner, partner, trades, deed):
    return make_form_service(
        step("متقاضی"), section(has_partner, trades), step("مدارک"), section(partner, deed), file_asked="none"
    )


def at(citizen, where):
    return f"/desk/drafts/{citizen.key}/{where}/"


def test_two_steps_lead_to_a_look_before_sending_and_to_one_letter(citizen, service, has_partner, partner, deed):
    first = citizen.send(body_file="", **{name(has_partner): "yes"})
    assert (first.status_code, first["Location"]) == (303, at(citizen, 2))
    second = citizen.post(at(citizen, 2), **{name(partner): "کاوه نمونه", name(deed): upload("سند.png")})
    assert (second.status_code, second["Location"]) == (303, at(citizen, "check"))
    assert not Letter.objects.exists()
    look = citizen.client.get(at(citizen, "check")).content.decode()
    for words in ("متقاضی", "مدارک", "بله", "کاوه نمونه", "سند.png", "پروانه برای مغازه", "آب و فاضلاب"):
        assert words in look
    assert look.count("ویرایش<") == 7
    assert f"{at(citizen, 2)}?then=check#id_{name(partner)}" in look
    sent = citizen.post(at(citizen, "check"))
    letter = Letter.objects.get()
    assert sent["Location"] == f"/desk/letters/{letter.reference}/receipt/"
    assert not Draft.objects.exists()
    assert [answer.text for answer in letter.answers.all()] == ["بله", "", "کاوه نمونه", "سند.png"]
    assert [file.name for file in letter.own_files] == ["سند.png"]
    # Again, from a page that stayed open, and by the address of a draft that has become a letter.
    assert citizen.client.post(at(citizen, "check")).headers["Location"] == sent["Location"]
    assert citizen.client.get(at(citizen, 2))["Location"] == sent["Location"]
    assert Letter.objects.count() == 1


def test_who_edits_one_answer_comes_straight_back_to_the_look(citizen, service, has_partner, partner, deed):
    citizen.send(body_file="", **{name(has_partner): "no"})
    citizen.post(at(citizen, 2), **{name(deed): upload("سند.png")})
    edit = f"{at(citizen, 1)}?then=check"
    page = citizen.client.get(edit).content.decode()
    assert "ادامه به مرور پاسخ‌ها" in page
    wrong = citizen.post(edit, **{**citizen.usual(body_file="", subject=""), name(has_partner): "no"})
    assert wrong.status_code == 422
    assert "ادامه به مرور پاسخ‌ها" in wrong.content.decode()
    # What the new answer asks for is missed there, and led to.
    right = citizen.post(edit, **{**citizen.usual(body_file=""), name(has_partner): "yes"})
    assert right["Location"] == at(citizen, "check")
    look = citizen.client.get(at(citizen, "check")).content.decode()
    assert "هنوز چیزی کم است" in look
    again = citizen.post(f"{at(citizen, 2)}?then=check", **{name(partner): "کاوه نمونه"})
    assert again["Location"] == at(citizen, "check")
    assert citizen.post(at(citizen, "check")).status_code == 303
    assert Letter.objects.get().answers.get(question=partner["id"]).text == "کاوه نمونه"


def test_what_an_earlier_step_has_decided_is_shown_or_not_without_scripts_too(citizen, service, has_partner, partner):
    condition = "فقط وقتی پاسخ دهید که"
    citizen.send(body_file="", **{name(has_partner): "no"})
    without = citizen.client.get(at(citizen, 2)).content.decode()
    assert re.search(rf'<div class="depends"[^>]* hidden>\s*<div[^>]*>\s*<label[^>]* for="id_{name(partner)}"', without)
    citizen.post(at(citizen, 1), **{**citizen.usual(body_file=""), name(has_partner): "yes"})
    with_it = citizen.client.get(at(citizen, 2)).content.decode()
    assert not re.search(r'<div class="depends"[^>]* hidden>', with_it)
    assert condition not in without + with_it


def test_what_was_begun_is_offered_on_the_desks_home_and_goes_on_where_it_stopped(
    citizen, service, signed_in, leila, has_partner, partner
):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    refused = citizen.post(at(citizen, 2), **{name(partner): "کاوه نمونه"})
    assert refused.status_code == 422
    elsewhere = signed_in(leila)
    home = elsewhere.get("/desk/").content.decode()
    assert "ادامهٔ درخواست" in home
    assert f"/desk/drafts/{citizen.key}/" in home
    on = elsewhere.get(f"/desk/drafts/{citizen.key}/")
    assert on["Location"] == at(citizen, 2)
    page = elsewhere.get(on["Location"])
    assert "کاوه نمونه" in page.content.decode()
    assert not page.context["form"].errors


def test_a_file_that_was_accepted_stays_between_the_steps(citizen, service, has_partner, partner, deed):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    assert citizen.post(at(citizen, 2), **{name(deed): upload("سند.png")}).status_code == 422
    assert "سند.png" in citizen.client.get(at(citizen, 2)).content.decode()
    assert citizen.post(at(citizen, 2), **{name(partner): "کاوه"}).status_code == 303
    [file] = Attachment.objects.all()
    taken_back = citizen.post(at(citizen, 2), remove_file=str(file.pk), **{name(partner): "کاوه"})
    assert "سند.png" not in taken_back.content.decode()
    assert "کاوه" in citizen.client.get(at(citizen, 2)).content.decode()


def test_going_back_keeps_what_was_typed_and_judges_nothing(citizen, service, has_partner, partner):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    back = citizen.post(at(citizen, 2), back="1", **{name(partner): "کاوه"})
    assert back["Location"] == at(citizen, 1)
    first = citizen.client.get(at(citizen, 1))
    assert first.context["form"][name(has_partner)].value() == "yes"
    assert "کاوه" in citizen.client.get(at(citizen, 2)).content.decode()


def test_a_box_that_is_unticked_later_is_no_answer_any_more(citizen, service, has_partner, trades):
    citizen.send(body_file="", **{name(has_partner): "no", name(trades): ["a", "b"]})
    usual = citizen.usual(body_file="")
    citizen.post(at(citizen, 1), **{**usual, name(has_partner): "no"})
    assert Draft.objects.get().typed[name(trades)] == []


def test_an_answer_that_an_earlier_step_takes_back_is_not_sent(citizen, service, has_partner, partner, deed):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    citizen.post(at(citizen, 2), **{name(partner): "کاوه نمونه", name(deed): upload("سند.png")})
    citizen.post(at(citizen, 1), **{**citizen.usual(body_file=""), name(has_partner): "no"})
    assert "کاوه" not in citizen.client.get(at(citizen, "check")).content.decode()
    citizen.post(at(citizen, "check"))
    assert [answer.text for answer in Letter.objects.get().answers.all()] == ["خیر", "", "سند.png"]


def test_a_step_that_was_left_out_is_missed_before_sending(citizen, service, has_partner):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    look = citizen.client.get(at(citizen, "check"))
    assert "هنوز چیزی کم است" in look.content.decode()
    assert citizen.post(at(citizen, "check")).status_code == 422
    assert not Letter.objects.exists()


def test_a_form_that_changes_between_the_steps_keeps_answers_and_says_what_is_new(
    citizen, service, has_partner, partner, deed
):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    new = question("short_text", "نشانی دکان")
    service.form = [step("متقاضی"), section(has_partner, new), step("مدارک"), section(partner, deed)]
    service.save()
    page = citizen.client.get(at(citizen, 2)).content.decode()
    assert "تازه در آن: «نشانی دکان»" in page
    assert Draft.objects.get().version == FormVersion.current(service)
    assert "تازه در آن" not in citizen.client.get(at(citizen, 2)).content.decode()
    citizen.post(at(citizen, 2), **{name(partner): "کاوه", name(deed): upload("سند.png")})
    look = citizen.client.get(at(citizen, "check"))
    assert list(look.context["form"].errors) == [name(new)]
    citizen.post(at(citizen, 1), **{**citizen.usual(body_file=""), name(has_partner): "yes", name(new): "خیابان ۱"})
    assert citizen.post(at(citizen, "check")).status_code == 303


def test_what_was_typed_after_the_sessions_end_is_in_the_draft_after_signing_in(
    citizen, service, client, leila, has_partner, partner
):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    page = citizen.client.get(at(citizen, 2))
    owner = page.context["form"]["owner"].value()
    typed = {"form_key": citizen.key, "owner": owner, name(partner): "نوشته دیر"}
    late = client.post(at(citizen, 2), citizen.with_version(page, typed))
    assert "/desk/sign-in/?next=" in late["Location"]
    kept = client.session["late_post"]
    client.force_login(leila, backend="servicedesk.backends.CitizenBackend")
    session = client.session
    session["late_post"] = kept
    session.save()
    assert "نوشته دیر" in client.get(at(citizen, 2)).content.decode()
    assert Draft.objects.get().typed[name(partner)] == ["نوشته دیر"]


def test_nobody_elses_draft_exists(citizen, service, signed_in, sara, has_partner):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    other = signed_in(make_citizen())
    for where in ("1", "2", "check", "remove"):
        assert other.get(at(citizen, where)).status_code == 404
    assert other.get(f"/desk/drafts/{citizen.key}/").status_code == 404
    other.post(at(citizen, "remove"))
    assert Draft.objects.exists()
    assert "sign-in" in signed_in(sara).get(at(citizen, 2))["Location"]


def test_an_unfinished_letter_can_be_given_up(citizen, service, has_partner, partner, deed):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    citizen.post(at(citizen, 2), **{name(deed): upload("سند.png")})
    asked = citizen.client.get(at(citizen, "remove"))
    assert service.title in asked.content.decode()
    assert Draft.objects.exists()
    assert citizen.client.post(at(citizen, "remove"))["Location"] == "/desk/"
    assert not Draft.objects.exists()
    assert not Attachment.objects.exists()
    assert "ادامهٔ درخواست" not in citizen.client.get("/desk/").content.decode()


def test_a_draft_lapses_after_a_week_and_a_form_that_stayed_open_loses_nothing(citizen, service, has_partner, partner):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    page = citizen.client.get(at(citizen, 2))
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=DRAFT_DAYS, minutes=1))
    assert "ادامهٔ درخواست" not in citizen.client.get("/desk/").content.decode()
    typed = {"form_key": citizen.key, name(partner): "کاوه نمونه"}
    assert citizen.client.get(at(citizen, 2)).status_code == 404
    answer = citizen.client.post(at(citizen, 2), citizen.with_version(page, typed))
    assert answer.status_code == 422
    assert "کاوه نمونه" in answer.content.decode()
    assert Draft.objects.visible_to(page.context["user"]).exists()


def test_a_service_that_closes_meanwhile_keeps_the_draft(citizen, service, has_partner):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    service.accepts_letters = False
    service.save()
    answer = citizen.client.get(at(citizen, 2), follow=True)
    assert "این خدمت اکنون نامه نمی‌گیرد" in answer.content.decode()
    assert Draft.objects.exists()


def test_another_form_key_makes_another_letter(citizen, service, has_partner):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    assert "yes" not in str(citizen.client.get(NEW).context["form"][name(has_partner)].value())


def test_files_of_questions_that_are_not_asked_any_more_are_not_sent_and_not_kept(citizen):
    has = question("yes_no", "سند دارید؟")
    deed = question("file", "سند", rules=[(has, "is", "yes")])
    make_form_service(
        step("یک"), section(has, deed), step("دو"), section(question("yes_no", "دیگر؟")), file_asked="none"
    )
    citizen.send(body_file="", **{name(has): "yes", name(deed): upload("سند.png")})
    assert Attachment.objects.count() == 1
    citizen.post(at(citizen, 1), **{**citizen.usual(body_file=""), name(has): "no"})
    form = citizen.client.get(at(citizen, 2)).context["form"]
    last = form.outline.questions[-1].field_name
    citizen.post(at(citizen, 2), **{last: "yes"})
    citizen.post(at(citizen, "check"))
    assert Letter.objects.get().own_files == []
    assert not Attachment.objects.exists()


def test_what_was_typed_too_late_waits_for_its_own_form(citizen, service, client, leila, has_partner, partner):
    citizen.send(body_file="", **{name(has_partner): "yes"})
    page, first = citizen.client.get(at(citizen, 2)), citizen.key
    citizen.key = "00000000-0000-4000-8000-000000000002"
    citizen.send(body_file="", **{name(has_partner): "yes"})
    typed = {"form_key": first, "owner": page.context["form"]["owner"].value(), name(partner): "نوشته دیر"}
    client.post(f"/desk/drafts/{first}/2/", citizen.with_version(page, typed))
    kept = client.session["late_post"]
    client.force_login(leila, backend="servicedesk.backends.CitizenBackend")
    session = client.session
    session["late_post"] = kept
    session.save()
    assert "نوشته دیر" not in client.get(at(citizen, 2)).content.decode()
    assert "نوشته دیر" in client.get(f"/desk/drafts/{first}/2/").content.decode()


def test_a_draft_keeps_nothing_that_no_question_asks_for(citizen, service, has_partner):
    citizen.send(body_file="", **{name(has_partner): "yes", f"q-{citizen.key}": "x" * 1000, "other": "y"})
    assert set(Draft.objects.get().typed) == {"sender_name", "subject", "unit", name(has_partner)}
