"""A number that nobody used for a year may be somebody else's by now: its older letters wait for a tracking code."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servicedesk import references
from servicedesk.models import (
    Attachment,
    Letter,
    LimitHit,
    LongAbsence,
    NumberChange,
    OutgoingMessage,
    SmsDevice,
    User,
)
from tests.factories import make_letter
from tests.servicedesk.sign_in_steps import CODE, ask_for_code

pytestmark = pytest.mark.django_db
OLDER = "/desk/account/older-letters/"


def come_back(client, citizen, days):
    """Signs in for the first time in so many days; everything before is as old."""
    Letter.objects.filter(citizen=citizen).update(submitted_at=timezone.now() - timedelta(days=days + 1))
    User.citizens.filter(pk=citizen.pk).update(last_login=timezone.now() - timedelta(days=days))
    LimitHit.objects.all().delete()
    code = ask_for_code(client, mobile="0" + citizen.mobile.removeprefix("+98"))
    client.post(CODE, {"code": code})
    return client


@pytest.fixture
def old(leila, water, service):
    return make_letter(leila, water, subject="موضوعِ پارسال", sender_name="دارندهٔ پیشین")


def test_after_a_year_older_letters_and_their_files_do_not_exist(client, leila, old, sara):
    come_back(client, leila, 366)
    leila.refresh_from_db()
    for address in ("", "receipt/", f"files/{old.body_file.pk}/"):
        assert client.get(f"/desk/letters/{old.reference}/{address}").status_code == 404
    pages = [client.get(address).content.decode() for address in ("/desk/", "/desk/letters/", "/desk/letters/new/")]
    assert not [page for page in pages if "پارسال" in page or "پیشین" in page]
    assert not Attachment.objects.visible_to(leila).exists()
    assert old in Letter.objects.visible_to(sara)
    assert old.body_file in Attachment.objects.visible_to(sara)


def test_after_eleven_months_they_are_there(client, leila, old):
    come_back(client, leila, 330)
    assert client.get(f"/desk/letters/{old.reference}/").status_code == 200
    assert "بیش از یک سال" not in client.get("/desk/").content.decode()


def test_one_code_shows_them_again(client, leila, old, water):
    another = make_letter(leila, water)
    come_back(client, leila, 400)
    assert OLDER in client.get("/desk/").content.decode()
    wrong = client.post(OLDER, {"reference": references.make()})
    assert wrong.status_code == 422
    shown = client.post(OLDER, {"reference": old.reference}, follow=True).content.decode()
    assert "پارسال" in shown
    assert client.get(f"/desk/letters/{another.reference}/").status_code == 200
    assert client.get(OLDER)["Location"] == "/desk/letters/"


def test_nobody_is_told_whether_there_are_any(client, leila, service):
    come_back(client, leila, 400)
    assert OLDER in client.get("/desk/").content.decode()
    assert client.post(OLDER, {"reference": references.make()}).status_code == 422


def test_a_new_letter_is_there_at_once(client, leila, old, water):
    come_back(client, leila, 400)
    fresh = make_letter(leila, water)
    assert client.get(f"/desk/letters/{fresh.reference}/receipt/").status_code == 200
    assert client.get(f"/desk/letters/{old.reference}/").status_code == 404


def test_the_codes_cannot_be_tried_through(client, leila, old):
    come_back(client, leila, 400)
    answers = [client.post(OLDER, {"reference": references.make()}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert client.post(OLDER, {"reference": old.reference}).status_code == 429


def test_somebody_elses_code_shows_nothing(client, leila, kaveh, old, water):
    theirs = make_letter(kaveh, water)
    come_back(client, leila, 400)
    assert client.post(OLDER, {"reference": theirs.reference}).status_code == 422


def test_of_three_owners_each_shows_his_own(leila, water, service):
    """The first wrote, a year passed, the second wrote, a year passed: the second's code opens nothing of the first."""
    now = timezone.now()
    first, second = make_letter(leila, water), make_letter(leila, water)
    for letter, years in ((first, 5), (second, 3)):
        Letter.objects.filter(pk=letter.pk).update(submitted_at=now - timedelta(days=365 * years))
        letter.refresh_from_db()
    for years in (4, 1):
        LongAbsence.objects.create(user=leila, ended_at=now - timedelta(days=365 * years))
    assert list(Letter.objects.visible_to(leila)) == []
    LongAbsence.prove(second)
    assert list(Letter.objects.visible_to(leila)) == [second]
    LongAbsence.prove(first)
    assert set(Letter.objects.visible_to(leila)) == {first, second}


