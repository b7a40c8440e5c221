"""A citizen asks for removal, a superuser decides, and afterwards nobody is there any more."""

import io
import re
import zipfile

import pytest
from django.db.models.functions import Now

from servicedesk.client_address import ClientAddress
from servicedesk.models import (
    Draft,
    FormVersion,
    Letter,
    OutgoingMessage,
    RemovalRecord,
    RemovalRequest,
    SmsDevice,
    User,
)
from servicedesk.models.absence import LongAbsence
from tests import factories
from tests.servicedesk.staff.conftest import page_of
from tests.servicedesk.test_retention import everything_of_the_database

pytestmark = pytest.mark.django_db
PAGE, ADMIN = "/desk/my-removal/", "/admin/removals/"


@pytest.fixture
def answered(leila, water, service, sara):
    return factories.make_answered_letter(leila, water, sara, service=service, sender_name="لیلا قناری")


@pytest.fixture
def wish(leila, answered):
    return RemovalRequest.ask(leila)


def ask(browser):
    return browser.post(PAGE, {"sure": "on"})


def test_asking_twice_makes_one_request(signed_in, leila, answered):
    browser = signed_in(leila)
    assert browser.get(PAGE).status_code == 200
    for _click in range(2):
        response = ask(browser)
        assert (response.status_code, response.url) == (303, PAGE)
    assert RemovalRequest.objects.get().citizen == leila
    assert "پس" in browser.get(PAGE).content.decode()
    assert Letter.objects.visible_to(leila).exists()


def test_without_the_tick_nothing_is_asked(signed_in, leila, answered):
    assert signed_in(leila).post(PAGE).status_code == 422
    assert not RemovalRequest.objects.exists()


def test_open_letters_are_finished_first(signed_in, leila, water, service, answered):
    letter = factories.make_letter(leila, water, service=service, subject="هنوز باز")
    browser = signed_in(leila)
    page = browser.get(PAGE).content.decode()
    assert "هنوز باز" in page
    assert 'name="sure"' not in page
    assert ask(browser).status_code == 422
    assert not RemovalRequest.objects.exists()
    assert letter.citizen == leila


def test_it_can_be_taken_back(signed_in, leila, wish):
    for _click in range(2):
        assert signed_in(leila).post(f"{PAGE}take-back/").url == PAGE
    assert not RemovalRequest.objects.exists()


def test_nobody_takes_back_anothers(signed_in, kaveh, wish):
    signed_in(kaveh).post(f"{PAGE}take-back/")
    assert RemovalRequest.objects.exists()


def test_asking_and_taking_back_has_an_end(signed_in, leila, answered):
    browser = signed_in(leila)
    for _time in range(3):
        assert ask(browser).status_code == 303
        browser.post(f"{PAGE}take-back/")
    assert ask(browser).status_code == 429


def test_carried_out_nothing_of_the_person_is_left(signed_in, leila, wish, answered, admin_user, service):
    citizens_browser = signed_in(leila)
    file = factories.make_attachment(leila, name="پیش‌نویس.png")
    version = FormVersion.current(service)
    typed = {"subject": ["پیش‌نویسِ ناتمام"]}
    Draft.keep(citizen=leila, form_key=file.form_key, service=service, version=version, typed=typed, step=1)
    boss = signed_in(admin_user)
    assert boss.post(f"{ADMIN}{wish.pk}/carry-out/").status_code == 422
    assert boss.post(f"{ADMIN}{wish.pk}/carry-out/", {"sure": "on"}).url == ADMIN
    assert not User.citizens.filter(pk=leila.pk).exists()
    # One SMS is still owed to the number, and goes a week later as all do.
    last = OutgoingMessage.objects.due().get()
    assert (last.recipient, last.letter) == (leila.mobile, None)
    OutgoingMessage.objects.filter(pk=last.pk).delete()
    text = everything_of_the_database()
    for secret in (leila.mobile, leila.username, "لیلا قناری", answered.reference, answered.subject, "پیش‌نویس"):
        assert secret not in text, secret
    assert [record.what for record in RemovalRecord.objects.order_by("pk")] == ["letter", "account"]
    assert {(record.why, record.by) for record in RemovalRecord.objects.all()} == {("wish", admin_user)}
    assert (RemovalRequest.objects.get().state, RemovalRequest.objects.get().citizen) == ("done", None)
    # Whoever was signed in is a stranger now.
    assert citizens_browser.get("/desk/").status_code == 302


def test_a_code_that_still_waits_is_called_off(leila, wish, admin_user):
    SmsDevice.begin(leila.mobile, ClientAddress("192.0.2.1/32", "192.0.2.0/24"))
    code = OutgoingMessage.objects.get(kind="code")
    wish.carry_out(by=admin_user)
    assert OutgoingMessage.claim(code.pk) is None
    code.refresh_from_db()
    assert (code.state, code.recipient, code.text) == ("expired", "", "")


def test_the_same_number_may_come_again_and_finds_nothing(wish, leila, admin_user):
    wish.carry_out(by=admin_user)
    again = User.citizens.owning(leila.mobile)
    assert again.pk != leila.pk
    assert not Letter.objects.visible_to(again).exists()


