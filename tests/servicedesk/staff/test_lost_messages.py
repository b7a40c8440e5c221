"""SMS about a letter that reached nobody, told and seen to on the letter's page."""

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from servicedesk.models import OutgoingMessage
from servicedesk.models.outbox import State
from servicedesk.outgoing import deliver_message
from servicedesk.workflow import Status

from .conftest import at, page_of

pytestmark = pytest.mark.django_db
HEADING = "یک پیامک دربارهٔ این نامه نرسیده است"


@pytest.fixture
def lost(letter):
    """The SMS of the letter's receipt, which the operator could not deliver."""
    letter.messages.update(state=State.FAILED, last_error="kavenegar_status_6", final_at=Now(), attempts=1)
    return letter.messages.get()


def press(browser, letter, do):
    return browser.post(at("lost-messages", letter), {"do": do}, follow=True)


def test_a_letter_whose_sms_arrived_says_nothing(signed_in, sara, letter):
    assert "این نامه نرسیده است" not in page_of(signed_in(sara).get(at("letter", letter)))


def test_it_tells_what_was_to_be_said_and_why_it_did_not_arrive(signed_in, sara, letter, lost):
    page = page_of(signed_in(sara).get(at("letter", letter)))
    for words in (HEADING, lost.text.split("\n")[0], "اپراتور", "ارسال دوباره", "رسیدگی شد"):
        assert words in page, words


def test_sent_again_it_goes_to_the_citizens_number_of_today(signed_in, sara, leila, letter, lost, double):
    leila.mobile = "+989120000077"
    leila.save()
    page = page_of(press(signed_in(sara), letter, "resend"))
    assert "۱ پیام دوباره در راه است" in page
    assert HEADING not in page
    deliver_message(lost.pk)
    assert [post["to"] for post in double.posts] == ["09120000077"]
    lost.refresh_from_db()
    assert lost.resent_by == sara


def test_a_second_click_sends_nothing_twice(signed_in, sara, letter, lost, double):
    browser = signed_in(sara)
    press(browser, letter, "resend")
    deliver_message(lost.pk)
    assert "در راه است یا به آن رسیدگی شده است" in page_of(press(browser, letter, "resend"))
    deliver_message(lost.pk)
    assert len(double.posts) == 1


def test_what_was_settled_by_telephone_is_told_no_more(signed_in, sara, letter, lost):
    browser = signed_in(sara)
    assert HEADING not in page_of(press(browser, letter, "set-aside"))
    assert not OutgoingMessage.objects.unattended().exists()
    assert letter.reference not in browser.get("/admin/desk/?tab=all&matter=undelivered").content.decode()


def test_it_touches_no_other_letters_sms(signed_in, sara, letter, lost, make_letter_in):
    other = make_letter_in(Status.IN_REVIEW)
    other.messages.update(state=State.DEAD)
    press(signed_in(sara), letter, "resend")
    assert other.messages.get().state == State.DEAD


def test_a_reader_is_told_and_cannot_send(signed_in, reza, letter, lost):
    browser = signed_in(reza)
    page = page_of(browser.get(at("letter", letter)))
    assert HEADING in page
    assert "ارسال دوباره" not in page
    assert browser.post(at("lost-messages", letter), {"do": "resend"}).status_code == 403
    lost.refresh_from_db()
    assert lost.state == State.FAILED


def test_a_clerk_of_another_unit_finds_no_such_letter(signed_in, omid, letter, lost):
    assert signed_in(omid).post(at("lost-messages", letter), {"do": "resend"}).status_code == 404


def test_the_address_alone_leads_to_the_letter(signed_in, sara, letter):
    assert signed_in(sara).get(at("lost-messages", letter)).url == at("letter", letter)


@pytest.mark.parametrize("sent", [{}, {"do": "eat"}])
def test_a_form_of_nothing_does_nothing(signed_in, sara, letter, lost, sent):
    assert signed_in(sara).post(at("lost-messages", letter), sent).status_code == 422
    lost.refresh_from_db()
    assert (lost.state, lost.set_aside_at) == (State.FAILED, None)


def test_it_costs_one_question_and_none_where_all_arrived(signed_in, sara, letter):
    browser = signed_in(sara)

    def asked():
        with CaptureQueriesContext(connection) as caught:
            browser.get(at("letter", letter))
        return len(caught)

    asked()
    arrived = asked(), asked()
    letter.messages.update(state=State.DEAD)
    assert asked() == arrived[1] + 1
