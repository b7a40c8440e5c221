"""A Jalali date in any usual writing, and the lists that serve without scripts."""

import random
import re
from datetime import date, datetime

import jdatetime
import pytest
from django import forms
from django.http import QueryDict
from django.utils import timezone, translation

from servicedesk import persian
from servicedesk.fields.jalali_date import JalaliDateField
from tests.servicedesk.fields.tables import own_sentences, refusals, sentence

DAY = date(2026, 11, 23)  # 2 Azar 1405

WRITINGS = [
    "1405/9/2",
    "1405/09/02",
    "۱۴۰۵/۹/۲",
    "١٤٠٥/٠٩/٠٢",
    "۱۴۰۵-۰۹-۰۲",
    "1405.9.2",
    "1405 9 2",
    "۱۴۰۵ / ۹ / ۲",
    "1405\\9\\2",
    "۱۴۰۵،۹،۲",
    "1405_9_2",
    "2/9/1405",
    "۰۲/۰۹/۱۴۰۵",
    "٢-٩-١٤٠٥",
    "14050902",
    "۱۴۰۵۰۹۰۲",
    "02091405",
    "\u200f\u202b۱۴۰۵/۹/۲\u202c",
    "۱۴۰۵\u200c/۹/۲",
    "(1405/9/2)",
    "۲ آذر ۱۴۰۵",
    "٢ آذر ١٤٠٥",
    "2 اذر 1405",
    "۲ آذرماه ۱۴۰۵",
    "۲ آذر\u200cماه سال ۱۴۰۵",
    "۲ام آذر ماه ۱۴۰۵",
    "دوشنبه ۲ آذر ۱۴۰۵",
    "دوشنبه، ۲ آذر ۱۴۰۵",
    "مورخ ۲ آذر ۱۴۰۵",
    "۱۴۰۵ آذر ۲",
    "2 Azar 1405",
    "Azar 2, 1405",
    "Monday 2 AZAR 1405",
    "2-azar-1405",
]


@pytest.mark.parametrize("typed", WRITINGS)
def test_one_day_in_all_its_writings(typed):
    assert JalaliDateField().clean(typed) == DAY


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("۳۰ اسفند ۱۴۰۳", date(2025, 3, 20)),
        ("1403/12/30", date(2025, 3, 20)),
        ("۱ فروردین ۱۴۰۴", date(2025, 3, 21)),
        ("31/6/1405", date(2026, 9, 22)),
        ("سه‌شنبه ۵ امرداد ۱۳۶۱", date(1982, 7, 27)),
        ("چهارشنبه ۴ اردي‌بهشت ۱۳۸۱", date(2002, 4, 24)),
        ("يكشنبه ۵ دي ۱۳۹۵", date(2016, 12, 25)),
        ("1299/1/1", date(1920, 3, 21)),
        ("12091405", date(2026, 12, 3)),
        ("13121405", date(2027, 3, 4)),
    ],
)
def test_other_days(typed, day):
    assert JalaliDateField().clean(typed) == day


def _writings_of(day):
    jalali = jdatetime.date.fromgregorian(date=day)
    year, month, number = jalali.year, jalali.month, jalali.day
    yield f"{year}/{month}/{number}"
    yield f"{number:02d}-{month:02d}-{year}"
    yield f"{year}{month:02d}{number:02d}"
    yield persian.jalali_short(day)
    yield persian.jalali_date(day)
    yield persian.jalali_long(day)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_day_is_read_as_it_is_written(language):
    draw = random.Random(9)
    with translation.override(language):
        for _ in range(1000):
            day = date.fromordinal(draw.randrange(date(1821, 3, 22).toordinal(), date(2121, 3, 20).toordinal()))
            assert {JalaliDateField().clean(typed) for typed in _writings_of(day)} == {day}


