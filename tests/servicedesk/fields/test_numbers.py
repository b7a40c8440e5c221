"""Numbers and amounts of money in any script and with any marks."""

import random
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from servicedesk import persian
from servicedesk.fields.numbers import MoneyField, NumberField
from tests.servicedesk.fields.tables import own_sentences, refusals, sentence

WHOLE = [
    ("1250", 1250),
    ("۱۲۵۰", 1250),
    ("١٢٥٠", 1250),
    ("۱٬۲۵۰", 1250),
    ("١٬٢٥٠", 1250),
    ("1,250,000", 1250000),
    ("۱،۲۵۰،۰۰۰", 1250000),
    ("1'250", 1250),
    ("1’250’000", 1250000),
    ("1 250 000", 1250000),
    ("1\u202f250\u00a0000", 1250000),
    ("1.250.000", 1250000),
    ("۱/۲۵۰/۰۰۰", 1250000),
    ("\u200f\u202a۱۲۵۰\u202c", 1250),
    ("۱\u200c۲۵۰", 1250),
    ("007", 7),
    ("0", 0),
    ("12.0", 12),
    ("۱۲٫۰۰", 12),
    ("-5", -5),
    ("\u200e−۵", -5),
    ("–٥", -5),
    ("+5", 5),
    ("-0", 0),
    ("9" * 18, 10**18 - 1),
]
WITH_DECIMALS = [
    ("12.5", "12.5"),
    ("۱۲٫۵", "12.5"),
    ("١٢٫٥٠", "12.50"),
    ("۱۲/۵", "12.5"),
    (".5", "0.5"),
    ("٫۵", "0.5"),
    ("-۰٫۲۵", "-0.25"),
    ("1,250.75", "1250.75"),
    ("۱٬۲۵۰٫۷۵", "1250.75"),
    ("1,250", "1250"),
    ("1.250.000", "1250000"),
]


@pytest.mark.parametrize(("typed", "number"), WHOLE)
def test_a_whole_number_in_all_its_writings(typed, number):
    cleaned = NumberField().clean(typed)
    assert (type(cleaned), cleaned) == (Decimal, number)


@pytest.mark.parametrize(("typed", "number"), WITH_DECIMALS)
def test_a_number_with_decimals_in_all_its_writings(typed, number):
    assert str(NumberField(decimals=2).clean(typed)) == number


A_NUMBER = "این عدد نیست. آن را فقط با رقم بنویسید، مانند ۱٬۲۵۰."
NUMBERS = [
    ({}, "", "required", "یک عدد وارد کنید."),
    ({}, "\u200f ", "required", "یک عدد وارد کنید."),
    ({}, "دوازده", "invalid", A_NUMBER),
    ({}, "۱۲ هزار", "invalid", A_NUMBER),
    ({}, "12e3", "invalid", A_NUMBER),
    ({}, "0x10", "invalid", A_NUMBER),
    ({}, "NaN", "invalid", A_NUMBER),
    ({}, "Infinity", "invalid", A_NUMBER),
    ({}, "1_000", "invalid", A_NUMBER),
    ({}, "१२", "invalid", A_NUMBER),
    ({}, "5-", "invalid", A_NUMBER),
    ({}, "--5", "invalid", A_NUMBER),
    ({}, "-", "invalid", A_NUMBER),
    ({}, "5½", "invalid", A_NUMBER),
    ({"decimals": 2}, "5.", "invalid", A_NUMBER),
    ({"decimals": 2}, "1.250,75", "invalid", A_NUMBER),
    ({"decimals": 2}, "1/2/3", "invalid", A_NUMBER),
    (
        {},
        "1,25",
        "grouping",
        "ویرگول رقم‌ها را سه‌تایی جدا می‌کند، مانند ۱٬۲۵۰. عدد را همین‌گونه یا بدون ویرگول بنویسید.",
    ),
    (
        {},
        "1,250،000",
        "grouping",
        "ویرگول رقم‌ها را سه‌تایی جدا می‌کند، مانند ۱٬۲۵۰. عدد را همین‌گونه یا بدون ویرگول بنویسید.",
    ),
    (
        {"decimals": 1},
        "۱۲،۵",
        "decimal_comma",
        "ویرگول رقم‌ها را سه‌تایی جدا می‌کند، مانند ۱٬۲۵۰. اعشار را پس از نقطه یا ممیز بنویسید.",
    ),
    ({}, "12.500", "unclear", "آیا منظورتان ۱۲٬۵۰۰ است؟ پس عدد را بدون نقطه و ممیز بنویسید."),
    ({}, "۱۲/۵۰۰", "unclear", "آیا منظورتان ۱۲٬۵۰۰ است؟ پس عدد را بدون نقطه و ممیز بنویسید."),
    ({}, "۱۲٫۵", "whole", "عدد را بدون بخش اعشاری وارد کنید."),
    ({}, "1/2", "whole", "عدد را بدون بخش اعشاری وارد کنید."),
    ({"decimals": 2}, "۱٫۲۵۰", "decimals", "پس از ممیز حداکثر ۲ رقم بنویسید."),
    ({}, "9" * 19, "digits", "رقم‌های این عدد بیش از اندازه است؛ حداکثر ۱۸ رقم پذیرفته می‌شود."),
    ({}, "9" * 100_000, "digits", "رقم‌های این عدد بیش از اندازه است؛ حداکثر ۱۸ رقم پذیرفته می‌شود."),
    ({"smallest": 0}, "-۱", "min_value", "عددی وارد کنید که از ۰ کمتر نباشد."),
    ({"smallest": 1000}, "٩٩٩", "min_value", "عددی وارد کنید که از ۱٬۰۰۰ کمتر نباشد."),
    (
        {"largest": Decimal("2.5"), "decimals": 2},
        "۲٫۵۱",
        "max_value",
        "عددی وارد کنید که از ۲٫۵ بیشتر نباشد.",
    ),
]


