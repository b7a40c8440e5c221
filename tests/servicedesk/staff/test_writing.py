"""While an answer is written: it is kept, colleagues are named, saved texts come filled, and it can be looked at."""

import uuid
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from servicedesk.models import AnswerDraft, Attachment, OutgoingMessage, Presence, SavedFilter, SavedText
from servicedesk.purging import purge_answer_drafts, purge_unsent_files
from tests import factories

from .conftest import at, keyed, page_of, png_file

INBOX = "/admin/desk/"


@pytest.fixture
def colleague(water):
    return factories.make_staff("colleague", water, first_name="پریسا", last_name="همکار")


# --- Keeping --------------------------------------------------------------------------------------


def test_what_was_typed_stands_there_again_in_another_browser(signed_in, sara, letter):
    key = str(uuid.uuid4())
    answer = signed_in(sara).post(at("keep-draft", letter), {"form_key": key, "text": "نیمهٔ پاسخ", "kind": "final"})
    assert answer.status_code == 204
    page = signed_in(sara).get(at("letter", letter)).content.decode()
    assert "نیمهٔ پاسخ</textarea>" in page
    assert f'value="{key}"' in page


def test_a_colleague_does_not_see_it(signed_in, sara, colleague, letter):
    signed_in(sara).post(at("keep-draft", letter), keyed(text="نیمهٔ پاسخ"))
    assert "نیمهٔ پاسخ" not in signed_in(colleague).get(at("letter", letter)).content.decode()


def test_what_comes_after_the_answer_was_sent_is_not_kept(signed_in, sara, letter):
    browser, fields = signed_in(sara), keyed(text="پاسخ")
    browser.post(at("interim-answer", letter), fields)
    assert browser.post(at("keep-draft", letter), fields).status_code == 409
    assert not AnswerDraft.objects.exists()


def test_what_waits_for_approval_is_not_written_over(signed_in, sara, water, letter):
    water.needs_approval = True
    water.save()
    browser, fields = signed_in(sara), keyed(text="پاسخ")
    browser.post(at("answer", letter), fields)
    assert browser.post(at("keep-draft", letter), keyed(text="چیز دیگر")).status_code == 409
    assert AnswerDraft.objects.get().text == "پاسخ"


def test_who_may_not_answer_keeps_nothing(signed_in, sara, omid, roads, letter):
    letter.send_copy(by=sara, to=roads)
    assert signed_in(omid).post(at("keep-draft", letter), keyed(text="x")).status_code == 403
    assert signed_in(omid).get(at("texts", letter)).status_code == 403
    assert not AnswerDraft.objects.exists()


def test_a_draft_that_somebody_lets_lie_keeps_its_file_while_the_letter_is_open(signed_in, sara, letter):
    browser, fields = signed_in(sara), keyed(text="")
    browser.post(at("answer", letter), fields | {"file": png_file()})
    browser.post(at("keep-draft", letter), fields | {"text": "با فایل"})
    old = Now() - timedelta(days=40)
    Attachment.objects.filter(letter=None).update(created_at=old)
    AnswerDraft.objects.update(updated_at=old)
    type(letter).objects.filter(pk=letter.pk).update(moved_at=old)
    assert purge_unsent_files() == purge_answer_drafts() == 0
    type(letter).objects.filter(pk=letter.pk).update(status="closed")
    assert purge_answer_drafts() == 1
    assert purge_unsent_files() == 1


# --- Colleagues -----------------------------------------------------------------------------------


def here(browser, letter, **more):
    return browser.post(at("here", letter), more).json()["words"]


def test_who_has_the_letter_open_is_named_and_who_writes_is_said_so(signed_in, sara, colleague, letter):
    mine, hers = signed_in(sara), signed_in(colleague)
    assert here(mine, letter) == ""
    here(hers, letter)
    assert here(mine, letter) == "پریسا همکار هم این نامه را باز کرده است."
    here(hers, letter, writes="1")
    assert here(mine, letter) == "همکار شما پریسا همکار در حال نوشتن پاسخ این نامه است."


def test_who_left_or_is_silent_is_gone(signed_in, sara, colleague, letter):
    mine, hers = signed_in(sara), signed_in(colleague)
    here(hers, letter)
    hers.post(at("here", letter), {"leaves": "1"})
    assert here(mine, letter) == ""
    here(hers, letter)
    Presence.objects.filter(user=colleague).update(at=Now() - timedelta(seconds=60))
    assert here(mine, letter) == ""


# --- Saved texts ----------------------------------------------------------------------------------


def test_a_saved_text_comes_filled_from_the_letter(signed_in, sara, letter):
    SavedText.objects.create(title="سلام", text="جناب {نام}، نامهٔ {کد} دربارهٔ «{موضوع}» رسید. {شماره} {چه}")
    [one] = signed_in(sara).get(at("texts", letter)).json()["texts"]
    code = letter.reference.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    expected = f"جناب {letter.sender_name}، نامهٔ {code} دربارهٔ «{letter.subject}» رسید. {{شماره}} {{چه}}"
    assert (one["title"], one["text"]) == ("سلام", expected)


def test_only_what_fits_unit_and_service_comes_the_closest_first(signed_in, sara, water, roads, letter):
    other = factories.make_service(title="دیگر", slug="other")
    for title, unit, service in (
        ("همه", None, None),
        ("آب", water, None),
        ("این خدمت", None, letter.service),
        ("هر دو", water, letter.service),
        ("راه", roads, None),
        ("خدمت دیگر", water, other),
    ):
        SavedText.objects.create(title=title, text="متن", unit=unit, service=service)
    texts = signed_in(sara).get(at("texts", letter)).json()["texts"]
    assert [one["title"] for one in texts] == ["هر دو", "این خدمت", "آب", "همه"]


