"""A clerk answers: once, for good, and nothing that was typed gets lost."""

import re
import threading

import pytest
from django.db import connection

from servicedesk.models import Attachment, Event, Letter, OutgoingMessage, Reply, UnitMembership
from servicedesk.workflow import Status

from .conftest import at, keyed, page_of, png_file


@pytest.mark.parametrize(
    ("verb", "status", "final"),
    [("answer", Status.ANSWERED, True), ("interim-answer", Status.IN_REVIEW, False)],
)
def test_the_citizen_is_answered_and_told(signed_in, sara, letter, verb, status, final):
    response = signed_in(sara).post(at(verb, letter), keyed(text="چراغ عوض شد.", file=png_file()), follow=True)
    assert response.redirect_chain == [(at("letter", letter), 303)]
    assert "چراغ عوض شد." in page_of(response)
    letter.refresh_from_db()
    assert letter.status == status
    reply = letter.replies.get()
    assert (reply.is_final, reply.author, reply.attachments.get().name) == (final, sara, "پاسخ.png")
    assert letter.events.filter(kind="answered" if final else "interim-answer").count() == 1
    assert letter.messages.count() == 2  # the receipt and this


def test_the_other_button_of_a_form_that_was_sent_claims_nothing(signed_in, sara, letter):
    """The browser's way back shows the sent form, and with it the button of the final answer."""
    browser, fields = signed_in(sara), keyed(text="چراغ را می‌بینیم.")
    browser.post(at("interim-answer", letter), fields)
    page = page_of(browser.post(at("answer", letter), fields, follow=True))
    assert "پاسخ نهایی ثبت شد" not in page
    letter.refresh_from_db()
    assert letter.status == Status.IN_REVIEW
    assert letter.replies.count() == 1


def test_without_text_the_file_is_kept_and_goes_out_with_the_next_try(signed_in, sara, letter):
    browser = signed_in(sara)
    fields = keyed(text="  ")
    failed = browser.post(at("answer", letter), {**fields, "file": png_file()})
    assert failed.status_code == 422
    assert "پاسخ.png" in page_of(failed)
    assert fields["form_key"] in failed.content.decode()
    assert not letter.replies.exists()
    browser.post(at("answer", letter), {**fields, "text": "پیوست را ببینید."})
    assert letter.replies.get().attachments.get().name == "پاسخ.png"


def test_a_kept_file_can_be_taken_away(signed_in, sara, letter):
    browser = signed_in(sara)
    fields = keyed(text="")
    browser.post(at("answer", letter), {**fields, "file": png_file()})
    page = browser.post(at("answer", letter), {**fields, "text": "متن پاسخ", "remove_file": "1"})
    assert page.status_code == 422
    assert "متن پاسخ" in page.content.decode()
    assert not Attachment.objects.filter(owner=sara).exists()


def test_a_refused_file_leaves_the_text_in_its_box(signed_in, sara, letter):
    page = signed_in(sara).post(at("answer", letter), keyed(text="متن پاسخ", file=png_file("پاسخ.exe")))
    assert page.status_code == 422
    assert "متن پاسخ" in page.content.decode()
    assert not letter.replies.exists()


def test_a_text_that_is_too_long_says_by_how_much(signed_in, sara, letter):
    page = signed_in(sara).post(at("answer", letter), keyed(text="ب" * 10_001))
    assert page.status_code == 422
    assert "۱۰۰۰۱" in page_of(page)
    assert not letter.replies.exists()


def test_the_same_form_sent_twice_answers_once(signed_in, sara, letter):
    browser, fields = signed_in(sara), keyed(text="انجام شد.")
    for _click in range(2):
        assert browser.post(at("interim-answer", letter), fields).status_code == 303
    assert letter.replies.count() == 1
    assert letter.messages.count() == 2


