"""The working calendar in the admin: who keeps it, what is typed, and what the official list does to it afterwards."""

import re
from datetime import date, time, timedelta

import jdatetime
import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.utils import timezone

from config.celery import app
from servicedesk import tasks
from servicedesk.holiday_seeding import fill_holidays
from servicedesk.models import Closure, Holiday, WeeklyHours
from servicedesk.models.weekly_hours import CLOCKS
from servicedesk.official_holidays import OfficialDay, official_days
from servicedesk.persian import persian_digits
from tests.servicedesk.staff.conftest import page_of

pytestmark = pytest.mark.django_db

HOLIDAYS, HOURS, CLOSURES = "/admin/holidays/", "/admin/weekly-hours/", "/admin/closures/"
YEAR = jdatetime.date.today().year


def jalali(year, month, day):
    return jdatetime.date(year, month, day).togregorian()


@pytest.fixture
def keeper(editor):
    """Somebody who may change the settings of the desk, and nothing else."""
    editor.user_permissions.add(Permission.objects.get(codename="change_desksettings"))
    return editor


@pytest.fixture
def browser(signed_in, keeper):
    return signed_in(keeper)


def week(**changes):
    """The form of weekly hours as a browser sends it: open from eight to two, Saturday to Wednesday."""
    clocks = {name: ("8:00" if name.endswith("opens") else "14:00") for name in CLOCKS[:10]}
    return {
        "unit": "",
        "first_day": "1405/01/01",
        "last_day": "",
        **dict.fromkeys(CLOCKS[10:], ""),
        **clocks,
        **changes,
    }


# --- Who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [HOLIDAYS, HOURS, CLOSURES])
@pytest.mark.parametrize("page", ["", "new/"])
def test_who_may_change_the_desks_settings_keeps_the_calendar(signed_in, editor, sara, keeper, address, page):
    assert signed_in(keeper).get(address + page).status_code == 200
    assert signed_in(sara).get(address + page).status_code == 302


def test_the_menu_shows_it_to_them_only(signed_in, keeper, sara):
    assert HOLIDAYS in signed_in(keeper).get("/admin/").content.decode()
    assert HOLIDAYS not in signed_in(sara).get("/admin/").content.decode()


def test_who_may_not_keep_it_changes_nothing(signed_in, sara):
    holiday = Holiday.objects.first()
    browser = signed_in(sara)
    browser.post(f"{HOLIDAYS}delete/{holiday.pk}/")
    browser.post(f"{HOLIDAYS}edit/{holiday.pk}/", {"date": "1405/09/04", "name": "دیگر"})
    browser.post(f"{CLOSURES}new/", {"unit": "", "first_day": "1405/09/04", "last_day": "1405/09/04", "reason": "برف"})
    assert Holiday.objects.get(pk=holiday.pk).name == holiday.name
    assert not Closure.objects.exists()


# --- Holidays --------------------------------------------------------------------------------------------------------


def test_the_list_shows_a_jalali_year_at_a_time(browser):
    page = page_of(browser.get(HOLIDAYS))
    assert persian_digits(f"۲۲ بهمن {YEAR}") in page
    assert persian_digits(YEAR + 1) + " " not in page.partition("پیروزی انقلاب اسلامی")[2]
    following = page_of(browser.get(f"{HOLIDAYS}?year={YEAR + 1}"))
    for name in ("جشن نوروز", "تخمینی", "فهرست رسمی"):
        assert name in following
    # Years that the table does not have, or no years at all, show this one.
    for wrong in ("1399", "x", "۱۴۰۰۰۰"):
        assert page_of(browser.get(f"{HOLIDAYS}?year={wrong}")).count("نوروز") == page.count("نوروز")


def test_a_holiday_is_added_with_a_jalali_date(browser):
    data = {"date": "۱۴۰۵/۰۹/۱۵", "name": "سوگواری شهر"}
    assert browser.post(f"{HOLIDAYS}new/", data).status_code == 303
    added = Holiday.objects.get(name="سوگواری شهر")
    assert (added.date, added.source, added.is_estimated) == (jalali(1405, 9, 15), "by-hand", False)
    again = browser.post(f"{HOLIDAYS}new/", data)
    assert "این تعطیلی در فهرست هست" in page_of(again)
    assert Holiday.objects.filter(name="سوگواری شهر").count() == 1


