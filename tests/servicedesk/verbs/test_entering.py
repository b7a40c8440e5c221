"""A letter on paper: entered by a clerk for somebody who may have a mobile number, or none."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from servicedesk.models import Attachment, Letter, LongAbsence, NumberingRule, OutgoingMessage, User
from servicedesk.models.office_calendar import promised_day
from servicedesk.models.verbs.arriving import PaperLetter
from servicedesk.models.verbs.verb import FileGone
from tests import factories

pytestmark = pytest.mark.django_db
MOBILE = "+989121112233"
# Each holds a connection of the pool all the time.
AT_ONCE = 4


@pytest.fixture
def enter(sara, water, prompt):
    """``enter(mobile=…)``: sara enters a paper letter to the water unit, with two scans."""

    def act(**values):
        key = values.pop("form_key", None) or uuid.uuid4()
        names = ("پشت.png", "رو.png")
        scans = values.pop("scans", None) or [
            factories.make_attachment(sara, key, name=name, content=factories.png(40 + at))
            for at, name in enumerate(names)
        ]
        paper = PaperLetter(
            sender_name="رستم نمونه", subject="لولهٔ شکسته", unit=water, scans=tuple(scans), **{"mobile": "", **values}
        )
        return Letter.enter(by=sara, service=prompt, form_key=key, paper=paper)

    return act


def come_in(citizen):
    """The citizen signs in: as the sign-in asks, then as Django notes."""
    LongAbsence.notice(citizen)
    User.citizens.filter(pk=citizen.pk).update(last_login=timezone.now())


def away(citizen, days):
    past = timezone.now() - timedelta(days=days)
    User.citizens.filter(pk=citizen.pk).update(last_login=past, date_joined=past)
    Letter.objects.filter(citizen=citizen).update(submitted_at=past - timedelta(days=1))


def test_it_is_a_letter_like_any_other(enter, sara, water, prompt):
    letter = enter(contact="خیابان ۳، پلاک ۴")
    assert (letter.status, letter.channel, letter.entered_by) == ("in-review", "counter", sara)
    assert (letter.unit, letter.first_unit, letter.service_title) == (water, water, prompt.title)
    assert (letter.sender_name, letter.contact) == ("رستم نمونه", "خیابان ۳، پلاک ۴")
    assert letter.due_on == letter.promised_on == promised_day(water, 5, letter.submitted_at)
    event = letter.events.get()
    assert (event.kind, event.actor, event.unit) == ("submitted", sara, water)


def test_its_scans_come_along_in_their_order(enter):
    letter = enter()
    assert [file.name for file in letter.body_files] == ["پشت.png", "رو.png"]


def test_without_a_mobile_it_is_nobodys_and_no_sms_is_owed(enter, sara):
    letter = enter(contact="۰۲۱ ۵۵۵۵")
    letter.answer(by=sara, text="درست شد.")
    assert letter.citizen is None
    assert not OutgoingMessage.objects.exists()


def test_with_a_mobile_the_account_is_made_and_its_receipt_owed(enter, signed_in):
    letter = enter(mobile=MOBILE)
    message = OutgoingMessage.objects.get()
    assert (message.recipient, message.letter) == (MOBILE, letter)
    assert letter.reference in message.text
    citizen = User.citizens.get(mobile=MOBILE)
    come_in(citizen)
    browser = signed_in(citizen)
    assert "لولهٔ شکسته" in browser.get("/desk/letters/").content.decode()
    assert browser.get(f"/desk/letters/{letter.reference}/").status_code == 200
    scan = letter.body_files[0]
    assert browser.get(f"/desk/letters/{letter.reference}/files/{scan.pk}/").status_code == 302


def test_with_a_known_mobile_it_joins_the_account(enter, leila):
    assert enter(mobile=leila.mobile).citizen == leila
    assert User.citizens.count() == 1


def test_the_same_form_makes_one_letter(enter):
    key = uuid.uuid4()
    assert enter(form_key=key, mobile=MOBILE) == enter(form_key=key, mobile=MOBILE)
    assert (Letter.objects.count(), OutgoingMessage.objects.count()) == (1, 1)


def test_two_clerks_with_the_same_key_make_two(enter, sara, omid, water, prompt):
    first = enter(form_key=uuid.UUID(int=7))
    paper = PaperLetter(sender_name="گیو", subject="دیگر", unit=water)
    assert Letter.enter(by=omid, service=prompt, form_key=uuid.UUID(int=7), paper=paper) != first


def test_a_scan_that_is_gone_keeps_nothing(enter, sara):
    key = uuid.uuid4()
    scan = factories.make_attachment(sara, key)
    Attachment.objects.filter(pk=scan.pk).update(state="removed")
    with pytest.raises(FileGone):
        enter(form_key=key, scans=[factories.make_attachment(sara, key, content=factories.png(9)), scan], mobile=MOBILE)
    assert not Letter.objects.exists()
    assert not OutgoingMessage.objects.exists()
    assert Attachment.objects.filter(letter=None).count() == 2


def test_it_gets_its_number_as_it_comes(enter, water):
    NumberingRule.objects.create(unit=water, pattern="{سال}/آب/{شماره}", on_arrival=True)
    assert enter().official_number.endswith("/آب/1")


def test_its_sms_speak_the_language_of_the_service(enter):
    with translation.override("en"):
        letter = enter(mobile=MOBILE)
    assert letter.language == "fa"
    assert "کد رهگیری" in OutgoingMessage.objects.get().text


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_form_many_times_at_once_makes_one_letter(sara, water, prompt):
    paper = PaperLetter(sender_name="گیو", subject="همزمان", unit=water, contact="تهران")
    keys, together = [uuid.uuid4() for _ in range(5)], threading.Barrier(AT_ONCE, timeout=30)

    def send(_):
        connection.ensure_connection()
        try:
            for key in keys:
                together.wait()
                Letter.enter(by=sara, service=prompt, form_key=key, paper=paper)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, range(AT_ONCE)))
    assert Letter.objects.count() == len(keys)


class TestAfterALongAbsence:
    """Whoever brings a paper with a number that was silent for a year may be its new owner."""

    @pytest.fixture
    def old(self, leila, water, prompt):
        letter = factories.make_letter(leila, water, service=prompt, subject="موضوعِ پارسال")
        away(leila, 400)
        return letter

    def test_the_letter_is_found_and_the_older_ones_are_not(self, enter, leila, old):
        letter = enter(mobile=leila.mobile)
        come_in(leila)
        assert list(Letter.objects.visible_to(leila)) == [letter]

    def test_its_code_does_not_open_the_older_ones(self, enter, leila, old):
        letter = enter(mobile=leila.mobile)
        come_in(leila)
        LongAbsence.prove(letter)
        assert list(Letter.objects.visible_to(leila)) == [letter]
        LongAbsence.prove(old)
        assert set(Letter.objects.visible_to(leila)) == {letter, old}

    def test_what_waits_about_the_older_ones_is_called_off(self, enter, leila, old):
        letter = enter(mobile=leila.mobile)
        states = dict(OutgoingMessage.objects.values_list("letter", "state"))
        assert states == {old.pk: "expired", letter.pk: "queued"}

    def test_who_comes_a_year_after_it_shows_its_code(self, enter, leila):
        letter = enter(mobile=leila.mobile)
        away(leila, 400)
        come_in(leila)
        assert list(Letter.objects.visible_to(leila)) == []
        letter.refresh_from_db()
        LongAbsence.prove(letter)
        assert list(Letter.objects.visible_to(leila)) == [letter]
