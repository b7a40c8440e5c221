"""Digits, letters, numbers, dates and order, against the facts of the design notes."""

import random
import time
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from servicedesk import persian, references


@pytest.mark.parametrize(
    "typed",
    [
        "09123456789",
        "9123456789",
        "989123456789",
        "00989123456789",
        "+98 (0)912 345 6789",
        "0912-345-6789",
        "0912 345 6789",
        "۰۹۱۲۳۴۵۶۷۸۹",
        "٠٩١٢٣٤٥٦٧٨٩",
        "\u200e+98\u200c9123456789\u202c",
        "0912.345.6789",
    ],
)
def test_one_mobile_number_in_all_its_writings(typed):
    assert persian.mobile(typed) == "+989123456789"


@pytest.mark.parametrize("prefix", ["0900", "0906", "0924", "0941", "0997", "0999"])
def test_every_prefix_is_accepted_since_lists_come_late(prefix):
    assert persian.mobile(f"{prefix}1234567"[:11]) == f"+98{prefix[1:]}1234567"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0912345678",
        "091234567890",
        "02188776655",
        "O9123456789",
        "0912345678a",
        "+19123456789",
        "09123456789 ext 1",
    ],
)
def test_what_is_no_mobile_number(typed):
    assert persian.mobile(typed) is None


def test_names_are_tidied_not_changed():
    assert persian.tidy("  عليّ\u200f  كاظمي\t") == "علیّ کاظمی"
    assert persian.tidy("می\u200cروم") == "می\u200cروم"
    assert persian.tidy("\u202eabc\u0000") == "abc"


@pytest.mark.parametrize("marks", ["\u0315\u0327", "\u0f73", "\uff9e\u0327"])
@pytest.mark.parametrize("tidied", [persian.tidy, persian.fold, persian.only_digits, persian.sort_key])
def test_a_letter_with_very_many_marks_does_not_keep_the_process_busy(tidied, marks):
    began = time.process_time()
    assert len(tidied("a" + marks * 40_000)) < 200
    assert time.process_time() - began < 1


def test_the_marks_of_all_scripts_stay():
    for name in ("محمّدٌ", "Nguyễn", "\u05d0\u05b7\u05bc"):
        assert len(persian.tidy(name)) == len(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي", "علی"),
        ("كتاب", "کتاب"),
        ("خانۀ ما", "خانه ما"),
        ("مدرسة", "مدرسه"),
        ("آب", "اب"),
        ("مسؤول", "مسوول"),
        ("۱۴۰۵", "1405"),
        ("می\u200cروم", "می روم"),
        ("سـلام", "سلام"),
        ("مُحَمَّد", "محمد"),
        ("ﺳﻼﻡ", "سلام"),
    ],
)
def test_what_means_the_same_is_found_as_the_same(one, other):
    assert persian.fold(one) == persian.fold(other)


def test_units_are_sorted_as_persian_is():
    ordered = list("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی")
    shuffled = random.Random(5).sample(ordered, len(ordered))
    assert sorted(shuffled, key=persian.sort_key) == ordered


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 23, 9, 35, tzinfo=UTC), "دوشنبه ۲ آذر ۱۴۰۵، ساعت ۱۳:۰۵"),
        # In Tehran it is already Nowruz.
        (datetime(2026, 3, 20, 21, 0, tzinfo=UTC), "شنبه ۱ فروردین ۱۴۰۵، ساعت ۰۰:۳۰"),
        (datetime(2025, 3, 20, 8, 0, tzinfo=UTC), "پنجشنبه ۳۰ اسفند ۱۴۰۳، ساعت ۱۱:۳۰"),
        (datetime(2026, 3, 20, 8, 0, tzinfo=UTC), "جمعه ۲۹ اسفند ۱۴۰۴، ساعت ۱۱:۳۰"),
    ],
)
def test_moments_in_words(moment, words):
    assert persian.jalali_long(moment) == words


def test_dates_in_short_and_in_english():
    assert persian.jalali_short(date(2026, 11, 23)) == "۱۴۰۵/۰۹/۰۲"
    with translation.override("en"):
        assert persian.jalali_long(datetime(2026, 11, 23, 9, 35, tzinfo=UTC)) == "Monday 2 Azar 1405, 13:05"


@pytest.mark.parametrize(
    ("size", "words"),
    [(512, "۵۱۲ بایت"), (655_360, "۶۴۰ کیلوبایت"), (1_048_576, "۱ مگابایت"), (1_572_864, "۱٫۵ مگابایت")],
)
def test_sizes_in_words(size, words):
    assert persian.file_size(size) == words


def test_a_tracking_code_catches_every_single_slip_and_every_swap_of_neighbours():
    for _ in range(50):
        code = references.make()
        assert references.is_valid(code)
        for place in range(10):
            for digit in set("0123456789") - {code[place]}:
                assert not references.is_valid(code[:place] + digit + code[place + 1 :])
        for place in range(9):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert swapped == code or not references.is_valid(swapped)


def test_a_tracking_code_is_read_in_groups():
    assert references.grouped("1234567890") == "123 456 7890"