@pytest.mark.parametrize(("rules", "typed", "code", "said"), NUMBERS)
def test_a_number_that_does_not_do(rules, typed, code, said):
    (error,) = refusals(NumberField(**rules), typed)
    assert (error.code, sentence(error)) == (code, said)


RIALS = [
    ("۱٬۲۵۰٬۰۰۰ ریال", 1250000),
    ("1250000", 1250000),
    ("١٬٢٥٠٬٠٠٠ ريال", 1250000),
    ("۱۲۵۰۰۰۰\u200cریال", 1250000),
    ("ریال ۱۲۵۰۰۰۰", 1250000),
    ("1,250,000 Rials", 1250000),
    ("۱۲۵۰۰۰۰﷼", 1250000),
    ("0", 0),
    ("1250000.00", 1250000),
]


@pytest.mark.parametrize(("typed", "amount"), RIALS)
def test_an_amount_of_rials(typed, amount):
    cleaned = MoneyField(currency="rial").clean(typed)
    assert (type(cleaned), cleaned) == (int, amount)


@pytest.mark.parametrize("typed", ["۱۲۵۰۰۰ تومان", "125,000 toman", "125000تومن", "١٢٥٠٠٠", "۱۲۵ ۰۰۰"])
def test_an_amount_of_tomans(typed):
    assert MoneyField(currency="toman").clean(typed) == 125000


AN_AMOUNT = "این مبلغ نیست. همهٔ آن را با رقم بنویسید، مانند ۱٬۲۵۰٬۰۰۰."
AMOUNTS = [
    ("rial", {}, "", "required", "مبلغ را وارد کنید."),
    ("rial", {}, "ریال", "invalid", AN_AMOUNT),
    ("rial", {}, "۵ میلیون ریال", "invalid", AN_AMOUNT),
    ("rial", {}, "۵ ریال تومان", "invalid", AN_AMOUNT),
    ("rial", {}, "$5", "invalid", AN_AMOUNT),
    ("toman", {}, "۱۲٫۵ تومان", "whole", "مبلغ را بدون بخش اعشاری وارد کنید."),
    ("toman", {}, "12.500 تومان", "unclear", "آیا منظورتان ۱۲٬۵۰۰ است؟ پس عدد را بدون نقطه و ممیز بنویسید."),
    ("rial", {}, "-۵", "negative", "مبلغ را بدون نشانهٔ منفی وارد کنید."),
    (
        "rial",
        {},
        "۱۲۵٬۰۰۰ تومان",
        "in_rials",
        "مبلغ را به ریال بنویسید: ۱۲۵٬۰۰۰ تومان برابر ۱٬۲۵۰٬۰۰۰ ریال است.",
    ),
    ("toman", {}, "1255 ريال", "in_tomans", "مبلغ را به تومان بنویسید: ۱٬۲۵۵ ریال برابر ۱۲۵٫۵ تومان است."),
    ("rial", {"smallest": 10_000}, "۹۹۹۹", "min_value", "مبلغی وارد کنید که از ۱۰٬۰۰۰ ریال کمتر نباشد."),
    ("toman", {"largest": 10_000}, "10,001", "max_value", "مبلغی وارد کنید که از ۱۰٬۰۰۰ تومان بیشتر نباشد."),
]


