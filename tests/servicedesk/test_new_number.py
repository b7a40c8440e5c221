"""Taking one's letters along to another number: nobody who cannot read both SMS can do it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from servicedesk.client_address import ClientAddress
from servicedesk.known_browser import CITIZEN, COOKIE, KnownBrowser
from servicedesk.models import LimitHit, LimitReached, NumberChange, OutgoingMessage, SmsDevice, User
from servicedesk.models.number_change import NotProven, NumberTaken
from tests.factories import make_citizen, make_letter
from tests.servicedesk.sign_in_steps import CODE as SIGN_IN_CODE
from tests.servicedesk.sign_in_steps import ask_for_code, wrong

NUMBER, CODES = "/desk/account/number/", "/desk/account/number/codes/"
NEW = "+989351234567"


def codes_of(change):
    return {"old_code": change.old.codes.get().digits, "new_code": change.new.codes.get().digits}


@pytest.fixture
def begun(signed_in, leila):
    """(leila's browser, her change of number whose two SMS are on their way)"""
    browser = signed_in(leila)
    assert browser.post(NUMBER, {"mobile": "0935 123 4567"})["Location"] == CODES
    return browser, NumberChange.objects.get()


@pytest.mark.django_db
class TestNewNumber:
    def test_both_codes_move_the_account_with_its_letters(self, begun, leila, water, service):
        browser, change = begun
        letter, old = make_letter(leila, water), leila.mobile
        recipients = set(OutgoingMessage.objects.filter(kind="code").values_list("recipient", flat=True))
        assert recipients == {old, NEW}
        page = browser.post(CODES, codes_of(change), follow=True).content.decode()
        assert "از این پس با شمارهٔ تازه وارد می‌شوید" in page
        leila.refresh_from_db()
        assert leila.mobile == NEW
        assert browser.get(f"/desk/letters/{letter.reference}/").status_code == 200
        told = OutgoingMessage.objects.get(recipient=old, kind="message", letter=None)
        assert "شمارهٔ حسابتان عوض شد" in told.text
        assert len(told.text) <= 70
        NumberChange.objects.get(done_at__isnull=False)

    def test_the_sms_says_what_its_code_is_for(self, begun, settings):
        for message in OutgoingMessage.objects.filter(kind="code"):
            assert not {"ورود", "sign-in"} & set(message.text.split())
            assert message.text.endswith(f"\n\n@{settings.PUBLIC_HOST} #{{code}}")
            assert len(message.text.format(code="123456")) <= 70
        assert OutgoingMessage.objects.filter(kind="code").count() == 2

    def test_the_letters_sms_go_to_the_new_number(self, begun, leila, water, service, admin_user):
        browser, change = begun
        letter, old = make_letter(leila, water), leila.mobile
        waiting = OutgoingMessage.objects.get(letter=letter)
        lost, sent = (
            OutgoingMessage.owe(kind="message", recipient=old, text="x", language="fa", dedupe_key=state, letter=letter)
            for state in ("dead", "delivered")
        )
        for row in (lost, sent):
            OutgoingMessage.objects.filter(pk=row.pk).update(state=row.dedupe_key, final_at=timezone.now())
        browser.post(CODES, codes_of(change))
        assert OutgoingMessage.resend([lost.pk], by=admin_user) == 1
        recipients = [OutgoingMessage.objects.get(pk=row.pk).recipient for row in (waiting, lost, sent)]
        assert recipients == [NEW, NEW, old]

    def test_the_old_number_begins_an_empty_account(self, begun, leila, water, service):
        browser, change = begun
        make_letter(leila, water)
        old = leila.mobile
        browser.post(CODES, codes_of(change))
        newcomer = User.citizens.owning(old)
        assert newcomer.pk != leila.pk
        assert not newcomer.letters.exists()

    @pytest.mark.parametrize("missing", ["old_code", "new_code"])
    def test_one_code_is_not_enough_and_stays_right_meanwhile(self, begun, leila, missing):
        browser, change = begun
        old, codes = leila.mobile, codes_of(change)
        answer = browser.post(CODES, codes | {missing: wrong(codes[missing])})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "درست بود" in page
        assert f'name="{missing}"' in page
        leila.refresh_from_db()
        assert leila.mobile == old
        assert browser.post(CODES, {missing: codes[missing]})["Location"] == "/desk/account/"
        leila.refresh_from_db()
        assert leila.mobile == NEW

    def test_without_both_codes_the_account_keeps_its_number_whatever_the_view_does(self, begun, leila):
        _browser, change = begun
        for device in (change.old, change.new):
            with pytest.raises(NotProven):
                change.finish()
            device.check_code(device.codes.get().digits)
        change.finish()
        leila.refresh_from_db()
        assert leila.mobile == NEW

    def test_five_guesses_and_no_more(self, begun, leila):
        browser, change = begun
        codes = codes_of(change)
        for _ in range(5):
            browser.post(CODES, codes | {"new_code": wrong(codes["new_code"])})
        assert browser.post(CODES, codes).status_code == 422
        leila.refresh_from_db()
        assert leila.mobile != NEW

    def test_its_codes_sign_nobody_in_and_those_of_a_sign_in_change_nothing(self, begun, leila):
        browser, change = begun
        assert SmsDevice.still_open(change.new.pk) is None
        browser.post(CODES, {"old_code": "000000", "new_code": codes_of(change)["new_code"]})
        assert not User.citizens.filter(mobile=NEW).exists()

    def test_another_session_cannot_go_on_with_it(self, begun, kaveh, signed_in):
        other = signed_in(kaveh)
        session = other.session
        session["number_change"] = begun[1].pk
        session.save()
        assert other.post(CODES, codes_of(begun[1]))["Location"] == NUMBER

    def test_all_other_sessions_end(self, begun, leila, signed_in):
        browser, change = begun
        other = signed_in(leila)
        assert other.get("/desk/").status_code == 200
        name = browser.session.session_key
        browser.post(CODES, codes_of(change))
        assert other.get("/desk/").status_code == 302
        assert browser.get("/desk/").status_code == 200
        assert browser.session.session_key != name

    def test_a_number_with_an_account_is_refused_once_its_owner_is_proven(self, begun, leila):
        browser, change = begun
        make_citizen(mobile=NEW)
        old = leila.mobile
        page = browser.post(CODES, codes_of(change), follow=True).content.decode()
        assert "خودش اینجا حسابی دارد" in page
        leila.refresh_from_db()
        assert leila.mobile == old
        assert not OutgoingMessage.objects.filter(kind="message").exists()

    def test_before_that_a_number_with_an_account_looks_like_any_other(self, signed_in, leila):
        make_citizen(mobile=NEW)
        browser = signed_in(leila)
        pages = []
        for mobile in ("09351234567", "09357654321"):
            LimitHit.objects.all().delete()
            assert browser.post(NUMBER, {"mobile": mobile})["Location"] == CODES
            pages.append(len(browser.get(CODES).content))
        assert pages[0] == pages[1]

    def test_the_codes_keep_the_limits_of_all_codes(self, signed_in, leila):
        browser = signed_in(leila)
        browser.post(NUMBER, {"mobile": "09351234567"})
        sent = OutgoingMessage.objects.count()
        refused = browser.post(NUMBER, {"mobile": "09351234567"})
        assert refused.status_code == 429
        assert OutgoingMessage.objects.count() == sent == 2

    def test_nobody_is_bombed_by_changes_begun_again_and_again(self, signed_in, leila):
        browser = signed_in(leila)
        for number in range(3):
            LimitHit.objects.exclude(name="change-number-by-citizen").delete()
            assert browser.post(NUMBER, {"mobile": f"0935123456{number}"}).status_code == 303
        LimitHit.objects.exclude(name="change-number-by-citizen").delete()
        assert browser.post(NUMBER, {"mobile": "09351234569"}).status_code == 429

    def test_a_change_that_is_refused_counts_too(self, signed_in, leila):
        """Or somebody could try number after number and learn of each whether it was asked for a moment ago."""
        browser = signed_in(leila)
        SmsDevice.begin(leila.mobile, ClientAddress("127.0.0.1/32", "127.0.0.0/24"))
        for _ in range(3):
            assert browser.post(NUMBER, {"mobile": "09351234567"}).status_code == 429
        assert OutgoingMessage.objects.count() == 1
        assert LimitHit.objects.filter(name="ask-for-code-from-address").count() > 3
        LimitHit.objects.exclude(name="change-number-by-citizen").delete()
        refused = browser.post(NUMBER, {"mobile": "09351234567"})
        assert refused.status_code == 429
        assert "تغییر" in refused.content.decode()

    def test_ones_own_number_is_no_new_one(self, signed_in, leila):
        answer = signed_in(leila).post(NUMBER, {"mobile": leila.mobile})
        assert answer.status_code == 422
        assert "همان شمارهٔ کنونی" in answer.content.decode()

    def test_after_a_quarter_of_an_hour_one_begins_again(self, begun):
        browser, change = begun
        NumberChange.objects.update(began_at=timezone.now() - timedelta(minutes=15))
        assert browser.post(CODES, codes_of(change))["Location"] == NUMBER

    def test_the_browser_is_known_for_the_new_number_and_no_more_for_the_old(self):
        browser = Client()
        browser.post(SIGN_IN_CODE, {"code": ask_for_code(browser)})
        LimitHit.objects.all().delete()
        browser.post(NUMBER, {"mobile": "09351234567"})
        browser.post(CODES, codes_of(NumberChange.objects.get()))
        request = type("Request", (), {"COOKIES": {COOKIE: browser.cookies[COOKIE].value}})()
        known = KnownBrowser.of(request)
        assert known.name_for(CITIZEN, NEW)
        assert not known.name_for(CITIZEN, "+989121234567")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_who_reach_for_one_number_one_gets_it():
    citizens = [make_citizen(), make_citizen()]
    changes = []
    for host, citizen in enumerate(citizens):
        LimitHit.objects.all().delete()
        changes.append(NumberChange.begin(citizen, NEW, ClientAddress(f"10.0.{host}.1/32", f"10.0.{host}.0/24")))
    for change in changes:
        for device in (change.old, change.new):
            assert device.check_code(device.codes.get().digits) == "right"

    def finish(change):
        try:
            change.finish()
        except NumberTaken:
            return "taken"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(finish, changes)) == ["done", "taken"]
    assert User.citizens.filter(mobile=NEW).count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_changes_that_cross_each_other_wait_for_nobody_forever():
    """Each takes the other's number while the same numbers sign in: no deadlock, whatever the order."""
    citizens = [make_citizen(), make_citizen()]

    def act(number):
        one, other = citizens if number % 2 else citizens[::-1]
        try:
            if number % 3:
                NumberChange.begin(one, other.mobile, ClientAddress(f"10.1.{number}.1/32", f"10.1.{number}.0/24"))
            else:
                SmsDevice.begin(one.mobile, ClientAddress(f"10.1.{number}.1/32", f"10.1.{number}.0/24"))
        except LimitReached as reached:
            return reached.name
        finally:
            connections.close_all()
        return "sent"

    with ThreadPoolExecutor(6) as pool:
        outcomes = set(pool.map(act, range(30)))
    # A deadlock would have been «uncounted».
    assert "sent" in outcomes
    assert "uncounted" not in outcomes


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_first_sign_in_of_the_new_number_meanwhile_waits(monkeypatch):
    citizen = make_citizen()
    change = NumberChange.begin(citizen, NEW, ClientAddress("10.0.0.1/32", "10.0.0.0/24"))
    for device in (change.old, change.new):
        device.check_code(device.codes.get().digits)
    exists, pool, owners = QuerySet.exists, ThreadPoolExecutor(1), []

    def sign_in():
        try:
            return User.citizens.owning(NEW).pk
        finally:
            connections.close_all()

    def exists_and_somebody_comes(queryset):
        answer = exists(queryset)
        if queryset.model is User and not owners:
            owners.append(pool.submit(sign_in))
            with suppress(TimeoutError):
                owners[0].result(timeout=1)
        return answer

    monkeypatch.setattr(QuerySet, "exists", exists_and_somebody_comes)
    with pool:
        change.finish()
    assert owners[0].result() == citizen.pk
    citizen.refresh_from_db()
    assert citizen.mobile == NEW