LIMITS = {"earliest": date(2024, 3, 20), "latest": DAY}
NO_DATE = "این تاریخ نیست. سال، ماه و روز را بنویسید، مانند ۱۴۰۵/۰۹/۰۲."
SHORT_YEAR = "سال را چهاررقمی بنویسید، مانند ۱۴۰۵/۰۹/۰۲."
GREGORIAN = "این تاریخ میلادی است. تاریخ شمسی آن ۱۴۰۵/۰۹/۰۲ است؛ همین را بنویسید."
UNCLEAR = "این تاریخ میلادی است. آن را به شمسی بنویسید، مانند ۱۴۰۵/۰۹/۰۲."
DATES = [
    ("", "required", "تاریخ را وارد کنید."),
    (" \u200f", "required", "تاریخ را وارد کنید."),
    ("دیروز", "invalid", NO_DATE),
    ("1405/9", "invalid", NO_DATE),
    ("1405", "invalid", NO_DATE),
    ("1405902", "invalid", NO_DATE),
    ("1405/9/2/1", "invalid", NO_DATE),
    ("1405+9+2", "invalid", NO_DATE),
    ("14055/9/2", "invalid", NO_DATE),
    ("9/1405/2", "invalid", NO_DATE),
    ("آذر ۱۴۰۵", "invalid", NO_DATE),
    ("۲ آذز ۱۴۰۵", "invalid", NO_DATE),
    ("۲ آذر دی ۱۴۰۵", "invalid", NO_DATE),
    ("<b>1405/9/2", "invalid", NO_DATE),
    ("१४०५/९/२", "invalid", NO_DATE),
    ("9" * 100_000, "invalid", NO_DATE),
    ("05/9/2", "short_year", SHORT_YEAR),
    ("۲/۹/۰۵", "short_year", SHORT_YEAR),
    ("۰۵۰۹۰۲", "short_year", SHORT_YEAR),
    ("۲ آذر ۰۵", "short_year", SHORT_YEAR),
    ("405/9/2", "short_year", SHORT_YEAR),
    ("1045/9/2", "year", "سال ۱۰۴۵ درست به نظر نمی‌رسد. تاریخ را مانند ۱۴۰۵/۰۹/۰۲ بنویسید."),
    ("۱۵۰۵/۹/۲", "year", "سال ۱۵۰۵ درست به نظر نمی‌رسد. تاریخ را مانند ۱۴۰۵/۰۹/۰۲ بنویسید."),
    ("0405/9/2", "year", "سال ۰۴۰۵ درست به نظر نمی‌رسد. تاریخ را مانند ۱۴۰۵/۰۹/۰۲ بنویسید."),
    ("۲ آذر ۲۰۲۶", "year", "سال ۲۰۲۶ درست به نظر نمی‌رسد. تاریخ را مانند ۱۴۰۵/۰۹/۰۲ بنویسید."),
    ("9999/9/2", "year", "سال ۹۹۹۹ درست به نظر نمی‌رسد. تاریخ را مانند ۱۴۰۵/۰۹/۰۲ بنویسید."),
    ("1405/13/2", "month", "سال ۱۲ ماه دارد؛ ماه ۱۳ نداریم."),
    ("۱۴۰۵/۰/۲", "month", "سال ۱۲ ماه دارد؛ ماه ۰ نداریم."),
    ("1404/12/30", "day", "اسفند ۱۴۰۴ ۲۹ روز دارد و روز ۳۰ ندارد."),
    ("۳۰ اسفند ۱۴۰۴", "day", "اسفند ۱۴۰۴ ۲۹ روز دارد و روز ۳۰ ندارد."),
    ("١٤٠٣/١٢/٣١", "day", "اسفند ۱۴۰۳ ۳۰ روز دارد و روز ۳۱ ندارد."),
    ("1405/7/31", "day", "مهر ۱۴۰۵ ۳۰ روز دارد و روز ۳۱ ندارد."),
    ("1405/1/32", "day", "فروردین ۱۴۰۵ ۳۱ روز دارد و روز ۳۲ ندارد."),
    ("1405/1/0", "day", "فروردین ۱۴۰۵ ۳۱ روز دارد و روز ۰ ندارد."),
    ("2026/11/23", "gregorian", GREGORIAN),
    ("۲۰۲۶-۱۱-۲۳", "gregorian", GREGORIAN),
    ("23.11.2026", "gregorian", GREGORIAN),
    ("11/23/2026", "gregorian", GREGORIAN),
    ("20261123", "gregorian", GREGORIAN),
    ("23112026", "gregorian", GREGORIAN),
    ("23 November 2026", "gregorian", GREGORIAN),
    ("Nov 23rd, 2026", "gregorian", GREGORIAN),
    ("۲۳ نوامبر ۲۰۲۶", "gregorian", GREGORIAN),
    ("2/9/2026", "gregorian_unclear", UNCLEAR),
    ("2026/2/30", "gregorian_unclear", UNCLEAR),
    ("23 November 1405", "gregorian_unclear", UNCLEAR),
    ("1402/12/28", "earliest", "تاریخی وارد کنید که پیش از ۱ فروردین ۱۴۰۳ نباشد."),
    ("۳ آذر ۱۴۰۵", "latest", "تاریخی وارد کنید که پس از ۲ آذر ۱۴۰۵ نباشد."),
]


@pytest.mark.parametrize(("typed", "code", "said"), DATES)
def test_a_date_that_does_not_do(typed, code, said):
    (error,) = refusals(JalaliDateField(**LIMITS), typed)
    assert (error.code, sentence(error)) == (code, said)


def test_each_refusal_of_a_date_has_its_own_sentence():
    own_sentences(JalaliDateField, [*(code for _typed, code, _said in DATES), "incomplete"])


