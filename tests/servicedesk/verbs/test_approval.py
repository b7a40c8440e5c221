"""In units that want it a clerk's answer waits for a second pair of eyes."""

import pytest

from servicedesk.models import AnswerDraft
from servicedesk.models.verbs.answering import NothingHandedIn
from servicedesk.workflow import MoveNotAllowed, Status
from tests.factories import make_attachment, make_staff

pytestmark = pytest.mark.django_db
FINAL, INTERIM, CORRECTION = AnswerDraft.Kind.FINAL, AnswerDraft.Kind.INTERIM, AnswerDraft.Kind.CORRECTION


@pytest.fixture
def negar(water):
    return make_staff("negar", water)


def handed_in(letter, by, kind=FINAL, text="چراغ عوض شد.", **more):
    letter.hand_in(by=by, kind=kind, text=text, **more)
    return letter.answer_drafts.get(author=by)


def test_the_citizen_learns_nothing_of_what_waits(letter, sara, leila, signed_in):
    handed_in(letter, sara)
    letter.refresh_from_db()
    assert letter.status == Status.IN_REVIEW
    assert letter.messages.count() == 1  # the receipt
    page = signed_in(leila).get(f"/desk/letters/{letter.reference}/").content.decode()
    assert "چراغ عوض شد." not in page
    assert not letter.events.for_citizen().filter(kind="handed-in").exists()


@pytest.mark.parametrize(("kind", "status"), [(FINAL, Status.ANSWERED), (INTERIM, Status.IN_REVIEW)])
def test_let_out_it_is_its_authors_answer(letter, sara, negar, kind, status):
    file = make_attachment(sara)
    draft = handed_in(letter, sara, kind, file=file)
    letter.let_out(by=negar, draft=draft)
    letter.refresh_from_db()
    assert letter.status == status
    reply = letter.replies.get()
    assert (reply.author, reply.approved_by, reply.text) == (sara, negar, "چراغ عوض شد.")
    assert reply.attachments.get().pk == file.pk
    assert not letter.answer_drafts.exists()


def test_a_correction_waits_too(letter, sara, negar):
    letter.answer(by=sara, text="چراغ عوض می‌شود.")
    draft = handed_in(letter, sara, CORRECTION)
    assert letter.replies.count() == 1
    letter.let_out(by=negar, draft=draft)
    assert [reply.text for reply in letter.replies.all()] == ["چراغ عوض می‌شود.", "چراغ عوض شد."]


def test_the_approver_may_change_it(letter, sara, negar):
    draft = handed_in(letter, sara)
    letter.let_out(by=negar, draft=draft, text="چراغ کوچه عوض شد.")
    assert letter.replies.get().text == "چراغ کوچه عوض شد."


def test_sent_back_it_is_its_authors_again_with_the_word(letter, sara, negar):
    draft = handed_in(letter, sara)
    letter.send_back(by=negar, draft=draft, remark="تاریخ را هم بنویسید.")
    draft.refresh_from_db()
    assert (draft.awaits_approval, draft.text, draft.remark) == (False, "چراغ عوض شد.", "تاریخ را هم بنویسید.")
    handed_in(letter, sara, text="چراغ دوم آذر عوض شد.")
    draft.refresh_from_db()
    assert (draft.awaits_approval, draft.remark) == (True, "")


def test_of_two_that_are_handed_in_one_waits(letter, sara, negar):
    handed_in(letter, sara)
    with pytest.raises(MoveNotAllowed):
        letter.hand_in(by=negar, kind=FINAL, text="پاسخ دیگر")


def test_what_was_let_out_is_not_let_out_twice(letter, sara, negar):
    draft = handed_in(letter, sara)
    letter.let_out(by=negar, draft=draft)
    with pytest.raises(NothingHandedIn):
        letter.let_out(by=negar, draft=draft)
    assert letter.replies.count() == 1


def test_an_answer_that_somebody_else_gave_meanwhile_stands(letter, sara, negar):
    draft = handed_in(letter, sara)
    letter.answer(by=negar, text="انجام شد.")
    with pytest.raises(MoveNotAllowed):
        letter.let_out(by=negar, draft=draft)
    assert letter.replies.get().text == "انجام شد."


def test_its_author_takes_it_back_and_writes_on(letter, sara, negar, water, signed_in):
    negar.memberships.update(role="approver")
    draft = handed_in(letter, sara)
    address = f"/admin/desk/{letter.reference}/"
    key = "12345678-1234-1234-1234-123456789012"
    # Somebody else's is not his to take back.
    answer = signed_in(negar).post(f"{address}take-answer-back/", {"form_key": key, "draft": draft.pk})
    assert answer.status_code == 422
    page = signed_in(sara).get(address).content.decode()
    assert "take-answer-back/" in page
    assert 'id="answer"' not in page
    signed_in(sara).post(f"{address}take-answer-back/", {"form_key": key, "draft": draft.pk})
    draft.refresh_from_db()
    assert not draft.awaits_approval
    assert "چراغ عوض شد.</textarea>" in signed_in(sara).get(address).content.decode()
    with pytest.raises(NothingHandedIn):
        letter.let_out(by=negar, draft=draft)
