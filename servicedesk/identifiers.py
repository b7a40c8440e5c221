"""Numbers that the state gives to people and organisations, with the rules that tell a slip of the finger.

All functions take ASCII digits. Where the rules come from stands in the design notes on Iran.
"""

import re

NATIONAL_ID_LENGTH = 10
LEGAL_ID_LENGTH = 11
POSTAL_CODE_LENGTH = 10

_LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)


def is_one_digit(digits):
    """Whether the number is one digit over and over, like 1111111111: somebody wanted to get past the question."""
    return len(set(digits)) == 1


def padded_national_id(digits):
    """کد ملی with the one or two zeros in front that spreadsheets and people leave out; other lengths stay."""
    return digits.zfill(NATIONAL_ID_LENGTH) if len(digits) in (8, 9) else digits


def is_national_id(digits):
    """Whether this is a کد ملی: ten digits, the last one the check digit, not all the same (all ten of those would
    pass the sum)."""
    if not re.fullmatch("[0-9]{10}", digits) or is_one_digit(digits):
        return False
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9])) % 11
    return int(digits[9]) == (rest if rest < 2 else 11 - rest)


def is_legal_id(digits):
    """Whether this is a شناسه ملی of a legal person: eleven digits, the last one the check digit, and six in the
    middle that are not all zero."""
    if not re.fullmatch("[0-9]{11}", digits) or is_one_digit(digits) or digits[3:9] == "000000":
        return False
    shift = int(digits[9]) + 2
    total = sum((int(digit) + shift) * weight for digit, weight in zip(digits, _LEGAL_WEIGHTS, strict=False))
    return int(digits[10]) == total % 11 % 10
