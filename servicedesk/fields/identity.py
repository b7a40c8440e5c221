"""Numbers that name something: a telephone, a letter, a person, an organisation, a place."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk import identifiers, persian, references


class MobileField(forms.CharField):
    """A mobile number in any usual writing; cleaned to E.164."""

    default_error_messages = {
        "required": _("Enter your mobile number."),
        "invalid": _("This is not a mobile number. It starts with 09 and has 11 digits, like 0912 345 6789."),
    }
    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "dir": "ltr"})

    def __init__(self, **kwargs):
        super().__init__(label=kwargs.pop("label", _("Mobile number")), max_length=60, **kwargs)

    def widget_attrs(self, widget):
        return {}  # No maxlength: pasted numbers carry blanks and marks.

    def clean(self, value):
        typed = super().clean(value)
        number = persian.mobile(typed) if typed else ""
        if number is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class ReferenceField(forms.CharField):
    """A tracking code as people type it; cleaned to ten ASCII digits with a right check digit."""

    default_error_messages = {
        "required": _("Enter the tracking code."),
        "invalid": _("This is not a tracking code. It has 10 digits; look at the receipt or the SMS once more."),
    }
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"})

    def __init__(self, **kwargs):
        super().__init__(label=kwargs.pop("label", _("Tracking code")), max_length=200, **kwargs)

    def widget_attrs(self, widget):
        return {}

    def clean(self, value):
        code = persian.only_digits(references.scanned(super().clean(value)))
        if not references.is_valid(code):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return code


class _DigitsField(forms.CharField):
    """A number that names something, of ``length`` digits in any script and with blanks, hyphens and invisible marks;
    cleaned to ASCII digits, or "". What else is wrong with it says ``check``."""

    length = None
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"})

    def to_python(self, value):
        digits = persian.only_digits(super().to_python(value))
        if digits in self.empty_values:
            return ""
        if not (digits.isascii() and digits.isdigit()):
            raise self.refusal("digits")
        digits = self.padded(digits)
        self.check(digits)
        return digits

    def padded(self, digits):
        """The number with the zeros that people leave out."""
        return digits

    def check(self, digits):
        if len(digits) != self.length:
            raise self.refusal("length", length=persian.in_language(len(digits)))
        if identifiers.is_one_digit(digits):
            raise self.refusal("repeated")

    def refusal(self, code, **params):
        return forms.ValidationError(self.error_messages[code], code=code, params=params)


class NationalIdField(_DigitsField):
    """کد ملی of a person; cleaned to ten ASCII digits with a right check digit. Eight or nine get their zeros."""

    length = identifiers.NATIONAL_ID_LENGTH
    default_error_messages = {
        "required": _("Enter the national ID number."),
        "digits": _("A national ID number is written with digits alone, without letters or other signs."),
        "length": _("A national ID number has 10 digits; this one has %(length)s."),
        "repeated": _("A national ID number does not have the same digit ten times. Copy it from the national card."),
        "legal": _(
            "This is the national ID of an organisation. Here the number of a person is wanted, with 10 digits."
        ),
        "invalid": _("One digit of this national ID number is wrong or has changed places. Compare it with the card."),
    }

    def padded(self, digits):
        return identifiers.padded_national_id(digits)

    def check(self, digits):
        if identifiers.is_legal_id(digits):
            raise self.refusal("legal")
        super().check(digits)
        if not identifiers.is_national_id(digits):
            raise self.refusal("invalid")


class LegalIdField(_DigitsField):
    """شناسه ملی of a legal person; cleaned to eleven ASCII digits with a right check digit."""

    length = identifiers.LEGAL_ID_LENGTH
    default_error_messages = {
        "required": _("Enter the national ID of the organisation."),
        "digits": _("An organisation's national ID is written with digits alone, without letters or other signs."),
        "length": _("An organisation's national ID has 11 digits; this one has %(length)s."),
        "repeated": _("An organisation's national ID does not have the same digit eleven times. Look at its papers."),
        "personal": _("This is the number of a person. Here the organisation's national ID is wanted, with 11 digits."),
        "invalid": _("One digit of this national ID is wrong or has changed places. Compare it with the papers."),
    }

    def check(self, digits):
        if identifiers.is_national_id(digits):
            raise self.refusal("personal")
        super().check(digits)
        if not identifiers.is_legal_id(digits):
            raise self.refusal("invalid")


class PostalCodeField(_DigitsField):
    """A postal code; cleaned to ten ASCII digits. No more is asked: the patterns that are about refuse real ones."""

    length = identifiers.POSTAL_CODE_LENGTH
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code", "dir": "ltr"})
    default_error_messages = {
        "required": _("Enter the postal code."),
        "digits": _("A postal code is written with digits alone, without letters or other signs."),
        "length": _("A postal code has 10 digits; this one has %(length)s."),
        "repeated": _("A postal code does not have the same digit ten times. It stands on bills for water and power."),
    }
