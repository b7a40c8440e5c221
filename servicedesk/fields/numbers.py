"""Numbers and amounts of money."""

import re
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk import persian

# More would neither fit into a database column nor survive a spreadsheet.
MOST_DIGITS = 18

# Between thousands stand «٬», both commas, an apostrophe; blanks are gone by then. A full stop or a slash may stand
# there too, or before the decimal part: see ``NumberField``.
_THOUSANDS = "٬,،'’"
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?:([{_THOUSANDS}])[0-9]{{3}})(?:\1[0-9]{{3}})*")
_DOTTED = re.compile(r"[0-9]{1,3}(?:([./])[0-9]{3})(?:\1[0-9]{3})+")
_IN_BETWEEN = re.compile(r"[0-9]{1,3}[./][0-9]{3}")
_TYPED = re.compile(r"([+-]?)([^+-]*)")
_MINUS = dict.fromkeys(map(ord, "−–—‐‑"), "-")
# As ``persian.fold`` leaves them; «﷼» is one of them by then.
_CURRENCIES = {
    "rial": ("ریال", "rials", "rial", "irr"),
    "toman": ("تومان", "تومن", "tomans", "toman", "irt"),
}


def _bare(text):
    """Digits as 0–9, one form for letters and minus signs, no blanks and invisible marks."""
    return re.sub(r"\s+", "", persian.fold(text)).translate(_MINUS)


class NumberField(forms.Field):
    """A number from ``smallest`` to ``largest`` with up to ``decimals`` decimal places; cleaned to a ``Decimal``.

    Thousands may be grouped by «٬», «,», «،», «'» or blanks; the decimal sign is «٫», «.» or, as it is written by hand,
    «/». Marks that could be either («12.500» where only whole numbers are wanted) are asked about, not guessed.
    """

    widget = forms.TextInput
    default_error_messages = {
        "required": _("Enter a number."),
        "invalid": _("This is not a number. Write it in digits alone, like %(example)s."),
        "grouping": _("A comma groups three digits, like %(example)s. Write the number so, or without commas."),
        "decimal_comma": _("A comma groups three digits, like %(example)s; a decimal part comes after a point."),
        "unclear": _("Is %(meant)s meant? Then write the number without a point or a slash."),
        "whole": _("Enter a whole number, without a decimal part."),
        "decimals": _("Use at most %(limit)s digits after the decimal sign."),
        "digits": _("This number has too many digits; it may have %(limit)s."),
        "min_value": _("Enter a number that is not below %(limit)s."),
        "max_value": _("Enter a number that is not above %(limit)s."),
    }
    example = 1250

    def __init__(self, *, smallest=None, largest=None, decimals=0, **field):
        self.smallest, self.largest = smallest, largest
        self.decimals = decimals
        super().__init__(**field)

    def widget_attrs(self, widget):
        attrs = {"autocomplete": "off", "dir": "ltr"}
        # Where a minus is expected the telephone's digits are not enough.
        if self.smallest is None or self.smallest >= 0:
            attrs["inputmode"] = "decimal" if self.decimals else "numeric"
        # For conditions.js: what is refused may decide nothing there either.
        limits = {"smallest": self.smallest, "largest": self.largest, "decimals": self.decimals or None}
        return attrs | {f"data-{name}": f"{limit}" for name, limit in limits.items() if limit is not None}

    def prepare_value(self, value):
        """What was typed stays; a number from elsewhere is written as people write it."""
        return persian.number_for_people(value) if isinstance(value, int | Decimal) else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        return self.read(_bare(value)) if isinstance(value, str) else Decimal(value)

    def read(self, text):
        """The number that ``text``, without blanks and invisible marks, stands for; None for nothing."""
        if not text:
            return None
        typed = _TYPED.fullmatch(text)
        sign, digits = typed.groups() if typed else ("", text)
        number = self._read_digits(digits)
        return -number if sign == "-" and number else number

    def _read_digits(self, text):
        whole, mark, part = self._taken_apart(text)
        if not re.fullmatch("[0-9]+", whole) or (mark and not re.fullmatch("[0-9]+", part)):
            raise self.refusal("invalid", example=persian.number_for_people(self.example))
        part = part.rstrip("0") if not self.decimals else part
        if part and not self.decimals:
            raise self.refusal("whole")
        if len(part) > self.decimals:
            raise self.refusal("decimals", limit=persian.in_language(self.decimals))
        if len(whole.lstrip("0") + part) > MOST_DIGITS:
            raise self.refusal("digits", limit=persian.in_language(MOST_DIGITS))
        return Decimal(f"{whole}.{part}" if part else whole)

    def _taken_apart(self, text):
        """(whole digits, decimal sign, decimal digits)."""
        if _DOTTED.fullmatch(text):
            return re.sub("[./]", "", text), "", ""
        if not self.decimals and _IN_BETWEEN.fullmatch(text):
            raise self.refusal("unclear", meant=persian.number_for_people(int(re.sub("[./]", "", text))))
        whole, mark, part = re.match(r"([^٫./]*)([٫./]?)(.*)", text, re.DOTALL).groups()
        if re.search(f"[{_THOUSANDS}]", whole):
            if re.fullmatch(f"[0-9{_THOUSANDS}]+", whole) and not _GROUPED.fullmatch(whole):
                code = "decimal_comma" if self.decimals else "grouping"
                raise self.refusal(code, example=persian.number_for_people(self.example))
            whole = re.sub(f"[{_THOUSANDS}]", "", whole)
        return whole or ("0" if part else ""), mark, part

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if self.smallest is not None and value < self.smallest:
            raise self.refusal("min_value", limit=self.in_words(self.smallest))
        if self.largest is not None and value > self.largest:
            raise self.refusal("max_value", limit=self.in_words(self.largest))

    def in_words(self, number):
        return persian.number_for_people(number)

    def refusal(self, code, **params):
        return forms.ValidationError(self.error_messages[code], code=code, params=params)


