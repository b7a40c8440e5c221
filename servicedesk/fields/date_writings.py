"""What a typed date says, before anybody judges it: «۱۴۰۵/۹/۲», «2/9/1405», «14050902», «دوشنبه ۲ آذر ۱۴۰۵»."""

import re
from typing import NamedTuple

from servicedesk import persian

# Dates that people write in forms, births of great-grandparents and ends of long leases, lie in these Jalali years.
# The same years of the Gregorian calendar are told apart from them; any other year is a slip.
JALALI_YEARS = range(1200, 1500)
GREGORIAN_YEARS = range(1822, 2121)

_GREGORIAN_MONTHS = (
    "ژانویه january jan",
    "فوریه february feb",
    "مارس march mar",
    "آوریل آپریل april apr",
    "مه می may",
    "ژوئن جون june jun",
    "ژوئیه جولای july jul",
    "اوت آگوست august aug",
    "سپتامبر september sep",
    "اکتبر october oct",
    "نوامبر november nov",
    "دسامبر december dec",
)
_JALALI_NAMES = {
    persian.fold(name): number for names in (persian.MONTHS, persian.MONTHS_EN) for number, name in enumerate(names, 1)
} | {persian.fold("امرداد"): 5}
_GREGORIAN_NAMES = {
    name: number for number, names in enumerate(_GREGORIAN_MONTHS, 1) for name in persian.fold(names).split()
}
# Words around a date that say nothing more about it.
_FILLING = {
    *(word for day in (*persian.WEEKDAYS, *persian.WEEKDAYS_EN) for word in persian.fold(day).split()),
    *(persian.fold(day).replace(" ", "") for day in persian.WEEKDAYS),
    *persian.fold("یک دو چهار پنج روز ماه سال مورخ تاریخ ام م st nd rd th of").split(),
}
_WORDS = re.compile(r"[0-9]+|[^\W\d_]+")
_BETWEEN = re.compile(r"[\s/\\.,،٫:;؛'’()_\-–—−]*")


def _bare(text):
    """Letters and digits in one form, words with ZWNJ in one piece."""
    return persian.fold(str(text).replace("\u200c", ""))


class Typed(NamedTuple):
    """``year`` as digits, so that one can see how many there are; month and day may be impossible ones."""

    year: str
    month: int
    day: int
    gregorian: bool = False
    # Whether day and month could have changed places, as they do in some countries.
    either_way: bool = False


def taken_apart(text):
    """The ``Typed`` of a text; None where it does not look like a date. A year of one or two digits may be any of the
    three numbers."""
    text = _bare(text)
    if not all(_BETWEEN.fullmatch(between) for between in _WORDS.split(text)):
        return None
    words = [word for word in _WORDS.findall(text) if word not in _FILLING]
    numbers = [word for word in words if word.isdigit()]
    names = [word.removesuffix("ماه") for word in words if not word.isdigit()]
    if len(numbers) == 1 and not names:
        numbers = _cut(numbers[0])
    if max(map(len, numbers), default=0) > 4 or sum(len(number) > 2 for number in numbers) > 1:
        return None
    if not names and len(numbers) == 3:
        return _in_numbers(*numbers)
    if len(names) == 1 and len(numbers) == 2:
        return _with_name(names[0], *sorted(numbers, key=len))
    return None


def _cut(digits):
    """Digits without anything between: year, month and day, or the other way round."""
    if len(digits) == 6:
        return [digits[:2], digits[2:4], digits[4:]]
    if len(digits) != 8:
        return [digits]
    if _is_year(digits[4:]) and not (_is_year(digits[:4]) and int(digits[4:6]) <= 12):
        return [digits[:2], digits[2:4], digits[4:]]
    return [digits[:4], digits[4:6], digits[6:]]


def _in_numbers(first, second, third):
    if len(second) > 2:
        return None
    if len(third) <= 2:
        return Typed(first, int(second), int(third), gregorian=_is_gregorian(first))
    day, month, gregorian = int(first), int(second), _is_gregorian(third)
    if gregorian and month > 12 >= day:
        day, month = month, day
    return Typed(third, month, day, gregorian, either_way=day != month and max(day, month) <= 12)


def _with_name(name, day, year):
    if name in _JALALI_NAMES:
        return Typed(year, _JALALI_NAMES[name], int(day))
    if name in _GREGORIAN_NAMES:
        return Typed(year, _GREGORIAN_NAMES[name], int(day), gregorian=True)
    return None


def _is_year(digits):
    return int(digits) in JALALI_YEARS or _is_gregorian(digits)


def _is_gregorian(year):
    return int(year) in GREGORIAN_YEARS
