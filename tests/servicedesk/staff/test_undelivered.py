"""«پیام‌های نرسیده»: what reached nobody, and sending it again."""

import logging

import pytest
from django.db.models.functions import Now

from servicedesk.models import OutgoingMessage
from servicedesk.models.outbox import MOST_ATTEMPTS, State
from servicedesk.outgoing import deliver_message
from servicedesk.workflow import Status
from tests.gateway_double import GatewayDouble

pytestmark = pytest.mark.django_db
PAGE = "/admin/desk/messages/"
NUMBER = "+989120000089"


@pytest.fixture
def letter(make_letter_in):
    found = make_letter_in(Status.IN_REVIEW)
    OutgoingMessage.objects.all().delete()
    return found


@pytest.fixture
def browser(signed_in, admin_user):
    return signed_in(admin_user)


def owe(letter=None, key="one", **more):
    given = {"kind": "message", "recipient": NUMBER, "text": "سلام", "language": "fa", "letter": letter, **more}
    return OutgoingMessage.owe(dedupe_key=key, **given)


def end(message, state, **more):
    OutgoingMessage.objects.filter(pk=message.pk).update(state=state, attempts=MOST_ATTEMPTS, **more)
    return message


def act(browser, do, *rows):
    return browser.post(PAGE, {"do": do, "message": [row.pk for row in rows]}, follow=True)


def test_only_what_reached_nobody_is_listed_with_its_reason(browser, letter):
    end(owe(letter, "dead"), State.DEAD, last_error="kavenegar_418", gateway="kavenegar://10004346")
    end(owe(letter, "refused"), State.FAILED, last_error="blocked_by_recipient")
    end(owe(letter, "lost"), State.UNKNOWN, flagged_at=Now(), last_error="cannot_be_asked")
    end(owe(letter, "arrived"), State.DELIVERED)
    end(owe(letter, "asked for"), State.UNKNOWN)
    end(owe(None, "a code", kind="code"), State.FAILED, last_error="kavenegar_411")
    page = browser.get(PAGE).content.decode()
    assert page.count('name="message"') == 3
    assert "اعتبار نزد درگاه پیامک تمام شده است" in page
    assert "پیامک خط‌های تبلیغاتی را نمی‌گیرد" in page
    assert page.count("ممکن است دو بار برسد") == 1
    assert f'href="/admin/desk/{letter.reference}/"' in page
    assert "kavenegar://10004346" in page
    assert "۰۹۱۲ ••• ••۸۹" in page
    assert "۰۹۱۲۰۰۰۰۰۸۹" not in page
    assert NUMBER not in page


def test_nothing_undelivered_says_so(browser):
    assert "همهٔ پیام‌ها رسیده‌اند یا در راه‌اند" in browser.get(PAGE).content.decode()


def test_sending_again_is_a_new_attempt_of_the_same_row(browser, letter, double, admin_user, caplog):
    caplog.set_level(logging.INFO)
    message = end(owe(letter), State.DEAD, last_error="http_500")
    assert "دوباره در راه است" in act(browser, "resend", message).content.decode()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.resent_by, message.last_error) == ("queued", 0, admin_user, "")
    deliver_message(message.pk)
    message.refresh_from_db()
    assert message.state == State.SENT
    assert [post["id"] for post in double.posts] == [str(message.pk)]
    assert OutgoingMessage.objects.count() == 1
    assert f"sent again by staff {admin_user.pk}" in caplog.text
    assert NUMBER[3:] not in caplog.text


def test_what_a_gateway_reported_as_failed_gets_a_new_id(browser, letter, double):
    """Kavenegar would take the old id for the same SMS and send nothing."""
    message = owe(letter)
    deliver_message(message.pk)
    OutgoingMessage.receipt(message.pk, "failed", "kavenegar_status_11")
    act(browser, "resend", message)
    deliver_message(message.pk)
    message.refresh_from_db()
    assert message.state == State.SENT
    assert double.counts()["sms"] == 2
    assert double.posts[1]["id"] == str(message.later_id) != str(message.pk)
    assert owe(None, "the next").pk > message.later_id


def test_a_receipt_for_the_first_id_does_not_touch_the_second_try(browser, letter, client, settings):
    with GatewayDouble() as gateway:
        settings.SMS_GATEWAYS = [gateway.url]
        message = owe(letter)
        deliver_message(message.pk)
        callback = f"/desk/sms/{settings.SMS_CALLBACK_SECRET}/"

        def report(name, state):
            client.post(callback, {"id": str(name), "state": state}, content_type="application/json")
            message.refresh_from_db()
            return message.state

        assert report(message.pk, "failed") == "failed"
        act(browser, "resend", message)
        deliver_message(message.pk)
        assert report(message.pk, "failed") == "sent"
        assert report(message.later_id, "delivered") == "delivered"


def test_several_at_once_and_a_code_or_a_text_that_is_gone_never(browser, letter):
    rows = [end(owe(letter, f"{number}"), State.DEAD) for number in range(3)]
    code = end(owe(None, "code", kind="code"), State.DEAD)
    old = end(owe(letter, "old"), State.DEAD, text="")
    assert browser.get(PAGE).content.decode().count('name="message"') == 3
    page = browser.get(f"{PAGE}?tab=all").content.decode()
    assert "کد دوباره فرستاده نمی‌شود" in page
    assert "دیگر پاک شده است" in page
    # What cannot be sent again has no box to tick.
    assert page.count('name="message"') == 3
    assert "۳ پیام دوباره در راه است" in act(browser, "resend", *rows, code, old).content.decode()
    assert OutgoingMessage.objects.filter(state=State.DEAD).count() == 2


def test_a_second_click_sends_nothing_twice(browser, letter, double):
    message = end(owe(letter), State.DEAD)
    act(browser, "resend", message)
    deliver_message(message.pk)
    act(browser, "resend", message)
    deliver_message(message.pk)
    assert len(double.posts) == 1


def test_set_aside_leaves_the_list_and_the_count_but_not_the_second_tab(browser, letter):
    message = end(owe(letter), State.DEAD)
    assert "۱ پیام به کسی نرسیده است" in browser.get("/admin/").content.decode()
    act(browser, "set-aside", message)
    assert 'name="message"' not in browser.get(PAGE).content.decode()
    assert 'name="message"' in browser.get(f"{PAGE}?tab=all").content.decode()
    assert "به کسی نرسیده است" not in browser.get("/admin/").content.decode()


@pytest.mark.parametrize("sent", [{}, {"do": "resend"}, {"do": "eat", "message": ["1"]}, {"message": ["x", "۱", "-1"]}])
def test_a_form_of_nothing_does_nothing(browser, letter, sent):
    end(owe(letter), State.DEAD)
    assert browser.post(PAGE, sent).status_code == 303
    assert OutgoingMessage.objects.get().state == State.DEAD


def test_only_superusers_come_in(signed_in, sara, letter):
    message = end(owe(letter), State.DEAD)
    clerk = signed_in(sara)
    assert clerk.get(PAGE).status_code == 403
    assert clerk.post(PAGE, {"do": "resend", "message": [message.pk]}).status_code == 403
    assert OutgoingMessage.objects.get().state == State.DEAD
    assert "پیام‌های نرسیده" not in clerk.get("/admin/").content.decode()


def test_a_full_page_asks_the_database_no_more_than_an_empty_one(browser, letter, django_assert_max_num_queries):
    browser.get(PAGE)
    for number in range(25):
        end(owe(letter, f"{number}"), State.DEAD)
    with django_assert_max_num_queries(20):
        browser.get(PAGE)