def test_the_limits_themselves_are_taken():
    field = JalaliDateField(**LIMITS)
    assert [field.clean("1403/1/1"), field.clean("1405/9/2")] == [LIMITS["earliest"], LIMITS["latest"]]


def test_the_example_is_a_date_that_would_be_taken():
    for limits in ({}, LIMITS, {"earliest": date(2040, 1, 1)}, {"latest": date(1990, 1, 1)}):
        field = JalaliDateField(**limits)
        example = re.search(r"[۰-۹]{4}/[۰-۹]{2}/[۰-۹]{2}", str(field.help_text)).group()
        assert field.clean(example)
    assert JalaliDateField(help_text="روز حادثه").help_text == "روز حادثه"


def test_a_date_that_may_be_left_out():
    field = JalaliDateField(required=False, **LIMITS)
    assert field.clean("") is field.clean(None) is field.clean(" \u200f") is None
    assert refusals(field, "x")[0].code == "invalid"


def test_a_date_that_is_one_already():
    assert JalaliDateField().clean(DAY) == DAY
    assert JalaliDateField().clean(datetime(2026, 11, 23, 13, 5)) == DAY


class Days(forms.Form):
    day = JalaliDateField(**LIMITS)
    birthday = JalaliDateField(required=False)


def sent(**values):
    data = QueryDict(mutable=True)
    data.update({name.replace("_", "-"): value for name, value in values.items()})
    return Days(data)


@pytest.mark.parametrize(("day", "month", "year"), [("2", "9", "1405"), ("۲", "9", "۱۴۰۵"), ("٢", "٩", "١٤٠٥")])
def test_the_lists_count_while_the_box_is_empty(day, month, year):
    form = sent(day=" ", day_day=day, day_month=month, day_year=year)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"day": DAY, "birthday": None}


def test_the_box_counts_before_the_lists():
    form = sent(day="1405/9/1", day_day="2", day_month="9", day_year="1405")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2026, 11, 22)


@pytest.mark.parametrize("chosen", [{"day_day": "2"}, {"day_month": "9", "day_year": "1405"}])
def test_half_a_choice_is_no_date(chosen):
    form = sent(**chosen)
    (error,) = form.errors.as_data()["day"]
    assert (error.code, sentence(error)) == ("incomplete", "روز، ماه و سال، هر سه را انتخاب کنید.")


def test_what_was_chosen_stays_in_the_lists_and_counts_again():
    """Were it put into the box, that would count before the lists when they are mended."""
    html = str(sent(day_day="۳۰", day_month="12", day_year="۱۴۰۴")["day"])
    assert re.search('name="day"[^>]* value=""', html) or "value" not in re.search("<input[^>]*>", html).group()
    assert re.findall(r'<option(?: value="[0-9]+")? selected>([^<]*)', html) == ["۳۰", "اسفند", "۱۴۰۴"]
    assert "<details" in html
    assert " open>" in html


def test_what_was_typed_stays_in_the_box_alone():
    html = str(sent(day="دوم آذر", day_day="3")["day"])
    assert 'value="دوم آذر"' in html
    assert "selected" not in html
    assert " open>" not in html


def test_a_kept_date_is_written_for_people():
    assert 'value="۱۴۰۵/۰۹/۰۲"' in str(Days(initial={"day": DAY})["day"])
    with translation.override("en"):
        assert 'value="1405/09/02"' in str(Days(initial={"day": DAY})["day"])


def years_of(field):
    return [int(year) for year in field.widget.years]


def test_the_years_are_those_of_the_limits():
    this = persian.jalali(timezone.localdate()).year
    assert years_of(JalaliDateField(**LIMITS)) == [1405, 1404, 1403]
    assert years_of(JalaliDateField(latest=timezone.localdate())) == list(range(this, this - 101, -1))
    assert years_of(JalaliDateField(earliest=timezone.localdate())) == list(range(this, this + 11))
    assert years_of(JalaliDateField()) == list(range(this + 10, this - 101, -1))


def test_the_lists_speak_the_language_of_the_page():
    html = str(Days()["day"])
    assert [label in html for label in ("روز<select", "ماه<select", "سال<select", ">آذر</option>", ">۳۱</option>")] == [
        True
    ] * 5
    with translation.override("en"):
        html = str(Days()["day"])
        assert all(text in html for text in ("Day<select", "Month<select", ">Azar</option>", ">31</option>"))


def test_the_box_asks_for_digits_and_nothing_is_demanded_by_the_browser():
    html = str(Days()["day"])
    box = re.search("<input[^>]*>", html).group()
    assert all(part in box for part in ('inputmode="numeric"', 'dir="ltr"', 'autocomplete="off"'))
    assert "required" not in html
    assert "style=" not in html
    assert "<script" not in html
