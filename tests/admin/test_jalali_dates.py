"""Jalali dates in the admin: what Wagtail shows, and what is typed into its own date inputs."""

from datetime import UTC, date, datetime, timedelta

import jdatetime
import pytest
from django.template import Context, Template
from django.utils import formats, translation
from playwright.sync_api import expect
from wagtail.utils.timestamps import render_timestamp

from home.models import ContentPage, HomePage
from servicedesk.models import User
from servicedesk.staff.jalali_inputs import gregorian

# Half past one in Tehran.
MOMENT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
on_a_running_site = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("DATE_FORMAT", "۴ آذر ۱۴۰۵"),
        ("DATETIME_FORMAT", "۴ آذر ۱۴۰۵، ساعت ۱۳:۳۰"),
        ("SHORT_DATE_FORMAT", "۱۴۰۵/۰۹/۰۴"),
        ("SHORT_DATETIME_FORMAT", "۱۴۰۵/۰۹/۰۴، ۱۳:۳۰"),
        ("YEAR_MONTH_FORMAT", "آذر ۱۴۰۵"),
        ("MONTH_DAY_FORMAT", "۴ آذر"),
    ],
)
def test_a_named_format_is_jalali_in_persian(name, written):
    assert Template(f"{{{{ moment|date:'{name}' }}}}").render(Context({"moment": MOMENT})) == written


def test_what_machines_read_stays_gregorian():
    template = Template("{{ moment|date:'Y-m-d' }} {{ moment|date:'c' }}")
    assert template.render(Context({"moment": MOMENT})) == "2026-11-25 2026-11-25T13:30:00+03:30"


def test_a_date_without_a_time_has_none():
    assert formats.date_format(date(2026, 11, 25), "DATETIME_FORMAT") == "۴ آذر ۱۴۰۵"
    assert formats.localize(date(2026, 11, 25)) == "۴ آذر ۱۴۰۵"


def test_wagtails_messages_are_jalali_in_persian_only():
    assert render_timestamp(MOMENT) == "۴ آذر ۱۴۰۵، ساعت ۱۳:۳۰"
    with translation.override("en"):
        assert render_timestamp(MOMENT) == "Nov. 25, 2026, 1:30 p.m."


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("۱۴۰۵/۰۹/۰۴", "2026-11-25"),
        ("1405/9/4", "2026-11-25"),
        ("1405-09-04 13:05", "2026-11-25 13:05"),
        ("١٤٠٥/٩/٤، ۱۳:۰۵", "2026-11-25 13:05"),
        ("1403/12/30", "2025-03-20"),
        ("2026-11-25", "2026-11-25"),
        ("۲۰۲۶/۱۱/۲۵", "2026-11-25"),
        ("", ""),
        ("فردا", "فردا"),
        (None, None),
    ],
)
def test_a_typed_date_is_read_in_either_calendar(typed, read):
    assert gregorian(typed) == read


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["1404-12-30", "1405/13/01", "0999-01-01"])
def test_a_day_that_does_not_exist_is_refused(typed, admin_user, signed_in):
    """1404 has no thirtieth of Esfand; it must not become a day of the Gregorian year 1404."""
    page = HomePage.objects.first().add_child(instance=ContentPage(title="صفحه", slug="page"))
    answer = signed_in(admin_user).post(f"/admin/pages/{page.pk}/edit/", fields_of(page) | {"go_live_at": typed})
    assert answer.status_code == 200
    assert answer.context["form"].errors["go_live_at"]


