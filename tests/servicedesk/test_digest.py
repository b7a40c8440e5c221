"""The morning digest: who is told what, when, and how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from time import sleep

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.users.models import UserProfile

from config.celery import app
from servicedesk import digest, tasks
from servicedesk.digest import owe_digests
from servicedesk.models import (
    Attachment,
    DeskSettings,
    Holiday,
    Letter,
    OutgoingMessage,
    StandIn,
    UnitMembership,
    User,
    WeeklyHours,
)
from servicedesk.models.outbox import State
from servicedesk.models.weekly_hours import CLOCKS
from servicedesk.outgoing import deliver_message
from servicedesk.persian import jalali_long
from servicedesk.roles import Role
from tests.factories import make_citizen, make_letter, make_staff, make_unit

pytestmark = pytest.mark.django_db
INBOX = "http://localhost:8000/admin/desk/"


@pytest.fixture(autouse=True)
def never_closed(db, settings):
    """An organisation that works on all days, so that today is a working day and yesterday the last one."""
    settings.PUBLIC_URL = "http://localhost:8000"
    Holiday.with_removed.all().delete()
    WeeklyHours.objects.all().delete()
    clocks = {name: time(0) if name.endswith("opens") else time(23, 59) for name in CLOCKS}
    WeeklyHours.objects.create(first_day=date(2020, 1, 1), **clocks)


@pytest.fixture
def mina(water):
    return make_head("mina", water)


def make_head(name, *units, **values):
    person = make_staff(name, **values)
    for unit in units:
        UnitMembership.objects.create(unit=unit, user=person, role=Role.HEAD)
    return person


def clock(hour, minute=0, days=0):
    """The moment of today, or of so many days later, at which the clock in Tehran shows this time."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)), timezone.get_default_timezone())


def morning():
    return owe_digests(clock(7, 5))


def late_letter(unit, citizen=None, **values):
    letter = make_letter(citizen or make_citizen(), unit)
    values = {"due_on": timezone.localdate() - timedelta(days=1), **values}
    Letter.objects.filter(pk=letter.pk).update(**values)
    OutgoingMessage.objects.exclude(dedupe_key__startswith="digest:").delete()
    return letter


def undelivered(letter, key="lost"):
    given = {"recipient": "+989000000001", "text": "پیام محرمانه", "language": "fa", "letter": letter}
    message = OutgoingMessage.owe(kind="message", dedupe_key=key, **given)
    OutgoingMessage.objects.filter(pk=message.pk).update(state=State.DEAD)
    return message


def of_file(letter, **values):
    Attachment.objects.filter(letter=letter).update(**values)


def unscanned(letter, minutes=11):
    of_file(letter, state=Attachment.State.PENDING, created_at=Now() - timedelta(minutes=minutes))


def found_at(letter, moment):
    of_file(letter, state=Attachment.State.REMOVED, finding="EICAR", scanned_at=moment)


def digests():
    return OutgoingMessage.objects.filter(dedupe_key__startswith="digest:").order_by("pk")


def told():
    return sorted(digests().values_list("recipient", flat=True))


# --- Who ------------------------------------------------------------------------------------------------------------


def test_heads_are_told_and_nobody_else(mina, sara, water):
    make_head("away", water, is_active=False)
    make_head("without", water)
    User.objects.filter(username="without").update(email="")
    approver = make_staff("approver")
    UnitMembership.objects.create(unit=water, user=approver, role=Role.APPROVER)
    make_head("elsewhere", make_unit("پارک‌ها"))
    User.objects.create_superuser("root", "root@example.ir", "x")
    late_letter(water)
    assert morning() == 1
    assert told() == ["mina@example.ir"]


def test_who_stands_in_for_a_head_is_told_on_his_days_only(mina, sara, omid, water, roads):
    today, day = timezone.localdate(), timedelta(days=1)
    own = UnitMembership.objects.get(user=mina)
    StandIn.objects.create(membership=own, substitute=sara, first_day=today, last_day=today)
    StandIn.objects.create(membership=own, substitute=omid, first_day=today - day, last_day=today - day)
    coming = make_staff("coming", water)
    StandIn.objects.create(membership=own, substitute=coming, first_day=today + day, last_day=today + day)
    for_clerk = make_staff("for-clerk", water)
    part = UnitMembership.objects.get(user=sara)
    StandIn.objects.create(membership=part, substitute=for_clerk, first_day=today, last_day=today)
    late_letter(water)
    morning()
    assert told() == ["mina@example.ir", "sara@example.ir"]


def test_where_nothing_waits_nobody_is_told(mina, water, roads):
    late_letter(roads)
    late_letter(water, due_on=timezone.localdate())
    late_letter(water, status="waiting")
    unscanned(late_letter(water, due_on=None), minutes=9)
    found_at(late_letter(water, due_on=None), clock(6, 59, days=-1))
    OutgoingMessage.objects.filter(pk=undelivered(late_letter(water, due_on=None)).pk).update(set_aside_at=Now())
    assert morning() == 0
    assert not digests()


