"""A time of day as a person types it."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from servicedesk.persian import ascii_digits, in_language


class ClockInput(forms.TextInput):
    """Shows a time as people write it: «۷:۳۰». What cannot be read comes back as it was typed."""

    def format_value(self, value):
        return (
            in_language(f"{value.hour}:{value.minute:02d}") if hasattr(value, "hour") else super().format_value(value)
        )


class ClockField(forms.TimeField):
    """«۷», «7:30», «۷.۳۰» and «0730» are times. Gives a ``datetime.time``, or None where nothing was typed."""

    widget = ClockInput(attrs={"dir": "ltr", "size": 6, "autocomplete": "off"})
    default_error_messages = {"invalid": _("Write a time such as 7:30.")}

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        typed = re.fullmatch(r"\s*([0-9]{1,2})(?:\s*[:.٫]?\s*([0-9]{2}))?\s*", ascii_digits(value))
        if value.strip() and not typed:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(f"{typed[1]}:{typed[2] or '00'}" if typed else "")