def test_what_a_person_changed_or_removed_stays_so(browser):
    changed, removed = Holiday.objects.filter(is_estimated=True)[:2]
    moved_to = changed.date + timedelta(days=1)
    shown = jdatetime.date.fromgregorian(date=moved_to)
    data = {"date": f"{shown.year}/{shown.month}/{shown.day}", "name": changed.name}
    assert browser.post(f"{HOLIDAYS}edit/{changed.pk}/", data).status_code == 303
    assert browser.post(f"{HOLIDAYS}delete/{removed.pk}/").status_code == 303
    assert browser.get(f"{HOLIDAYS}edit/{removed.pk}/").status_code == 404
    before = list(Holiday.objects.values_list("date", "name", "source"))
    call_command("seed_holidays")
    assert list(Holiday.objects.values_list("date", "name", "source")) == before
    assert (moved_to, changed.name, "by-hand") in before
    assert removed.pk not in Holiday.objects.values_list("pk", flat=True)


def test_one_of_ones_own_is_really_deleted(browser):
    own = Holiday.objects.create(date=jalali(1405, 9, 15), name="سوگواری شهر")
    browser.post(f"{HOLIDAYS}delete/{own.pk}/")
    assert not Holiday.with_removed.filter(pk=own.pk).exists()


def test_saving_without_a_change_leaves_it_to_the_list(browser):
    holiday = Holiday.objects.filter(is_estimated=False).first()
    shown = jdatetime.date.fromgregorian(date=holiday.date)
    data = {"date": f"{shown.year}/{shown.month}/{shown.day}", "name": holiday.name}
    assert browser.post(f"{HOLIDAYS}edit/{holiday.pk}/", data).status_code == 303
    assert Holiday.objects.get(pk=holiday.pk).source == "seeded"


# --- The official list -----------------------------------------------------------------------------------------------


@pytest.fixture
def filled_from(db):
    """``filled_from(*days)``: fills an empty table from these days, as another release of the package may have them."""
    Holiday.with_removed.all().delete()

    def fill(*days):
        return fill_holidays(official=lambda year: [day for day in days if jalali_year(day.date) == year])

    return fill


def jalali_year(day):
    return jdatetime.date.fromgregorian(date=day).year


FITR = "عید سعید فطر"


def fitr(day, *, is_estimated):
    return OfficialDay(day, FITR, is_estimated)


def test_the_holidays_of_1405_are_26_days_with_those_of_the_moon():
    days = official_days(1405)
    assert len({day.date for day in days}) == 26
    by_title = {day.title: day for day in days if day.date > jalali(1405, 2, 1)}
    assert by_title["قیام ۱۵ خرداد"].date == jalali(1405, 3, 15)
    assert by_title["عاشورای حسینی"].date == jalali(1405, 4, 4)
    assert not by_title["عاشورای حسینی"].is_estimated
    assert {day.title for day in days if day.date == jalali(1405, 1, 1)} == {"جشن نوروز", "عید سعید فطر"}
    # The moon brings this one twice into the year.
    assert sum(day.title == "عید سعید فطر" for day in days) == 2
    assert not any(day.is_estimated for day in days if day.name in ("جشن نوروز", "روز طبیعت"))
    assert all(day.is_estimated for day in official_days(1415) if day.name == FITR)


def test_a_year_begins_where_the_jalali_calendar_says():
    for year in range(1400, 1421):
        first = next(day for day in official_days(year) if "نوروز" in day.name)
        assert first.date == jalali(year, 1, 1)
        assert all(jdatetime.date.fromgregorian(date=day.date).year == year for day in official_days(year))


def test_filling_adds_this_year_and_the_next_and_then_nothing():
    Holiday.with_removed.all().delete()
    today = jalali(1406, 12, 29)
    assert fill_holidays(today).added == len(official_days(1406)) + len(official_days(1407))
    again = fill_holidays(today)
    assert (again.added, again.changed) == (0, 0)
    assert fill_holidays(today + timedelta(days=1)).added == len(official_days(1408))