def test_one_mail_tells_of_all_units_of_a_head_but_those_with_nothing(water, roads):
    parks = make_unit("پارک‌ها")
    make_head("nima", water, roads, parks)
    late_letter(water), late_letter(roads)
    morning()
    text = digests().get().text
    assert "آب و فاضلاب" in text
    assert "معابر و ترافیک" in text
    assert "پارک‌ها" not in text


# --- When -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "minute", "owed"), [(6, 59, 0), (7, 0, 1), (11, 59, 1), (12, 0, 0), (16, 0, 0), (0, 0, 0)]
)
def test_it_is_told_in_the_morning_and_a_missed_beat_is_made_up_for_until_noon(mina, water, hour, minute, owed):
    late_letter(water)
    assert owe_digests(clock(hour, minute)) == owed


def test_the_clock_is_the_organisations_whatever_the_time_zone_in_use(mina, water):
    late_letter(water)
    early, late = clock(7, 30), clock(12, 30)
    with timezone.override("America/New_York"):
        assert owe_digests(late) == 0
        assert owe_digests(early) == 1


def test_on_a_day_off_nobody_is_told(mina, water):
    late_letter(water)
    Holiday.objects.create(date=timezone.localdate(), name="تعطیل")
    assert morning() == 0


def test_the_calendar_is_that_of_each_unit(mina, water, roads):
    make_head("nima", roads)
    closed = {name: None for name in CLOCKS}
    WeeklyHours.objects.create(first_day=date(2020, 1, 1), unit=roads, **closed)
    late_letter(water), late_letter(roads)
    morning()
    assert told() == ["mina@example.ir"]


def test_the_switch_turns_it_off(mina, water):
    desk = DeskSettings.load()
    assert desk.morning_digest
    desk.morning_digest = False
    desk.save()
    late_letter(water)
    assert morning() == 0
    assert not digests()


def test_once_a_day_and_again_on_the_next(mina, water):
    late_letter(water)
    assert [owe_digests(clock(hour)) for hour in (7, 8, 11)] == [1, 0, 0]
    assert owe_digests(clock(7, days=1)) == 1
    assert digests().count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_at_once_owe_it_once_and_neither_fails(mina, water):
    late_letter(water)

    def work(_):
        try:
            return morning()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        with transaction.atomic(), connection.cursor() as cursor:
            # Whoever has come as far as writing waits there, so that the others come meanwhile.
            cursor.execute("LOCK TABLE servicedesk_outgoingmessage IN SHARE MODE")
            running = [workers.submit(work, number) for number in range(4)]
            while sum(one.done() for one in running) < 3:
                assert not any(one.done() and one.exception() for one in running)
                if _waiting(cursor) > 1:
                    break
                sleep(0.02)
        assert sum(one.result() for one in running) == 1
    assert digests().count() == 1


def _waiting(cursor):
    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
    return cursor.fetchone()[0]


def test_it_is_on_the_timetable_and_a_broker_that_is_away_costs_nothing(mina, water):
    entry = next(one for one in app.conf.beat_schedule.values() if one["task"] == tasks.send_digests.name)
    assert (entry["schedule"], entry["options"]["expires"]) == (900.0, 900)
    late_letter(water)
    morning()
    # No worker was told; the row is due for whoever sweeps.
    OutgoingMessage.objects.update(not_after=None)
    assert list(OutgoingMessage.objects.due()) == list(digests())


def test_what_did_not_leave_by_noon_does_not_leave_any_more(mina, water, mailoutbox):
    late_letter(water)
    morning()
    message = digests().get()
    assert message.not_after == clock(12)
    OutgoingMessage.objects.update(not_after=Now())
    deliver_message(message.pk)
    assert not mailoutbox
    # Nor is it offered to be sent again.
    OutgoingMessage.objects.update(state=State.DEAD)
    assert OutgoingMessage.objects.undelivered().exists()
    assert not OutgoingMessage.objects.unattended().exists()


def test_it_leaves_as_a_mail(mina, water, mailoutbox):
    late_letter(water)
    morning()
    OutgoingMessage.objects.update(not_after=None)
    deliver_message(digests().get().pk)
    [mail] = mailoutbox
    assert mail.to == ["mina@example.ir"]
    assert jalali_long(timezone.localdate()) in mail.subject
    assert "دیرکرد" in mail.body


# --- What -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def everything(water):
    """Two late letters, a lost SMS, a file that waits for the scanner, two with findings: the letters."""
    letters = [late_letter(water), late_letter(water)]
    letters += [late_letter(water, due_on=None) for _ in range(4)]
    undelivered(letters[2])
    unscanned(letters[3])
    found_at(letters[4], clock(7, 1, days=-1))
    found_at(letters[5], clock(0))
    return letters