@pytest.mark.parametrize(("currency", "rules", "typed", "code", "said"), AMOUNTS)
def test_an_amount_that_does_not_do(currency, rules, typed, code, said):
    (error,) = refusals(MoneyField(currency=currency, **rules), typed)
    assert (error.code, sentence(error)) == (code, said)


def test_each_refusal_has_its_own_sentence():
    own_sentences(NumberField, [code for _rules, _typed, code, _said in NUMBERS])
    own_sentences(MoneyField, {code for _currency, _rules, _typed, code, _said in AMOUNTS} - {"unclear"})


def test_there_are_two_currencies():
    with pytest.raises(ValueError, match="neither rial nor toman"):
        MoneyField(currency="dollar")


@pytest.mark.parametrize(
    "field", [NumberField(required=False, smallest=5), MoneyField(currency="rial", required=False)]
)
def test_a_number_that_may_be_left_out(field):
    assert field.clean("") is field.clean(None) is field.clean(" \u200f") is None
    assert refusals(field, "x")[0].code == "invalid"


@pytest.mark.parametrize(
    ("number", "persian_text", "english"),
    [
        (0, "۰", "0"),
        (999, "۹۹۹", "999"),
        (1250000, "۱٬۲۵۰٬۰۰۰", "1,250,000"),
        (Decimal("1250.50"), "۱٬۲۵۰٫۵۰", "1,250.50"),
        (Decimal("1E+3"), "۱٬۰۰۰", "1,000"),
        (-5, "\u200e−۵", "−5"),
    ],
)
def test_numbers_are_shown_in_the_language_of_the_page(number, persian_text, english):
    assert persian.number_for_people(number) == persian_text
    with translation.override("en"):
        assert persian.number_for_people(number) == english


def test_money_is_shown_with_its_currency():
    assert persian.money_for_people(1250000, "rial") == "۱٬۲۵۰٬۰۰۰ ریال"
    assert persian.money_for_people(125000, "toman") == "۱۲۵٬۰۰۰ تومان"
    with translation.override("en"):
        assert persian.money_for_people(1250000, "rial") == "1,250,000 rials"
        assert persian.money_for_people(125000, "toman") == "125,000 tomans"


@pytest.mark.parametrize("language", ["fa", "en"])
def test_what_is_shown_can_be_typed(language):
    draw = random.Random(7)
    with translation.override(language):
        for _ in range(500):
            number = Decimal(draw.randrange(-(10**16), 10**16)).scaleb(-draw.randrange(3))
            assert NumberField(decimals=2).clean(persian.number_for_people(number)) == number
            amount = draw.randrange(10 ** draw.randrange(1, 18))
            assert MoneyField(currency="rial").clean(persian.money_for_people(amount, "rial")) == amount


class Sums(forms.Form):
    people = NumberField(smallest=0)
    height = NumberField(decimals=2)
    below = NumberField(smallest=-10)
    price = MoneyField(currency="toman")


def test_the_telephone_shows_the_keys_that_are_wanted():
    form = Sums()
    assert 'inputmode="numeric"' in str(form["people"])
    assert 'inputmode="decimal"' in str(form["height"])
    assert "inputmode" not in str(form["below"]), "the minus is not among the digits everywhere"
    assert all('dir="ltr"' in str(field) for field in form)
    assert 'aria-describedby="id_price_currency"' in str(form["price"])
    assert '<span id="id_price_currency">تومان</span>' in str(form["price"])


def test_what_was_typed_stays_and_what_was_kept_is_written_for_people():
    typed = Sums({"people": "۱۲ نفر", "height": "1.7٥", "price": "x"})
    assert [typed[name].value() for name in ("people", "height", "price")] == ["۱۲ نفر", "1.7٥", "x"]
    kept = Sums(initial={"people": Decimal(1250), "price": 125000})
    assert 'value="۱٬۲۵۰"' in str(kept["people"])
    assert 'value="۱۲۵٬۰۰۰"' in str(kept["price"])