def test_a_clerk_writes_texts_for_his_units_and_no_others(signed_in, sara, water, roads):
    browser = signed_in(sara)
    fields = {"title": "رسید", "text": "رسید، {نام}.", "unit": water.pk, "service": ""}
    assert browser.post(f"{INBOX}texts/new/", fields).status_code == 303
    text = SavedText.objects.get()
    assert (text.unit, text.changed_by) == (water, sara)
    assert "رسید، {نام}." in page_of(browser.get(f"{INBOX}texts/"))
    for unit in (roads.pk, "all"):
        assert browser.post(f"{INBOX}texts/new/", fields | {"unit": unit}).status_code == 422
    assert SavedText.objects.count() == 1


def test_a_place_that_stands_for_nothing_is_refused_and_the_text_stays(signed_in, sara, water):
    fields = {"title": "رسید", "text": "سلام {نم}", "unit": water.pk, "service": ""}
    response = signed_in(sara).post(f"{INBOX}texts/new/", fields)
    assert response.status_code == 422
    assert "«{نم}» جای چیزی نیست" in page_of(response)
    assert "سلام {نم}</textarea>" in response.content.decode()


def test_texts_of_other_units_are_neither_changed_nor_removed(signed_in, sara, omid, roads):
    text = SavedText.objects.create(title="راه", text="متن", unit=roads)
    browser = signed_in(sara)
    assert browser.get(f"{INBOX}texts/{text.pk}/").status_code == 404
    assert browser.post(f"{INBOX}texts/{text.pk}/remove/").status_code == 404
    assert signed_in(omid).post(f"{INBOX}texts/{text.pk}/remove/").status_code == 303
    assert not SavedText.objects.exists()


def test_a_reader_has_no_saved_texts(signed_in, sara):
    sara.memberships.update(role="reader")
    assert signed_in(sara).get(f"{INBOX}texts/").status_code == 403


# --- Looking at it --------------------------------------------------------------------------------


def test_the_preview_shows_page_and_sms_as_they_will_go_out_and_sends_nothing(signed_in, sara, letter):
    browser = signed_in(sara)
    browser.post(at("keep-draft", letter), keyed(text="خط یک\n\nخط دو"))
    page = page_of(browser.get(at("preview-answer", letter)))
    assert "خط یک خط دو" in page
    assert not letter.replies.exists()
    letter.answer(by=sara, text="x")
    sent = OutgoingMessage.objects.filter(letter=letter).latest("pk").text
    assert " ".join(sent.split()) in page


def test_the_preview_of_an_interim_answer_has_its_own_sms(signed_in, sara, letter):
    browser = signed_in(sara)
    browser.post(at("keep-draft", letter), keyed(text="در راه است."))
    page = page_of(browser.get(at("preview-answer", letter) + "?kind=interim"))
    letter.answer_meanwhile(by=sara, text="x")
    assert " ".join(OutgoingMessage.objects.filter(letter=letter).latest("pk").text.split()) in page


# --- From letter to letter, and kept filters --------------------------------------------------------


def test_next_and_previous_follow_the_order_of_the_inbox(signed_in, sara, omid, leila, water, roads, service):
    letters = [factories.make_letter(leila, water, service=service, subject=f"{n}") for n in range(3)]
    foreign = factories.make_letter(leila, roads, service=service)
    for one, days in zip([*letters, foreign], (5, 1, 3, 2), strict=True):
        type(one).objects.filter(pk=one.pk).update(due_on=timezone.localdate() + timedelta(days=days))
    late, middle, first = letters[0], letters[2], letters[1]
    browser = signed_in(sara)
    assert browser.get(at("next", first)).url == at("letter", middle)
    assert browser.get(at("next", middle)).url == at("letter", late)
    assert browser.get(at("previous", middle)).url == at("letter", first)
    assert browser.get(at("next", late)).url == INBOX
    middle.answer(by=sara, text="x")
    assert browser.get(at("next", middle)).url == at("letter", late)
    assert browser.get(at("next", foreign)).status_code == 404


def test_a_filter_is_kept_for_its_owner_and_without_its_page(signed_in, sara, colleague):
    browser = signed_in(sara)
    browser.post(f"{INBOX}filters/", {"name": "دیرکردهای من", "query": "tab=overdue&assignee=me&after=x"})
    assert SavedFilter.objects.get().query == "tab=overdue&assignee=me"
    assert 'href="?tab=overdue&amp;assignee=me"><bdi>دیرکردهای من</bdi>' in browser.get(INBOX).content.decode()
    assert "دیرکردهای من" not in signed_in(colleague).get(INBOX).content.decode()
    browser.post(f"{INBOX}filters/", {"name": "دیرکردهای من", "query": "tab=mine"})
    kept = SavedFilter.objects.get()
    assert kept.query == "tab=mine"
    signed_in(colleague).post(f"{INBOX}filters/{kept.pk}/remove/")
    assert SavedFilter.objects.exists()
    browser.post(f"{INBOX}filters/{kept.pk}/remove/")
    assert not SavedFilter.objects.exists()


def test_at_most_twenty_filters(signed_in, sara):
    for number in range(20):
        SavedFilter.objects.create(user=sara, name=f"{number}", query="")
    response = signed_in(sara).post(f"{INBOX}filters/", {"name": "دیگر", "query": ""}, follow=True)
    assert "۲۰ فیلتر نگه داشته‌اید" in page_of(response)
    assert SavedFilter.objects.count() == 20
