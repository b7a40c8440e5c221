"""A letter's promised day: counted from the tables when it is sent, and frozen."""

import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, time, timedelta

import jdatetime
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from servicedesk.models import Closure, Holiday, Letter, RemovalRecord, WeeklyHours
from servicedesk.models.office_calendar import calendar_of, promised_day
from servicedesk.models.weekly_hours import CLOCKS
from servicedesk.persian import jalali_date
from servicedesk.workflow import Status
from tests.factories import make_citizen, make_letter, make_service

pytestmark = pytest.mark.django_db


def jalali(year, month, day):
    return jdatetime.date(year, month, day).togregorian()


def at(day, hour, minute=0):
    """The moment at which the clock in Tehran shows this time."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)), timezone.get_default_timezone())


def hours(first_day, opens, closes, *, days=5, **more):
    """A week whose first ``days`` days, from Saturday on, are open."""
    clocks = {name: None for name in CLOCKS}
    for name in CLOCKS[: days * 2]:
        clocks[name] = opens if name.endswith("opens") else closes
    return WeeklyHours.objects.create(first_day=first_day, **clocks, **more)


SATURDAY = jalali(1405, 9, 7)


@pytest.fixture
def no_holidays(db):
    Holiday.with_removed.all().delete()


@pytest.fixture
def never_closed(no_holidays):
    """An organisation that works on all days and at all hours, so that a promise is so many days."""
    WeeklyHours.objects.all().delete()
    hours(date(2020, 1, 1), time(0), time(23, 59, 59), days=7)


@pytest.fixture
def prompt(db):
    """A service that promises an answer within three working days."""
    return make_service(promised_days=3)


# --- What the tables say ---------------------------------------------------------------------------------------------


def test_a_new_installation_knows_the_holidays_of_this_year_and_the_next_and_the_usual_week(water):
    this_year = jdatetime.date.today().year
    years = {jdatetime.date.fromgregorian(date=day).year for day in Holiday.objects.values_list("date", flat=True)}
    assert years == {this_year, this_year + 1}
    assert calendar_of(water, SATURDAY).hours_on(SATURDAY).closes == time(14, 30)
    assert not calendar_of(water, SATURDAY).is_working_day(SATURDAY + timedelta(days=5))


def test_nowruz_is_passed_over_as_the_table_has_it(water, no_holidays):
    for day in (1, 2, 3, 4, 12, 13):
        Holiday.objects.create(date=jalali(1406, 1, day), name="نوروز")
    # 27 Esfand 1405 is a Thursday, 1 Farvardin 1406 a Sunday.
    wednesday = at(jalali(1405, 12, 26), 10)
    assert promised_day(water, 1, wednesday) == jalali(1405, 12, 29)
    assert promised_day(water, 2, wednesday) == jalali(1406, 1, 7)
    Holiday.objects.filter(date=jalali(1406, 1, 4)).first().remove()
    assert promised_day(water, 2, wednesday) == jalali(1406, 1, 4)


def test_the_clock_is_tehrans_whatever_the_time_zone_in_use(water, no_holidays):
    # 11:15 UTC is a quarter to three in Tehran, when the office has closed.
    late = datetime.combine(SATURDAY, time(11, 15), UTC)
    with timezone.override(UTC):
        assert promised_day(water, 1, late) == SATURDAY + timedelta(days=2)
        assert promised_day(water, 1, late - timedelta(hours=1)) == SATURDAY + timedelta(days=1)
        # 21:00 UTC is the next day in Tehran.
        night = datetime.combine(SATURDAY, time(21), UTC)
        assert promised_day(water, 1, night) == SATURDAY + timedelta(days=2)


def test_a_closure_of_one_unit_is_not_anothers(water, roads, no_holidays):
    Closure.objects.create(unit=water, first_day=jalali(1405, 9, 8), last_day=jalali(1405, 9, 9), reason="اسباب‌کشی")
    assert promised_day(water, 1, at(SATURDAY, 10)) == jalali(1405, 9, 10)
    assert promised_day(roads, 1, at(SATURDAY, 10)) == jalali(1405, 9, 8)
    Closure.objects.create(first_day=jalali(1405, 9, 8), last_day=jalali(1405, 9, 8), reason="برف")
    assert promised_day(roads, 1, at(SATURDAY, 10)) == jalali(1405, 9, 9)


def test_ramadan_has_hours_of_its_own_for_its_time(water, no_holidays):
    hours(jalali(1405, 11, 20), time(9), time(12), last_day=jalali(1405, 12, 18))
    # Both are Saturdays: at one o'clock the office is closed in Ramadan only.
    assert promised_day(water, 1, at(jalali(1405, 12, 1), 13)) == jalali(1405, 12, 3)
    assert promised_day(water, 1, at(jalali(1405, 12, 22), 13)) == jalali(1405, 12, 23)


def test_thursday_is_worked_where_the_unit_says_so(water, roads, no_holidays):
    hours(jalali(1405, 1, 1), time(8), time(13), days=6, unit=water)
    wednesday = at(jalali(1405, 9, 11), 10)
    assert promised_day(water, 1, wednesday) == jalali(1405, 9, 12)
    assert promised_day(roads, 1, wednesday) == jalali(1405, 9, 14)


def test_a_unit_that_never_opens_promises_nothing_and_takes_the_letter(leila, water, prompt):
    Closure.objects.create(unit=water, first_day=date(2020, 1, 1), last_day=date(2099, 1, 1), reason="منحل شد")
    assert make_letter(leila, water, service=prompt).promised_on is None


# --- What a letter keeps -------------------------------------------------------------------------------------------


def test_a_letter_keeps_the_day_that_was_promised_when_it_was_sent(leila, water, prompt, never_closed):
    letter = make_letter(leila, water, service=prompt)
    promised = timezone.localdate() + timedelta(days=3)
    assert letter.promised_on == promised
    # Whatever is changed afterwards, of calendar, service or unit, is for letters to come.
    Holiday.objects.create(date=timezone.localdate() + timedelta(days=1), name="تعطیلی تازه")
    prompt.promised_days = 9
    prompt.save_revision().publish()
    WeeklyHours.objects.all().delete()
    letter.refresh_from_db()
    assert letter.promised_on == promised


def test_a_letter_that_is_forwarded_keeps_its_day(leila, water, roads, sara, prompt, never_closed):
    Closure.objects.create(
        unit=roads, first_day=timezone.localdate(), last_day=timezone.localdate() + timedelta(days=30), reason="تعمیر"
    )
    letter = make_letter(leila, water, service=prompt)
    letter.forward(by=sara, to=roads, reason="به آنان مربوط است")
    letter.refresh_from_db()
    assert letter.promised_on == timezone.localdate() + timedelta(days=3)


def test_a_service_without_a_promise_gives_none_and_asks_no_table(leila, water, service):
    with CaptureQueriesContext(connection) as queries:
        letter = make_letter(leila, water, service=service)
    assert letter.promised_on is None
    assert not [query for query in queries if "servicedesk_holiday" in query["sql"]]


def test_an_anonymised_letter_keeps_its_dates(leila, water, sara, prompt):
    letter = make_letter(leila, water, service=prompt)
    promised = letter.promised_on
    letter.answer(by=sara, text="انجام شد.")
    RemovalRecord.anonymise(letter, why=RemovalRecord.Why.RETENTION)
    letter.refresh_from_db()
    assert letter.anonymised_at
    assert letter.promised_on == promised is not None


# --- Who is told -------------------------------------------------------------------------------------------------


def put_off(letter, days):
    """Moves the promised day to so many days from today."""
    Letter.objects.filter(pk=letter.pk).update(due_on=timezone.localdate() + timedelta(days=days))
    letter.refresh_from_db()
    return letter


@pytest.mark.parametrize(("prefix", "words"), [("/", "پاسخ تا"), ("/en/", "Answer by")])
def test_the_citizen_reads_the_day(signed_in, client, leila, water, prompt, prefix, words):
    letter = make_letter(leila, water, service=prompt)
    browser = signed_in(leila)
    pages = [browser.get(f"{prefix}desk/letters/{letter.reference}/{page}") for page in ("", "receipt/")]
    pages.append(client.post(f"{prefix}desk/track/", {"reference": letter.reference, "mobile": leila.mobile}))
    for page in pages:
        text = re.sub(r"<[^>]+>", " ", page.content.decode())
        assert re.search(rf"{words}:?\s+{shown(letter.promised_on, prefix)}", text)


def shown(day, prefix):
    with translation.override("en" if prefix == "/en/" else "fa"):
        return jalali_date(day)


def test_a_late_letter_stays_blue_and_wears_a_red_badge(signed_in, leila, water, sara, prompt, admin_user):
    letter = make_letter(leila, water, service=prompt)
    badge = "دیرکرد"
    pages = [
        (signed_in(leila), "/desk/letters/", badge),
        (signed_in(leila), f"/desk/letters/{letter.reference}/", badge),
        # There the badge is the name of a tab, and the row says by how much.
        (signed_in(sara), "/admin/desk/", "۱ روز دیر"),
        (signed_in(sara), f"/admin/desk/{letter.reference}/", badge),
        # Here it is the name of a number as well.
        (signed_in(sara), "/admin/", "desk-status--late"),
    ]
    # On the day itself it is not late yet.
    put_off(letter, 0)
    for browser, address, mark in pages:
        assert mark not in browser.get(address).content.decode(), address
    put_off(letter, -1)
    for browser, address, mark in pages:
        page = browser.get(address).content.decode()
        assert mark in page, address
        assert "در حال بررسی" in page, address
    letter.answer(by=sara, text="انجام شد.")
    for browser, address, mark in pages:
        assert mark not in browser.get(address).content.decode(), address


@pytest.mark.parametrize("status", Status)
def test_only_a_letter_that_the_organisation_has_to_answer_is_late(make_letter_in, status):
    """Neither one that is finished nor one that waits for its citizen, whose promise rests."""
    letter = put_off(make_letter_in(status), -1)
    assert letter.is_late == (status == Status.IN_REVIEW)
    assert not put_off(letter, 0).is_late


def test_a_letter_from_before_the_promises_is_never_late(leila, water, service):
    assert not make_letter(leila, water, service=service).is_late


def test_the_clerk_reads_the_day_among_the_facts(signed_in, leila, water, sara, prompt):
    letter = make_letter(leila, water, service=prompt)
    page = signed_in(sara).get(f"/admin/desk/{letter.reference}/").content.decode()
    assert "پاسخ تا" in page
    assert jalali_date(letter.promised_on) in page


def test_own_data_holds_the_day(signed_in, leila, water, prompt):
    letter = make_letter(leila, water, service=prompt)
    response = signed_in(leila).post("/desk/my-data/")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    [told] = json.loads(archive.read("data.json"))["letters"]
    assert told["promised_on"] == letter.promised_on.isoformat()
    assert jalali_date(letter.promised_on) in archive.read("index.html").decode()


def test_the_calendar_costs_three_queries_however_much_is_in_it(water):
    for number in range(30):
        day = SATURDAY + timedelta(days=number)
        Holiday.objects.create(date=day, name="تعطیلی")
        Closure.objects.create(unit=water, first_day=day, last_day=day, reason="تعمیر")
        hours(day, time(8), time(14), unit=water)
    with CaptureQueriesContext(connection) as queries:
        promised_day(water, 90, at(SATURDAY, 10))
    assert len(queries) == 3


def test_another_citizens_letters_are_counted_by_their_own_first_unit(water, roads, prompt, never_closed):
    Closure.objects.create(
        unit=roads, first_day=timezone.localdate(), last_day=timezone.localdate() + timedelta(days=9), reason="تعمیر"
    )
    assert make_letter(make_citizen(), water, service=prompt).promised_on == timezone.localdate() + timedelta(days=3)
    assert make_letter(make_citizen(), roads, service=prompt).promised_on == timezone.localdate() + timedelta(days=13)