def test_a_wrong_code_of_the_sms_ends_no_absence(leila):
    User.citizens.filter(pk=leila.pk).update(last_login=timezone.now() - timedelta(days=400))
    device = SmsDevice.objects.create(name="sms", mobile=leila.mobile, language="fa")
    device.codes.create()
    device.check_code("x")
    assert not LongAbsence.objects.exists()


class TestNoSmsIsTheProof:
    """The codes of hidden letters must not come by SMS to whoever has the number now."""

    @pytest.fixture
    def back(self, client, leila, old):
        come_back(client, leila, 400)
        OutgoingMessage.objects.all().delete()
        return client

    def test_an_answer_to_a_hidden_letter_owes_none(self, back, old, sara):
        old.answer(by=sara, text="پاسخ")
        assert not OutgoingMessage.objects.exists()

    def test_a_letter_of_the_new_owner_owes_them(self, back, leila, water, sara):
        make_letter(leila, water).answer(by=sara, text="پاسخ")
        assert OutgoingMessage.objects.count() == 2

    def test_once_proven_they_are_owed_again(self, back, old, sara):
        back.post(OLDER, {"reference": old.reference})
        old.answer(by=sara, text="پاسخ")
        assert OutgoingMessage.objects.get().letter == old

    def test_staff_read_it_on_the_letters_page_and_only_there(self, back, leila, old, water, sara, signed_in):
        staff = signed_in(sara)
        pages = [staff.get(f"/admin/desk/{it.reference}/") for it in (old, make_letter(leila, water))]
        assert [page.context["gets_no_sms"] for page in pages] == [True, False]
        assert ['</a><p class="desk-mark">' in page.content.decode() for page in pages] == [True, False]

    def test_what_did_not_arrive_is_not_sent_again(self, back, old, admin_user):
        row = owed_for(old)
        OutgoingMessage.objects.update(state="dead")
        assert not OutgoingMessage.objects.unattended().exists()
        assert OutgoingMessage.resend([row.pk], by=admin_user) == 0
        LongAbsence.prove(old)
        assert OutgoingMessage.resend([row.pk], by=admin_user) == 1

    def test_what_waits_when_the_absence_ends_is_called_off(self, client, leila, old):
        row = OutgoingMessage.objects.get(letter=old)
        assert row.state == "queued"
        come_back(client, leila, 400)
        row.refresh_from_db()
        assert row.state == "expired"

    def test_the_account_is_not_taken_to_another_number(self, back, leila, old):
        refused = back.post("/desk/account/number/", {"mobile": "0935 123 4567"})
        assert refused.status_code == 422
        assert not NumberChange.objects.exists()
        assert not OutgoingMessage.objects.exists()
        LongAbsence.prove(old)
        assert back.post("/desk/account/number/", {"mobile": "0935 123 4567"}).status_code == 303

    def test_without_hidden_letters_it_is(self, client, leila, service):
        come_back(client, leila, 400)
        LimitHit.objects.all().delete()
        assert client.post("/desk/account/number/", {"mobile": "0935 123 4567"}).status_code == 303


def owed_for(letter):
    return OutgoingMessage.owe(
        kind="message", recipient=letter.citizen.mobile, text="کد", language="fa", dedupe_key="one", letter=letter
    )