def test_letters_of_an_earlier_owner_of_the_number_are_not_the_wishers(signed_in, leila, wish, answered, admin_user):
    """The number changed hands: what the new owner cannot read, his wish does not remove."""
    LongAbsence.objects.create(user=leila)
    newer = factories.make_answered_letter(leila, answered.unit, answered.replies.get().author)
    wish.carry_out(by=admin_user)
    assert not Letter.objects.visible_to(admin_user).filter(pk=newer.pk).exists()
    kept = Letter.objects.visible_to(admin_user).get(pk=answered.pk)
    assert kept.subject
    assert kept.citizen == leila
    with kept.body_file.open() as content:
        assert content.read()
    assert not leila.sessions.exists()


def test_not_while_a_letter_is_open(signed_in, leila, wish, water, service, admin_user):
    letter = factories.make_letter(leila, water, service=service)
    boss = signed_in(admin_user)
    assert "carry-out" not in boss.get(f"{ADMIN}{wish.pk}/").content.decode()
    assert boss.post(f"{ADMIN}{wish.pk}/carry-out/", {"sure": "on"}).url == f"{ADMIN}{wish.pk}/"
    assert User.citizens.filter(pk=leila.pk).exists()
    assert Letter.objects.filter(citizen=leila).count() == 2
    assert not OutgoingMessage.objects.filter(letter=None).exists()
    assert letter.subject == Letter.objects.get(pk=letter.pk).subject


def test_declined_the_citizen_reads_why(signed_in, leila, wish, admin_user):
    boss = signed_in(admin_user)
    assert boss.post(f"{ADMIN}{wish.pk}/refuse/", {"reason": " "}).status_code == 422
    assert boss.post(f"{ADMIN}{wish.pk}/refuse/", {"reason": "پرونده هنوز در دادگاه است."}).url == ADMIN
    page = signed_in(leila).get(PAGE).content.decode()
    assert "پرونده هنوز در دادگاه است." in page
    assert 'name="sure"' in page
    assert OutgoingMessage.objects.get(letter=None).recipient == leila.mobile


def test_why_it_was_declined_once_goes_with_the_account(leila, wish, admin_user):
    """Words to a citizen may name him; that, when and by whom it was declined stays."""
    wish.refuse(by=admin_user, reason="خانم قناری، پروندهٔ شما باز است.")
    RemovalRequest.ask(leila).carry_out(by=admin_user)
    OutgoingMessage.objects.all().delete()
    assert "قناری" not in everything_of_the_database()
    declined = RemovalRequest.objects.get(state="refused")
    assert (declined.citizen, declined.decided_by) == (None, admin_user)
    assert declined.asked_at < declined.decided_at


def test_of_two_decisions_the_first_counts(signed_in, wish, admin_user):
    wish.refuse(by=admin_user, reason="نه")
    for path, fields in (("carry-out", {"sure": "on"}), ("refuse", {"reason": "نه!"})):
        assert signed_in(admin_user).post(f"{ADMIN}{wish.pk}/{path}/", fields).status_code == 404
    assert RemovalRequest.objects.get().reason == "نه"


def test_superusers_see_the_list_and_prove_a_removal(signed_in, wish, answered, admin_user):
    boss = signed_in(admin_user)
    reference = answered.reference
    page = boss.get(ADMIN).content.decode()
    assert f"{ADMIN}{wish.pk}/" in page
    # The list names nobody.
    assert "لیلا" not in page
    assert boss.get(f"{ADMIN}{wish.pk}/").status_code == 200
    assert "حذف نشده" in boss.get(f"{ADMIN}?reference={reference}").content.decode()
    wish.carry_out(by=admin_user)
    page = boss.get(f"{ADMIN}?reference={reference}").content.decode()
    assert "ارباب رجوع خواست" in page
    assert boss.get(f"{ADMIN}?reference=1").status_code == 200


@pytest.mark.parametrize("path", ["", "{pk}/", "{pk}/carry-out/", "{pk}/refuse/"])
def test_nobody_else_decides(signed_in, sara, editor, leila, wish, client, path):
    for browser in (signed_in(sara), signed_in(editor), signed_in(leila), client):
        for ask_for in (browser.get, browser.post):
            assert ask_for(ADMIN + path.format(pk=wish.pk), {"sure": "on", "reason": "x"}).status_code != 200
    wish.refresh_from_db()
    assert wish.state == "open"


