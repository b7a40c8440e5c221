"""Persian letters, digits, mobile numbers, dates and order, without dependencies on the rest of the desk.

The facts stand in the design notes on Iran; each function says what it takes and gives.
"""

import re
import unicodedata
from decimal import Decimal

import jdatetime
import phonenumbers
from django.utils import timezone, translation
from django.utils.translation import gettext as _

PERSIAN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"
_TO_ASCII = {ord(digit): str(value) for script in (PERSIAN_DIGITS, "٠١٢٣٤٥٦٧٨٩") for value, digit in enumerate(script)}
_TO_PERSIAN = {ord(str(value)): digit for value, digit in enumerate(PERSIAN_DIGITS)}
_LETTERS = {
    **dict.fromkeys(map(ord, "يىئ"), "ی"),
    ord("ك"): "ک",
    **dict.fromkeys(map(ord, "ةۀ"), "ه"),
    **dict.fromkeys(map(ord, "أإٱآ"), "ا"),
    ord("ؤ"): "و",
}
# More marks on one letter than any script writes (Unicode's own bound for streams).
_MOST_MARKS = 30
# Marks that carry no meaning for comparison: tatweel, vowel signs, hamza above, ZWNJ, bidi marks, BOM.
_MARKS = dict.fromkeys(
    [0x0640, 0x0670, 0x0654, *range(0x064B, 0x0653), 0x00AD, 0x061C, 0xFEFF]
    + [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_ALPHABET = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_RANK = {letter: chr(0x4E00 + rank) for rank, letter in enumerate(_ALPHABET)}

MONTHS = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
# jdatetime counts the days of the week from Saturday.
WEEKDAYS = ("شنبه", "یکشنبه", "دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه")


def ascii_digits(text):
    """Persian and Arabic digits as 0–9; everything else stays."""
    return str(text).translate(_TO_ASCII)


def persian_digits(text):
    """0–9 as Persian digits; everything else stays."""
    return str(text).translate(_TO_PERSIAN)


def in_language(text):
    """The text with the digits of the language in use."""
    return persian_digits(text) if translation.get_language() == "fa" else ascii_digits(text)


def listed(words):
    """Several words in one line, with the comma of the language in use."""
    return ("، " if translation.get_language() == "fa" else ", ").join(words)


def left_to_right(text):
    """The text isolated from what stands around it: digits and their groups change places inside Persian text."""
    return f"\u2066{text}\u2069"


def _normalized(form, text):
    """The text in a Unicode normal form, without the marks that a letter has beyond thirty: Python sorts the marks of
    one letter in quadratic time, so a small request could keep the whole process busy for many seconds."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for char in text:
        # Some marks, and some letters, only turn out to be marks when they are taken apart.
        marks = marks + 1 if unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return unicodedata.normalize(form, "".join(kept))


def only_digits(text):
    """What a person meant by a number typed in any script, with spaces, hyphens and invisible marks."""
    text = _normalized("NFKC", ascii_digits(text)).translate(_MARKS)
    return re.sub(r"[\s\-–—_.()/]+", "", text)


def tidy(text):
    """A person's typed line: Arabic ي and ك as Persian ones, NFC, no bidi marks or control characters,
    single spaces. ZWNJ and all other letters stay, since this is what is kept."""
    text = _normalized("NFC", str(text)).translate({ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک"})
    kept = "".join(
        " " if char.isspace() else char
        for char in text
        if char == "\u200c" or char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return re.sub(r" +", " ", kept).strip(" \u200c")


def tidy_text(text):
    """Like ``tidy`` for several lines: line ends are kept, at most one empty line in a row."""
    lines = "\n".join(tidy(line) for line in str(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def fold(text):
    """The text for searching, never for keeping: one form for letters, digits, presentation forms and
    marks; words joined by ZWNJ are split, so that «می‌روم» and «می روم» meet."""
    text = _normalized("NFKC", str(text).replace("\u200c", " "))
    return re.sub(r"\s+", " ", text.translate(_MARKS).translate(_LETTERS).translate(_TO_ASCII).casefold()).strip()


def quickly_folded(text):
    """The text with one form for most letters and digits, each in its place: for a quick look into a long text."""
    text = text.translate(_LETTERS | _TO_ASCII)
    small = text.lower()
    return small if len(small) == len(text) else text


def sort_key(text):
    """A key that orders Persian as ICU's ``fa`` does, on any database collation by code point."""
    folded = _normalized("NFC", tidy(text)).replace("\u200c", "").translate(_TO_ASCII)
    letters = {**_LETTERS, ord("آ"): "آ"}
    return "".join(_RANK.get(char, char) for char in folded.translate(letters).casefold())


def mobile(text):
    """An Iranian mobile number in any usual writing as E.164 (``+989123456789``), or None.

    Accepts 09 and nine digits of any prefix, since published prefix lists come late.
    """
    digits = only_digits(text)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return None
    match = re.fullmatch(r"(?:\+98|0098|98|)0?(9[0-9]{9})", digits)
    if not match:
        return None
    number = phonenumbers.PhoneNumber(country_code=98, national_number=int(match.group(1)))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mobile_for_people(number):
    """``+989123456789`` as ``0912 345 6789``, in the digits of the language in use."""
    local = "0" + number.removeprefix("+98")
    return in_language(f"{local[:4]} {local[4:7]} {local[7:]}")


def jalali(moment):
    """The jdatetime of an aware datetime, in the time zone in use (a date stays a date)."""
    if hasattr(moment, "hour"):
        return jdatetime.datetime.fromgregorian(datetime=timezone.localtime(moment))
    return jdatetime.date.fromgregorian(date=moment)


def jalali_date(moment):
    """«۲ آذر ۱۴۰۵», or in English ``2 Azar 1405``."""
    date = jalali(moment)
    return in_language(f"{date.day} {_month(date.month)} {date.year}")


def jalali_long(moment):
    """«دوشنبه ۲ آذر ۱۴۰۵، ساعت ۱۳:۰۵», or its English counterpart."""
    date = jalali(moment)
    day = _weekday(date.weekday())
    if not hasattr(moment, "hour"):
        return f"{day} {jalali_date(moment)}"
    clock = in_language(f"{date.hour:02d}:{date.minute:02d}")
    return _("%(weekday)s %(date)s, %(clock)s") % {
        "weekday": day,
        "date": jalali_date(moment),
        "clock": clock,
    }


def jalali_number(moment):
    """The Jalali day as a number that scripts compare: 14050902."""
    date = jalali(moment)
    return date.year * 10_000 + date.month * 100 + date.day


def jalali_year(moment):
    """The Jalali year, an int."""
    return jalali(moment).year


def jalali_short(moment):
    """``1405/09/02`` in the digits of the language in use."""
    date = jalali(moment)
    return in_language(f"{date.year}/{date.month:02d}/{date.day:02d}")


MONTHS_EN = [
    "Farvardin",
    "Ordibehesht",
    "Khordad",
    "Tir",
    "Mordad",
    "Shahrivar",
    "Mehr",
    "Aban",
    "Azar",
    "Dey",
    "Bahman",
    "Esfand",
]
WEEKDAYS_EN = ["Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]


def month_names():
    """The twelve months in the language in use, Farvardin first."""
    return MONTHS if translation.get_language() == "fa" else MONTHS_EN


def _month(number):
    return month_names()[number - 1]


def _weekday(number):
    return (WEEKDAYS if translation.get_language() == "fa" else WEEKDAYS_EN)[number]


def file_size(size):
    """A size in bytes as words: «۶۴۰ کیلوبایت», «۱ مگابایت» (1 MB = 1,048,576 bytes)."""
    if size >= 1_048_576:
        megabytes = size / 1_048_576
        amount = f"{megabytes:.0f}" if megabytes == int(megabytes) else f"{megabytes:.1f}"
        return _("%(amount)s MB") % {"amount": in_language(amount.replace(".", decimal_sign()))}
    if size >= 1024:
        return _("%(amount)s KB") % {"amount": in_language(round(size / 1024))}
    return _("%(amount)s bytes") % {"amount": in_language(size)}


def decimal_sign():
    """What stands before the decimal part in the language in use."""
    return "٫" if translation.get_language() == "fa" else "."


def number_for_people(number):
    """An int or Decimal with its thousands grouped: «۱٬۲۵۰٬۰۰۰٫۵», in English ``1,250,000.5``."""
    text = format(Decimal(number), ",f").replace("-", "−")
    if translation.get_language() != "fa":
        return text
    # The mark keeps the sign before the digits, whatever stands around.
    return persian_digits(text.translate({ord(","): "٬", ord("."): "٫", ord("−"): "\u200e−"}))


def money_for_people(amount, currency):
    """«۱٬۲۵۰٬۰۰۰ ریال»; ``currency`` is "rial" or "toman"."""
    words = _("%(amount)s rials") if currency == "rial" else _("%(amount)s tomans")
    return words % {"amount": number_for_people(amount)}