def test_an_estimated_day_follows_the_list_when_it_becomes_sure(filled_from):
    filled_from(fitr(jalali(YEAR, 12, 19), is_estimated=True))
    sure = fitr(jalali(YEAR, 12, 20), is_estimated=False)
    assert filled_from(sure).changed == 1
    [holiday] = Holiday.objects.all()
    assert (holiday.date, holiday.is_estimated) == (jalali(YEAR, 12, 20), False)
    assert filled_from(sure).changed == 0


def test_the_list_moves_nothing_that_a_person_has_moved_or_removed(filled_from):
    filled_from(fitr(jalali(YEAR, 12, 19), is_estimated=True), OfficialDay(jalali(YEAR, 12, 20), "تعطیل", True))
    moved, removed = Holiday.objects.all()
    Holiday.objects.filter(pk=moved.pk).update(date=jalali(YEAR, 12, 21), source=Holiday.Source.BY_HAND)
    removed.remove()
    sure = fitr(jalali(YEAR, 12, 20), is_estimated=False), OfficialDay(jalali(YEAR, 12, 21), "تعطیل", False)
    assert filled_from(*sure).added == 0
    assert Holiday.objects.get().date == jalali(YEAR, 12, 21)


def test_neighbours_of_one_name_are_not_taken_for_each_other(filled_from):
    days = [OfficialDay(jalali(YEAR + 1, 1, number), "عیدنوروز", False) for number in (2, 3, 4)]
    filled_from(*days)
    Holiday.objects.get(date=days[1].date).remove()
    assert filled_from(*days).added == 0
    assert [holiday.date for holiday in Holiday.objects.all()] == [days[0].date, days[2].date]
    # Where the list has one more day of that name, the others stay where they are.
    assert filled_from(*days, OfficialDay(jalali(YEAR + 1, 1, 5), "عیدنوروز", False)).added == 1
    assert [holiday.date for holiday in Holiday.objects.all()] == [days[0].date, days[2].date, jalali(YEAR + 1, 1, 5)]


def test_a_day_that_a_person_wrote_down_first_is_not_there_twice(filled_from):
    Holiday.objects.create(date=jalali(YEAR, 12, 20), name=FITR)
    sure = fitr(jalali(YEAR, 12, 20), is_estimated=False)
    assert filled_from(sure).added == 0
    Holiday.objects.get().remove()
    filled_from(sure)
    assert not Holiday.objects.exists()


def test_the_timetable_fills_the_calendar():
    entry = app.conf.beat_schedule["fill the calendar"]
    assert entry["task"] == tasks.fill_the_calendar.name
    Holiday.with_removed.all().delete()
    tasks.fill_the_calendar()
    assert {jalali_year(day) for day in Holiday.objects.values_list("date", flat=True)} == {YEAR, YEAR + 1}


# --- Weekly hours ----------------------------------------------------------------------------------------------------


def test_hours_are_typed_in_any_usual_way(browser, water):
    data = week(
        unit=water.pk,
        saturday_opens="۷",
        saturday_closes="۱۴.۳۰",
        sunday_opens="0730",
        sunday_closes=" ٢١:٠٥ ",
        thursday_opens="8",
        thursday_closes="۱۲",
    )
    assert browser.post(f"{HOURS}new/", data).status_code == 303
    hours = WeeklyHours.objects.get(unit=water)
    assert hours.first_day == jalali(1405, 1, 1)
    told = [(day.opens, day.closes) if day else None for day in hours.days]
    eight_to_two = (time(8), time(14))
    assert told == [
        (time(7), time(14, 30)),
        (time(7, 30), time(21, 5)),
        *[eight_to_two] * 3,
        (time(8), time(12)),
        None,
    ]
    page = page_of(browser.get(HOURS))
    assert "شنبه ۷:۰۰ تا ۱۴:۳۰" in page
    assert "دوشنبه تا چهارشنبه ۸:۰۰ تا ۱۴:۰۰" in page
    # What was typed comes back to be changed.
    assert 'value="۲۱:۰۵"' in browser.get(f"{HOURS}edit/{hours.pk}/").content.decode()