class TestOfAnEarlierOwner:
    """Requests from before a long absence that nobody has shown to be his."""

    REASON = "پروندهٔ شما هنوز باز است"

    def absent(self, citizen):
        return LongAbsence.objects.create(user=citizen)

    def data_of(self, browser):
        pieces = b"".join(browser.post("/desk/my-data/").streaming_content)
        return zipfile.ZipFile(io.BytesIO(pieces)).read("data.json").decode()

    def test_neither_the_page_nor_the_data_shows_it(self, signed_in, leila, wish, sara):
        wish.refuse(by=sara, reason=self.REASON)
        absence, browser = self.absent(leila), signed_in(leila)
        assert self.REASON not in browser.get(PAGE).content.decode()
        assert self.REASON not in self.data_of(browser)
        LongAbsence.objects.filter(pk=absence.pk).update(proven_at=Now())
        assert self.REASON in browser.get(PAGE).content.decode()
        assert self.REASON in self.data_of(browser)

    def test_a_wish_takes_ones_own_reasons_along_and_leaves_the_earlier_owners(self, leila, wish, answered, admin_user):
        wish.refuse(by=admin_user, reason=self.REASON)
        self.absent(leila)
        RemovalRequest.ask(leila).refuse(by=admin_user, reason="خانم قناری، نه")
        RemovalRequest.ask(leila).carry_out(by=admin_user)
        assert User.citizens.filter(pk=leila.pk).exists()
        assert list(RemovalRequest.objects.values_list("reason", flat=True)) == [self.REASON, "", ""]

    def test_its_refusal_is_told_to_nobody(self, leila, wish, sara):
        self.absent(leila)
        OutgoingMessage.objects.all().delete()
        wish.refuse(by=sara, reason=self.REASON)
        assert not OutgoingMessage.objects.exists()

    def test_it_is_not_taken_back_and_asking_makes_it_ones_own(self, signed_in, leila, wish):
        self.absent(leila)
        browser = signed_in(leila)
        browser.post(f"{PAGE}take-back/")
        assert RemovalRequest.objects.get() == wish
        assert 'name="sure"' in browser.get(PAGE).content.decode()
        assert ask(browser).status_code == 303
        assert RemovalRequest.objects.visible_to(leila).get() == wish
        assert 'name="sure"' not in browser.get(PAGE).content.decode()


class TestDecided:
    REASON = "پروندهٔ شما هنوز در دادگاه است."

    def decided(self, browser, address=ADMIN):
        page = browser.get(address).content.decode()
        return re.search(r'aria-labelledby="decided".*?</section>', page, re.S).group(0)

    def test_both_outcomes_are_listed_with_who_when_and_why(self, signed_in, leila, kaveh, wish, admin_user):
        boss = signed_in(admin_user)
        assert "هنوز موردی نیست" in self.decided(boss)
        wish.refuse(by=admin_user, reason=self.REASON)
        RemovalRequest.ask(kaveh).carry_out(by=admin_user)
        shown = self.decided(boss)
        assert shown.index("انجام شد") < shown.index("رد شد")
        assert self.REASON in shown
        assert shown.count(f">{admin_user.display_name}</td>") == 2
        assert shown.count("<time") == 4
        # It names nobody.
        assert "لیلا" not in shown
        assert leila.mobile not in shown

    def test_what_waits_or_was_taken_back_is_not_among_them(self, signed_in, leila, wish, admin_user):
        boss = signed_in(admin_user)
        assert "<tr>" not in self.decided(boss)
        wish.take_back()
        assert "<tr>" not in self.decided(boss)

    def test_they_stand_on_pages(self, signed_in, leila, kaveh, admin_user, django_assert_max_num_queries):
        rows = [
            RemovalRequest(citizen=leila, state="refused", decided_by=admin_user, decided_at=Now(), reason=f"دلیل {n}.")
            for n in range(60)
        ]
        RemovalRequest.objects.bulk_create(rows)
        boss = signed_in(admin_user)
        boss.get(ADMIN)
        with django_assert_max_num_queries(25):
            first = self.decided(boss)
        assert "صفحهٔ ۱ از ۳" in first
        last = self.decided(boss, f"{ADMIN}?page=۳")
        assert len(re.findall(r"دلیل \d+\.", first)) == 25
        assert len(re.findall(r"دلیل \d+\.", last)) == 10
        assert "صفحهٔ ۳ از ۳" in self.decided(boss, f"{ADMIN}?page={'9' * 30}")

    def test_with_the_account_goes_the_reason(self, leila, wish, admin_user):
        wish.refuse(by=admin_user, reason=self.REASON)
        RemovalRequest.ask(leila).carry_out(by=admin_user)
        assert self.REASON not in everything_of_the_database()
        assert RemovalRequest.objects.filter(state="refused").exists()

    def test_while_the_account_lives_its_owner_keeps_the_reason(self, leila, wish, answered, admin_user):
        wish.refuse(by=admin_user, reason=self.REASON)
        LongAbsence.objects.create(user=leila)
        RemovalRequest.ask(leila).carry_out(by=admin_user)
        assert RemovalRequest.objects.get(state="refused").reason == self.REASON


def test_a_request_that_no_longer_waits_says_so(signed_in, leila, wish, admin_user):
    boss = signed_in(admin_user)
    wish.take_back()
    gone = boss.get(f"{ADMIN}{wish.pk}/")
    assert gone.status_code == 404
    page = page_of(gone)
    assert "پس گرفته" in page
    assert "ارجاع" not in page
    assert f'href="{ADMIN}"' in gone.content.decode()


def test_other_pages_that_are_gone_speak_of_no_letter(signed_in, admin_user):
    page = page_of(signed_in(admin_user).get("/admin/nowhere/"))
    assert "ارجاع" not in page
    assert "حذف" in page or "برداشته" in page