def test_it_tells_in_persian_unless_the_head_works_in_english(mina, water, everything):
    make_head("john", water)
    UserProfile.objects.create(user=User.objects.get(username="john"), preferred_language="en")
    morning()
    persian, english = digests()
    assert (persian.language, english.language) == ("fa", "en")
    yesterday = timezone.localdate() - timedelta(days=1)
    assert persian.text.splitlines() == [
        f"میز خدمت الکترونیک: کارهای ماندهٔ {jalali_long(timezone.localdate())}",
        "صبح بخیر،",
        "در واحدی که مسئول آن هستید این کارها منتظر رسیدگی است:",
        "",
        "آب و فاضلاب",
        "",
        "• ۲ نامه دیرکرد دارد",
        f"  {INBOX}?tab=overdue&unit={water.pk}",
        "",
        "• ۱ پیامک دربارهٔ نامه‌ای به کسی نرسیده است؛ از صفحهٔ نامه دوباره بفرستید یا تلفن بزنید",
        f"  {INBOX}?tab=all&matter=undelivered&unit={water.pk}",
        "",
        "• ۱ فایل هنوز ویروس‌یابی نشده است و به کسی نشان داده نمی‌شود",
        f"  {INBOX}?tab=all&matter=unscanned&unit={water.pk}",
        "",
        f"• از {jalali_long(yesterday)} تا امروز ویروس‌یاب در ۲ فایل چیزی پیدا کرده و آن فایل‌ها حذف شده‌اند",
        f"  {INBOX}?tab=all&matter=found&unit={water.pk}",
        "",
        "این ایمیل صبح روزهای کاری، اگر کاری مانده باشد، خودبه‌خود می‌رسد. نام هیچ نویسندهٔ نامه‌ای در آن نیست.",
        "میز خدمت الکترونیک",
    ]
    assert "2 letters are overdue" in english.text
    assert "1 SMS about a letter reached nobody" in english.text
    assert "1 file could not be checked" in english.text
    assert "something was found in 2 files, which were removed" in english.text
    assert not set("۰۱۲۳۴۵۶۷۸۹") & set(english.text)


def test_it_names_no_letter_and_nobody(mina, everything, caplog):
    caplog.set_level("DEBUG")
    morning()
    said = digests().get().text + "".join(
        one.getMessage() for one in caplog.records if one.name != "django.db.backends"
    )
    for letter in everything:
        secrets = {letter.reference, letter.subject, letter.sender_name, letter.citizen.mobile, letter.body_file.name}
        assert not [secret for secret in secrets if secret in said]
    assert "mina" not in said


def test_each_link_lists_what_was_counted(mina, signed_in, everything):
    morning()
    browser, found = signed_in(mina), []
    for line in digests().get().text.splitlines():
        if line.strip().startswith(INBOX):
            page = browser.get(line.strip().removeprefix("http://localhost:8000")).content.decode()
            found.append({letter.reference for letter in everything if f"/admin/desk/{letter.reference}/" in page})
    references = [letter.reference for letter in everything]
    assert found == [set(references[:2]), {references[2]}, {references[3]}, set(references[4:])]


def test_after_a_holiday_the_findings_since_the_last_working_day_count(mina, water):
    today = timezone.localdate()
    for back in range(1, 5):
        Holiday.objects.create(date=today - timedelta(days=back), name="تعطیل")
    found_at(late_letter(water, due_on=None), clock(7, 1, days=-5))
    found_at(late_letter(water, due_on=None), clock(6, 59, days=-5))
    morning()
    assert f"از {jalali_long(today - timedelta(days=5))} تا امروز ویروس‌یاب در ۱ فایل" in digests().get().text


def test_it_asks_few_things_more_for_many_heads(mina, water):
    def asked():
        digests().delete()
        with CaptureQueriesContext(connection) as caught:
            assert morning()
        return len(caught), digests().count()

    late_letter(water)
    one, _heads = asked()
    for number in range(10):
        late_letter(unit := make_unit(f"واحد {number}"))
        make_head(f"head-{number}", unit)
    many, heads = asked()
    assert heads == 11
    # Of each further head: is it owed, and writing it.
    assert many - one <= 10 * 4
    assert one <= 22


def test_what_breaks_one_heads_digest_keeps_nobody_else_from_his(mina, water, monkeypatch, caplog):
    late_letter(water)
    make_head("john", water)
    whole = digest._language_of
    monkeypatch.setattr(digest, "_language_of", lambda head: whole(head) if head.username == "john" else 1 / 0)
    assert morning() == 1
    assert digests().get().recipient == "john@example.ir"
    assert f"no digest for head {mina.pk}" in caplog.text
    monkeypatch.undo()
    assert morning() == 1
    assert {message.recipient for message in digests()} == {"mina@example.ir", "john@example.ir"}
