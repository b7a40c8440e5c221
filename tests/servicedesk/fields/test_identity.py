"""Numbers of people, organisations and places, against the facts of the design notes."""

import random

import pytest

from servicedesk import identifiers
from servicedesk.fields.identity import LegalIdField, MobileField, NationalIdField, PostalCodeField
from tests.servicedesk.fields.tables import own_sentences, refusals, sentence

PEOPLE = ["0012345679", "0020000014", "1209876541", "3398765432", "1000000060", "1000000011"]
ORGANISATIONS = ["10101234565", "14007654327", "10120000020"]


@pytest.mark.parametrize("number", PEOPLE)
def test_a_national_id_with_its_check_digit(number):
    assert NationalIdField().clean(number) == number
    wrong = [other for other in "0123456789" if other != number[9]]
    assert all(refusals(NationalIdField(), number[:9] + digit)[0].code == "invalid" for digit in wrong)


@pytest.mark.parametrize("number", ORGANISATIONS)
def test_a_legal_id_with_its_check_digit(number):
    assert LegalIdField().clean(number) == number
    wrong = [other for other in "0123456789" if other != number[10]]
    assert all(refusals(LegalIdField(), number[:10] + digit)[0].code == "invalid" for digit in wrong)


def test_one_wrong_digit_is_found_nearly_always():
    draw, found, tried = random.Random(5), 0, 0
    for number, right in [(n, identifiers.is_national_id) for n in PEOPLE] + [
        (n, identifiers.is_legal_id) for n in ORGANISATIONS
    ]:
        for _ in range(300):
            place = draw.randrange(len(number))
            other = draw.choice([digit for digit in "0123456789" if digit != number[place]])
            tried += 1
            found += not right(number[:place] + other + number[place + 1 :])
    assert found / tried > 0.95


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_over_and_over_is_no_number_though_sums_are_right(digit):
    assert not identifiers.is_national_id(digit * 10)
    assert not identifiers.is_legal_id(digit * 11)


WRITINGS = [
    (NationalIdField, "۰۰۱۲۳۴۵۶۷۹", "0012345679"),
    (NationalIdField, "٠٠١٢٣٤٥٦٧٩", "0012345679"),
    (NationalIdField, "001-234567-9", "0012345679"),
    (NationalIdField, " ۰۰۱ ۲۳۴۵۶۷ ۹ ", "0012345679"),
    (NationalIdField, "\u202a0012345679\u202c\u200f", "0012345679"),
    (NationalIdField, "۰۰۱\u200c۲۳۴۵۶۷۹", "0012345679"),
    (NationalIdField, "12345679", "0012345679"),
    (NationalIdField, "۲۰۰۰۰۰۱۴", "0020000014"),
    (NationalIdField, "012345679", "0012345679"),
    (LegalIdField, "۱۰۱۰۱۲۳۴۵۶۵", "10101234565"),
    (LegalIdField, "١٠١٠١٢٣٤٥٦٥", "10101234565"),
    (LegalIdField, "1010 1234 565", "10101234565"),
    (LegalIdField, "\u200e101-0123456-5", "10101234565"),
    (PostalCodeField, "۱۱۳۶۸-۴۵۶۷۱", "1136845671"),
    (PostalCodeField, "١١٣٦٨٤٥٦٧١", "1136845671"),
    (PostalCodeField, " 11368\u200c45671\u200f", "1136845671"),
    # The patterns that are about would refuse these; nobody knows whether there are such.
    (PostalCodeField, "0123456789", "0123456789"),
    (PostalCodeField, "1111520002", "1111520002"),
]


@pytest.mark.parametrize(("field_class", "typed", "kept"), WRITINGS)
def test_a_number_in_all_its_writings(field_class, typed, kept):
    assert field_class().clean(typed) == kept


