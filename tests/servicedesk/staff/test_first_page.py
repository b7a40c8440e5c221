"""The admin's home page of superusers: what must be seen to, with the way there."""

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from servicedesk.models import Alarm, Attachment, OutgoingMessage, RemovalRequest
from servicedesk.models.alarm import Kind
from tests.factories import make_answered_letter, make_attachment, make_letter
from tests.servicedesk.staff.conftest import page_of

pytestmark = pytest.mark.django_db
HOME, LIST = "/admin/", "/admin/removals/"


@pytest.fixture
def browser(signed_in, admin_user):
    return signed_in(admin_user)


def found_in(file, hours=1):
    """The scanner found something in this file so many hours ago."""
    values = {"state": Attachment.State.REMOVED, "finding": "EICAR", "scanned_at": Now() - timedelta(hours=hours)}
    Attachment.objects.filter(pk=file.pk).update(**values)
    Alarm.sound(Kind.FILE_INFECTED, found_in_a_day=Attachment.objects.filter(state="removed").count())


def menu_of(browser):
    """The words of the admin's menu, which travel as JSON."""
    page = browser.get(HOME).content.decode()
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found.group(1), 16)), page)


def panel(browser):
    """What stands under «نیازمند رسیدگی»."""
    found = re.search(r'aria-labelledby="alarms".*?</section>', browser.get(HOME).content.decode(), re.S)
    return found.group(0) if found else ""


class TestRemovalRequests:
    def test_who_waits_is_counted_on_the_first_page_and_in_the_menu(self, browser, leila, kaveh):
        assert LIST not in panel(browser)
        assert "حذف داده‌ها (" not in menu_of(browser)
        for citizen in (leila, kaveh):
            RemovalRequest.ask(citizen)
        assert "۲ درخواست حذف منتظر تصمیم است" in panel(browser)
        assert f'href="{LIST}"' in panel(browser)
        assert "حذف داده‌ها (۲)" in menu_of(browser)

    def test_what_is_decided_or_nobodys_any_more_is_not_counted(self, browser, leila, kaveh, admin_user):
        RemovalRequest.ask(leila).refuse(by=admin_user, reason="نه")
        RemovalRequest.ask(kaveh)
        RemovalRequest.objects.filter(citizen=kaveh).update(citizen=None)
        assert LIST not in panel(browser)
        assert "حذف داده‌ها (" not in menu_of(browser)

    def test_others_hear_nothing(self, signed_in, sara, leila):
        RemovalRequest.ask(leila)
        page = menu_of(signed_in(sara))
        assert "درخواست حذف" not in page
        assert "حذف داده‌ها" not in page


class TestFindings:
    def test_the_alarm_leads_to_the_letter(self, browser, leila, water):
        letter, other = make_letter(leila, water), make_letter(leila, water)
        found_in(letter.body_file)
        shown = panel(browser)
        assert f'href="/admin/desk/{letter.reference}/"' in shown
        assert other.reference not in shown
        # Neither the one who wrote nor what about.
        assert letter.subject not in shown
        assert letter.sender_name not in shown

    def test_each_letter_stands_there_once_the_latest_first_and_five_of_many(self, browser, leila, water):
        letters = [make_letter(leila, water) for _ in range(7)]
        for number, letter in enumerate(letters):
            found_in(letter.body_file, hours=10 - number)
        second = make_attachment(leila)
        Attachment.objects.filter(pk=second.pk).update(letter=letters[6])
        found_in(second)
        shown = panel(browser)
        references = re.findall(r'href="/admin/desk/(\d+)/"', shown)
        assert references == [letter.reference for letter in reversed(letters[2:])]
        assert "و ۲ نامهٔ دیگر" in page_of(browser.get(HOME))

    def test_an_old_finding_and_a_removed_letter_are_not_there(self, browser, leila, water, sara, admin_user):
        old, gone = make_letter(leila, water), make_answered_letter(leila, water, sara)
        found_in(old.body_file, hours=25)
        found_in(gone.body_file)
        old.answer(by=sara, text="بله")
        RemovalRequest.ask(leila).carry_out(by=admin_user)
        assert "/admin/desk/" not in panel(browser).replace("/admin/desk/messages/", "")

    def test_of_a_form_that_nobody_sent_it_says_that_there_is_no_letter(self, browser, leila):
        found_in(make_attachment(leila))
        assert "فرمی که هنوز فرستاده نشده" in panel(browser)

    def test_the_mail_leads_to_this_page_and_names_no_letter(self, browser, leila, water):
        letter = make_letter(leila, water)
        found_in(letter.body_file)
        text = OutgoingMessage.objects.get(channel="email").text
        assert "/admin/#alarms" in text
        for secret in (letter.reference, letter.subject, letter.sender_name, letter.body_file.name):
            assert secret not in text
        assert 'id="alarms"' in panel(browser)

    def test_no_log_names_the_letter(self, browser, leila, water, caplog):
        caplog.set_level("DEBUG")
        letter = make_letter(leila, water)
        found_in(letter.body_file)
        caplog.clear()
        panel(browser)
        assert letter.reference not in "".join(r.getMessage() for r in caplog.records if r.name != "django.db.backends")

    def test_clerks_see_no_alarm(self, signed_in, sara, leila, water):
        found_in(make_letter(leila, water).body_file)
        assert not panel(signed_in(sara))