class MoneyInput(forms.TextInput):
    """An amount with its currency beside it, since people think in tomans where the law counts in rials."""

    template_name = "servicedesk/fields/money.html"

    def __init__(self, currency, attrs=None):
        super().__init__(attrs)
        self.currency = currency

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["currency"] = _("rials") if self.currency == "rial" else _("tomans")
        if widget["attrs"].get("id"):
            widget["currency_id"] = f"{widget['attrs']['id']}_currency"
            described = [widget["attrs"].get("aria-describedby"), widget["currency_id"]]
            widget["attrs"]["aria-describedby"] = " ".join(filter(None, described))
        return context


class MoneyField(NumberField):
    """A whole amount from ``smallest`` (0 if not given) to ``largest`` of ``currency``, "rial" or "toman"; cleaned to
    an ``int`` of that currency. The currency's name may be typed too; that of the other is refused, with the sum."""

    default_error_messages = {
        "required": _("Enter the amount."),
        "invalid": _("This is not an amount. Write all of it in digits, like %(example)s."),
        "whole": _("Enter the amount without a decimal part."),
        "negative": _("Enter the amount without a minus sign."),
        "in_rials": _("Give the amount in rials: %(typed)s are %(meant)s."),
        "in_tomans": _("Give the amount in tomans: %(typed)s are %(meant)s."),
        "min_value": _("Enter an amount that is not below %(limit)s."),
        "max_value": _("Enter an amount that is not above %(limit)s."),
    }
    example = 1_250_000

    def __init__(self, *, currency, smallest=None, largest=None, **field):
        if currency not in _CURRENCIES:
            raise ValueError(f"{currency!r} is neither rial nor toman")
        self.currency = currency
        field.setdefault("widget", MoneyInput(currency))
        super().__init__(smallest=0 if smallest is None else smallest, largest=largest, **field)

    def read(self, text):
        typed_in = self.currency
        for currency, words in _CURRENCIES.items():
            word = next((word for word in words if text.endswith(word) or text.startswith(word)), None)
            if word and text != word:
                text, typed_in = text.removesuffix(word).removeprefix(word), currency
                break
        amount = super().read(text)
        if amount is None:
            return None
        if typed_in != self.currency:
            meant = amount * 10 if self.currency == "rial" else amount / 10
            raise self.refusal(
                f"in_{self.currency}s",
                typed=persian.money_for_people(amount, typed_in),
                meant=persian.money_for_people(meant, self.currency),
            )
        return amount

    def to_python(self, value):
        amount = super().to_python(value)
        return None if amount is None else int(amount)

    def validate(self, value):
        if value is not None and value < 0 <= self.smallest:
            raise self.refusal("negative")
        super().validate(value)

    def in_words(self, number):
        return persian.money_for_people(number, self.currency)