@pytest.mark.django_db
def test_the_server_takes_a_jalali_schedule(admin_user, signed_in):
    page = HomePage.objects.first().add_child(instance=ContentPage(title="صفحه", slug="page"))
    far = fields_of(page) | {"go_live_at": "۱۴۴۹/۰۹/۰۴ ۱۳:۳۰"}
    answer = signed_in(admin_user).post(f"/admin/pages/{page.pk}/edit/", far)
    assert answer.status_code in (302, 303), answer.context["form"].errors
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().go_live_at == datetime(2070, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_report_is_filtered_by_a_jalali_day(admin_user, signed_in):
    answer = signed_in(admin_user).get("/admin/reports/site-history/", {"timestamp_from": "1405/9/4"})
    filters = answer.context["filters"]
    assert filters.form.cleaned_data["timestamp"].start.date() == date(2026, 11, 25)
    assert "۴ آذر ۱۴۰۵" in answer.content.decode(), "the filter in use is named in the Persian calendar"


def fields_of(page):
    """What the editor of a content page sends, unchanged."""
    return {"title": page.title, "slug": page.slug, "body-count": "0", "comments-TOTAL_FORMS": "0"} | {
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }


@pytest.fixture
def schedule(town, window, watch):
    """The form of a page's schedule, open."""
    page = window(User.objects.get(username="editor"))
    content = ContentPage.objects.get(slug="copied", locale__language_code="fa")
    page.goto(f"/admin/pages/{content.pk}/edit/")
    page.locator("[data-side-panel-toggle=status]").click()
    page.locator("button[data-a11y-dialog-show=schedule-publishing-dialog]").first.click()
    yield page
    assert watch.wrong == []


@on_a_running_site
@pytest.mark.needs("chromium")
def test_an_editor_types_dates_in_either_calendar(schedule):
    start, hint = schedule.locator("#id_go_live_at"), schedule.locator("#id_go_live_at-jalali")
    # An empty input says that it takes a Jalali date; then the Jalali day follows what is typed.
    expect(hint).to_have_text("تاریخ شمسی هم پذیرفته است، مانند ۱۴۰۵/۰۹/۰۴")
    start.fill("2026-11-25 13:05")
    expect(hint).to_have_text("۴ آذر ۱۴۰۵")
    start.fill("2026-11-2")
    expect(hint).to_have_text("۱۱ آبان ۱۴۰۵")
    start.fill("2026-11-")
    expect(hint).to_be_empty()
    # A Jalali date becomes Gregorian when one leaves.
    start.fill("")
    start.press_sequentially("۱۴۴۹/۰۹/۰۴ ۱۳:۰۵")
    expect(hint).to_have_text("۴ آذر ۱۴۴۹")
    # Not by going to the other input: its calendar would open, and lie over this one's.
    start.blur()
    expect(start).to_have_value("2070-11-24 13:05")
    # Wagtail's calendar still writes the date.
    start.fill("2070-11-01 10:00")
    start.blur()
    start.click()
    calendar = schedule.locator(".xdsoft_datetimepicker:visible")
    expect(calendar.locator(".xdsoft_label.xdsoft_month")).to_contain_text("نوامبر")
    calendar.locator("td[data-date='24'][data-month='10'][data-year='2070']").click()
    expect(start).to_have_value("2070-11-24 10:00")
    expect(hint).to_have_text("۴ آذر ۱۴۴۹")
    days_are_counted_like_jdatetime(schedule)
    assert schedule.evaluate("deskDates.toGregorian(1404, 12, 30)") is None
    assert schedule.evaluate("deskDates.toJalali(2026, 2, 29)") is None


@on_a_running_site
@pytest.mark.needs("chromium")
def test_no_calendar_opens_behind_who_has_left_its_input(schedule):
    start = schedule.locator("#id_go_live_at")
    start.focus()
    start.blur()
    schedule.wait_for_timeout(300)  # Wagtail's calendar opens a tenth of a second after the focus comes.
    expect(schedule.locator(".xdsoft_datetimepicker:visible")).to_have_count(0)


def days_are_counted_like_jdatetime(page):
    """Every day of two hundred years, forth and back, leap years among them."""
    first, last = jdatetime.date(1290, 1, 1).togregorian(), jdatetime.date(1490, 1, 1).togregorian()
    days = [first + timedelta(days=number) for number in range((last - first).days)]
    counted = page.evaluate(
        """days => days.map(([y, m, d]) => {
            const jalali = deskDates.toJalali(y, m, d);
            return [jalali, deskDates.toGregorian(...jalali)];
        })""",
        [[day.year, day.month, day.day] for day in days],
    )
    for day, (jalali, back) in zip(days, counted, strict=True):
        expected = jdatetime.date.fromgregorian(date=day)
        assert jalali == [expected.year, expected.month, expected.day]
        assert back == [day.year, day.month, day.day]
