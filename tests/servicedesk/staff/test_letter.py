"""The page of a letter, notes, and files."""

import pytest

from servicedesk.models import AnswerDraft, Attachment
from tests import factories

from .conftest import at, keyed, page_of, png_file


def test_facts_timeline_and_the_mark_of_what_no_scanner_saw(signed_in, sara, letter, water):
    text = page_of(signed_in(sara).get(at("letter", letter)))
    for words in (letter.subject, letter.sender_name, water.name, "پویش نشده", "نامه.png", "آذر ۱۴۰۵"):
        assert words in text, words


def test_a_note_is_seen_by_colleagues_and_not_by_the_citizen(signed_in, sara, leila, letter):
    fields = keyed(text="با شهروند تلفنی صحبت شد.")
    browser = signed_in(sara)
    for _click in range(2):
        assert browser.post(at("note", letter), fields).url == at("letter", letter)
    assert letter.events.filter(kind="noted").count() == 1
    assert "با شهروند تلفنی صحبت شد." in page_of(browser.get(at("letter", letter)))
    assert "تلفنی صحبت شد" not in page_of(signed_in(leila).get(f"/desk/letters/{letter.reference}/"))
    assert letter.messages.count() == 1


def test_a_note_can_be_added_to_an_answered_letter(signed_in, sara, letter):
    letter.answer(by=sara, text="انجام شد.")
    assert signed_in(sara).post(at("note", letter), keyed(text="بعداً سر بزنیم.")).status_code == 303


def test_an_empty_note_is_none(signed_in, sara, letter):
    assert signed_in(sara).post(at("note", letter), keyed(text="  \n ")).status_code == 422
    assert not letter.events.filter(kind="noted").exists()


def test_markup_in_a_letter_is_text(signed_in, sara, leila, water, service):
    letter = factories.make_letter(leila, water, service=service, subject="<script>alert(1)</script>")
    letter.note(by=sara, text="<img src=x onerror=alert(1)>")
    page = signed_in(sara).get(at("letter", letter)).content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


def test_the_file_comes_through_a_link_of_sixty_seconds_as_a_download(signed_in, sara, letter):
    browser = signed_in(sara)
    link = browser.get(at("file", letter, letter.body_file.pk))
    assert link.status_code == 302
    assert link.url.startswith("/desk/files/")
    response = browser.get(link.url)
    assert b"".join(response.streaming_content)[:4] == b"\x89PNG"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert signed_in(sara).get(link.url).status_code == 404  # another session


def test_files_of_others_do_not_exist(signed_in, sara, omid, kaveh, roads, service, letter):
    theirs = factories.make_letter(kaveh, roads, service=service)
    assert signed_in(omid).get(at("file", letter, letter.body_file.pk)).status_code == 404
    # The right file below the wrong letter.
    assert signed_in(sara).get(at("file", letter, theirs.body_file.pk)).status_code == 404


def test_an_unreleased_file_is_not_handed_out(signed_in, sara, letter):
    Attachment.objects.filter(letter=letter).update(state="pending")
    assert signed_in(sara).get(at("file", letter, letter.body_file.pk)).status_code == 404
    assert signed_in(sara).get(at("letter", letter)).status_code == 200


@pytest.mark.parametrize("role", ["clerk", "reader", "consulted", "copied"])
@pytest.mark.parametrize("times", [1, 4])
def test_a_letter_with_everything_on_it_asks_at_most_fifteen_things(
    signed_in, sara, omid, water, roads, letter, times, role, django_assert_max_num_queries
):
    """Answers with files, questions and the citizen's replies with files, opinions, a colleague's answer that waits,
    and one of one's own that is being written, with its file."""
    asked_unit = factories.make_unit("مشاوران") if role == "copied" else roads
    for number in range(times):
        letter.answer_meanwhile(by=sara, text=f"خبر {number}", file=factories.make_attachment(sara))
        letter.ask(by=sara, question=f"پرسش {number}")
        letter.complete(by=letter.citizen, text="پاسخ", files=[factories.make_attachment(letter.citizen)])
        letter.consult(by=sara, unit=asked_unit, question="نظر شما؟")
        letter.advise(by=sara, opinion=letter.opinions.get(given_at=None), text="خوب است.")
        letter.note(by=sara, text="یادداشت")
    letter.assign(by=sara, to=sara)
    colleague = factories.make_staff("colleague", water)
    letter.hand_in(by=colleague, kind="final", text="در انتظار", file=factories.make_attachment(colleague))
    file = factories.make_attachment(sara)
    AnswerDraft.objects.create(letter=letter, author=sara, form_key=file.form_key, text="نیمه")
    if role == "consulted":
        letter.consult(by=sara, unit=roads, question="و باز نظر شما؟")
    if role == "copied":
        letter.send_copy(by=sara, to=roads, remark="برای آگاهی")
    is_member = role in ("clerk", "reader")
    if is_member:
        sara.memberships.update(role=role)
    browser = signed_in(sara if is_member else omid)
    browser.get(at("letter", letter)), browser.get(at("letter", letter))
    with django_assert_max_num_queries(15):  # one writes down the look, one is the session's row
        page = page_of(browser.get(at("letter", letter)))
    for words in ("خبر 0", "پرسش 0", "خوب است.", "یادداشت", "در انتظار"):
        assert words in page
    assert ("نیمه" in page) == (role == "clerk")
    assert ("و باز نظر شما؟" in page) == (role == "consulted")


def test_letters_leave_no_trace_in_wagtails_own_records(signed_in, sara, admin_user, letter):
    browser = signed_in(sara)
    browser.post(at("interim-answer", letter), keyed(text="در دست بررسی", file=png_file()))
    browser.post(at("note", letter), keyed(text="رازی"))
    boss = signed_in(admin_user)
    for address in (
        "/admin/reports/site-history/",
        f"/admin/pages/search/?q={letter.reference}",
        f"/admin/documents/?q={letter.reference}",
        f"/admin/images/?q={letter.reference}",
    ):
        response = boss.get(address)
        assert response.status_code == 200, address
        text = response.content.decode()
        for secret in (letter.subject, letter.sender_name, "رازی", "پاسخ.png"):
            assert secret not in text, address
