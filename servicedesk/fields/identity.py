"""Numbers that name something: a telephone, a letter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk import persian, references


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
        number = persian.mobile(super().clean(value))
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
        super().__init__(label=kwargs.pop("label", _("Tracking code")), max_length=60, **kwargs)

    def widget_attrs(self, widget):
        return {}

    def clean(self, value):
        code = persian.only_digits(super().clean(value))
        if not references.is_valid(code):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return code