def test_a_second_final_answer_is_refused_and_its_text_is_kept(signed_in, sara, letter):
    browser = signed_in(sara)
    browser.post(at("answer", letter), keyed(text="پاسخ نخست"))
    late = browser.post(at("answer", letter), keyed(text="پاسخ دیرآمده"))
    assert late.status_code == 422
    assert "پاسخ دیرآمده" in late.content.decode()
    assert "پاسخ نخست" in page_of(late)
    assert letter.replies.count() == 1


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WITHDRAWN])
def test_what_is_not_open_is_not_answered(signed_in, sara, letter, status):
    Letter.objects.filter(pk=letter.pk).update(status=status)
    for verb in ("answer", "interim-answer"):
        page = signed_in(sara).post(at(verb, letter), keyed(text="پاسخ"))
        assert page.status_code == 422
    assert not letter.replies.exists()


@pytest.mark.parametrize("verb", ["answer", "interim-answer", "forward", "note"])
def test_getting_a_verb_shows_its_form_and_does_nothing(signed_in, sara, letter, verb):
    page = signed_in(sara).get(at(verb, letter))
    assert page.status_code == 200
    assert signed_in(sara).put(at(verb, letter)).status_code == 405
    assert letter.events.count() == 1


@pytest.mark.parametrize("verb", ["letter", "answer", "interim-answer", "forward", "note"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_to_others_the_letter_does_not_exist(signed_in, omid, editor, letter, verb, method):
    for stranger in (omid, editor):
        response = getattr(signed_in(stranger), method)(at(verb, letter), keyed(text="فضولی", reason="فضولی"))
        assert response.status_code == (405 if (verb, method) == ("letter", "post") else 404)
        assert letter.subject not in response.content.decode()
    assert letter.events.count() == 1


@pytest.mark.parametrize("verb", ["answer", "note"])
def test_citizens_and_strangers_are_sent_away(client, signed_in, leila, letter, verb):
    for browser in (client, signed_in(leila)):
        response = browser.post(at(verb, letter), keyed(text="فضولی"))
        assert response.status_code == 303
        assert response.url.startswith("/admin/login/")
    assert letter.events.count() == 1


def test_a_removed_right_counts_at_the_next_click(signed_in, sara, water, letter):
    browser = signed_in(sara)
    assert browser.get(at("letter", letter)).status_code == 200
    UnitMembership.objects.filter(unit=water, user=sara).delete()
    assert browser.get(at("letter", letter)).status_code == 404
    assert browser.post(at("answer", letter), keyed(text="پاسخ")).status_code == 404


def test_a_deactivated_clerk_is_nobody(signed_in, sara, letter):
    browser = signed_in(sara)
    type(sara).objects.filter(pk=sara.pk).update(is_active=False)
    assert browser.post(at("answer", letter), keyed(text="پاسخ")).status_code == 303
    assert not letter.replies.exists()


def run_together(*jobs):
    """Runs the jobs at once, each with its own connection; gives what they returned."""
    gate, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(index):
        gate.wait()
        try:
            results[index] = jobs[index]()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_clerks_at_once_answer_once(signed_in, sara, admin_user, letter):
    browsers = [signed_in(sara), signed_in(admin_user)] * 2
    forms = [keyed(text=f"پاسخ {number}") for number in range(4)]
    codes = run_together(
        *(
            lambda browser=browser, form=form: browser.post(at("answer", letter), form).status_code
            for browser, form in zip(browsers, forms, strict=True)
        )
    )
    assert sorted(codes) == [303, 422, 422, 422]
    assert Reply.objects.filter(letter=letter).count() == 1
    assert OutgoingMessage.objects.filter(letter=letter).count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_parallel_clicks_on_one_form_leave_one_reply(signed_in, sara, letter):
    fields = keyed(text="انجام شد.")
    browsers = [signed_in(sara) for _ in range(6)]
    codes = run_together(
        *(
            lambda browser=browser: browser.post(at("interim-answer", letter), fields).status_code
            for browser in browsers
        )
    )
    assert codes == [303] * 6
    assert Reply.objects.filter(letter=letter).count() == 1
    assert Event.objects.filter(letter=letter, kind="interim-answer").count() == 1


def test_the_form_of_an_open_letter_offers_both_answers(signed_in, sara, letter):
    page = signed_in(sara).get(at("letter", letter)).content.decode()
    assert f'formaction="{at("interim-answer", letter)}"' in page
    assert re.search(r'name="form_key" value="[0-9a-f-]{36}"', page)