REFUSED = [
    (NationalIdField, "", "required", "کد ملی را وارد کنید."),
    (NationalIdField, "\u200f - ", "required", "کد ملی را وارد کنید."),
    (NationalIdField, "۰۰۱۲۳۴۵۶۷ب", "digits", "کد ملی فقط با رقم نوشته می‌شود، بدون حرف یا نشانهٔ دیگر."),
    (NationalIdField, "OO12345679", "digits", "کد ملی فقط با رقم نوشته می‌شود، بدون حرف یا نشانهٔ دیگر."),
    (NationalIdField, "०१२३४५६७८९", "digits", "کد ملی فقط با رقم نوشته می‌شود، بدون حرف یا نشانهٔ دیگر."),
    (NationalIdField, "۱۲۳۴۵۶۷", "length", "کد ملی ۱۰ رقم دارد؛ این یکی ۷ رقم دارد."),
    (NationalIdField, "00123456790", "length", "کد ملی ۱۰ رقم دارد؛ این یکی ۱۱ رقم دارد."),
    *[
        (NationalIdField, digit * 10, "repeated", "هر ده رقم کد ملی یکسان نیست. آن را از روی کارت ملی بنویسید.")
        for digit in "01۵٩"
    ],
    (
        NationalIdField,
        "۱۰۱۰۱۲۳۴۵۶۵",
        "legal",
        "این شناسهٔ ملیِ یک سازمان یا شرکت است. اینجا کد ملیِ شخص لازم است که ۱۰ رقم دارد.",
    ),
    *[
        (
            NationalIdField,
            typed,
            "invalid",
            "یک رقم این کد ملی نادرست یا جابه‌جا است. آن را با کارت ملی مقایسه کنید.",
        )
        for typed in ("0012345678", "١٢٣٤٥٦٧٨٩٠", "۱۲۳۴۵۶۷۸")
    ],
    (LegalIdField, "", "required", "شناسهٔ ملی سازمان یا شرکت را وارد کنید."),
    (LegalIdField, "1010123456x", "digits", "شناسهٔ ملی فقط با رقم نوشته می‌شود، بدون حرف یا نشانهٔ دیگر."),
    (LegalIdField, "١٠١٠١٢٣٤٥٦", "length", "شناسهٔ ملی ۱۱ رقم دارد؛ این یکی ۱۰ رقم دارد."),
    *[
        (LegalIdField, digit * 11, "repeated", "هر یازده رقم شناسهٔ ملی یکسان نیست. آن را از روی مدارک بنویسید.")
        for digit in "03۳"
    ],
    (
        LegalIdField,
        "۰۰۱۲۳۴۵۶۷۹",
        "personal",
        "این کد ملیِ یک شخص است. اینجا شناسهٔ ملیِ سازمان یا شرکت لازم است که ۱۱ رقم دارد.",
    ),
    *[
        (LegalIdField, typed, "invalid", "یک رقم این شناسهٔ ملی نادرست یا جابه‌جا است. آن را با مدارک مقایسه کنید.")
        for typed in ("10101234566", "۱۰۱۰۱۲۳۵۴۶۵", "10100000003")
    ],
    (PostalCodeField, "", "required", "کد پستی را وارد کنید."),
    (PostalCodeField, "تهران", "digits", "کد پستی فقط با رقم نوشته می‌شود، بدون حرف یا نشانهٔ دیگر."),
    (PostalCodeField, "۱۱۳۶۸", "length", "کد پستی ۱۰ رقم دارد؛ این یکی ۵ رقم دارد."),
    (PostalCodeField, "0000000000", "repeated", "هر ده رقم کد پستی یکسان نیست. آن را روی قبض آب یا برق می‌یابید."),
]


@pytest.mark.parametrize(("field_class", "typed", "code", "said"), REFUSED)
def test_a_number_that_does_not_do(field_class, typed, code, said):
    (error,) = refusals(field_class(), typed)
    assert (error.code, sentence(error)) == (code, said)


@pytest.mark.parametrize("field_class", [NationalIdField, LegalIdField, PostalCodeField])
def test_each_refusal_of_a_number_has_its_own_sentence(field_class):
    own_sentences(field_class, [code for tried, _typed, code, _said in REFUSED if tried is field_class])


def test_a_legal_id_needs_more_than_zeros_in_its_middle():
    """Its sum may be right all the same."""
    last = next(digit for digit in "0123456789" if identifiers.is_legal_id("1011000000" + digit))
    assert identifiers.is_legal_id("1011000000" + last)
    assert not any(identifiers.is_legal_id("1010000000" + digit) for digit in "0123456789")


@pytest.mark.parametrize("field_class", [MobileField, NationalIdField, LegalIdField, PostalCodeField])
def test_a_number_that_may_be_left_out(field_class):
    field = field_class(required=False)
    assert field.clean("") == field.clean(None) == field.clean("  ") == ""
    assert refusals(field, "12")


@pytest.mark.parametrize(
    ("field_class", "autocomplete"),
    [(NationalIdField, "off"), (LegalIdField, "off"), (PostalCodeField, "postal-code")],
)
def test_the_telephone_shows_its_digits(field_class, autocomplete):
    attrs = field_class().widget.attrs
    assert (attrs["inputmode"], attrs["dir"], attrs["autocomplete"]) == ("numeric", "ltr", autocomplete)
    assert "maxlength" not in attrs