def test_a_new_form_begins_with_the_usual_week(browser):
    page = browser.get(f"{HOURS}new/").content.decode()
    assert page.count('value="۷:۳۰"') == page.count('value="۱۴:۳۰"') == 5


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"saturday_opens": "14:00", "saturday_closes": "8:00"}, "ساعت آغاز باید پیش از ساعت پایان باشد"),
        ({"saturday_closes": ""}, "هر دو خانه را پر کنید"),
        ({"saturday_opens": "صبح"}, "ساعت را مانند ۷:۳۰ بنویسید"),
        ({"saturday_opens": "25:00"}, "ساعت را مانند ۷:۳۰ بنویسید"),
        (dict.fromkeys(CLOCKS, ""), "دست‌کم یک روز هفته"),
        ({"last_day": "1404/12/01"}, "واپسین روز پیش از نخستین روز است"),
        ({"first_day": "1400/01/01"}, "برای این تاریخ ساعت کار ثبت شده است"),
    ],
)
def test_hours_that_cannot_be_are_refused_in_words(browser, changes, sentence):
    before = WeeklyHours.objects.count()
    response = browser.post(f"{HOURS}new/", week(**changes))
    assert sentence in page_of(response)
    assert WeeklyHours.objects.count() == before


def test_the_list_says_which_hours_hold_today(browser, water):
    today = timezone.localdate()
    WeeklyHours.objects.all().delete()
    for first, last, unit in (
        (-90, None, None),
        (-60, -50, None),
        (-30, None, None),
        (20, None, None),
        (-80, None, water),
        (-70, 5, water),
    ):
        day = today + timedelta(days=first)
        WeeklyHours.objects.create(first_day=day, last_day=last and today + timedelta(days=last), unit=unit)
    page = browser.get(HOURS).content.decode()
    told = re.findall(r"<td[^>]*>\s*(اکنون|هنوز نه|دیگر نه)\s*</td>", page)
    # The latest comes first.
    assert told == ["هنوز نه", "اکنون", "دیگر نه", "اکنون", "دیگر نه", "دیگر نه"]


def test_another_unit_may_have_hours_from_the_same_day(browser, water, roads):
    for unit in ("", water.pk, roads.pk):
        assert browser.post(f"{HOURS}new/", week(unit=unit)).status_code == 303
    assert WeeklyHours.objects.filter(first_day=jalali(1405, 1, 1)).count() == 3


# --- Closures --------------------------------------------------------------------------------------------------------


def test_a_closure_is_written_down_for_a_unit_or_for_all(browser, water):
    data = {"unit": water.pk, "first_day": "1405/09/08", "last_day": "1405/09/09", "reason": "اسباب‌کشی"}
    assert browser.post(f"{CLOSURES}new/", data).status_code == 303
    assert browser.post(f"{CLOSURES}new/", {**data, "unit": "", "reason": "برف"}).status_code == 303
    assert list(Closure.objects.order_by("pk").values_list("unit", "first_day", "last_day")) == [
        (water.pk, jalali(1405, 9, 8), jalali(1405, 9, 9)),
        (None, jalali(1405, 9, 8), jalali(1405, 9, 9)),
    ]
    page = page_of(browser.get(CLOSURES))
    assert "همهٔ سازمان" in page
    assert water.name in page
    backwards = browser.post(f"{CLOSURES}new/", {**data, "last_day": "1405/09/07"})
    assert "واپسین روز پیش از نخستین روز است" in page_of(backwards)


def test_a_unit_without_letters_goes_with_its_closures(signed_in, admin_user, roads):
    Closure.objects.create(unit=roads, first_day=date(2026, 11, 28), last_day=date(2026, 11, 29), reason="اسباب‌کشی")
    signed_in(admin_user).post(f"/admin/units/delete/{roads.pk}/")
    assert not Closure.objects.exists()
