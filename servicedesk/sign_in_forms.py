"""The two forms of the sign-in: mobile number with security code, then the code of the SMS; and the same two for
taking one's letters along to another number."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk import persian, security_code
from servicedesk.fields.identity import MobileField
from servicedesk.models.sms_device import CODE_DIGITS


class DigitsField(forms.CharField):
    """A code of a known number of digits, typed in any script; cleaned to ASCII digits."""

    def __init__(self, *, digits, autocomplete, **kwargs):
        self.digits = digits
        attrs = {"inputmode": "numeric", "autocomplete": autocomplete, "dir": "ltr"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=60, **kwargs)

    def widget_attrs(self, widget):
        return {}  # No maxlength: pasted codes carry blanks and marks.

    def clean(self, value):
        code = persian.only_digits(super().clean(value))
        if code and not re.fullmatch(f"[0-9]{{{self.digits}}}", code):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return code


class SignInForm(forms.Form):
    """The mobile number and the digits of the picture; ``picture_asked=False`` is the second way, without them."""

    mobile = MobileField()
    security_code = DigitsField(
        label=_("Security code"),
        digits=security_code.DIGITS,
        autocomplete="off",
        help_text=_("The five digits of the picture, in Persian or Latin."),
        error_messages={
            "required": _("Type the digits of the picture. If you cannot read them, listen to them or take a new one."),
            "invalid": _("The security code has five digits and nothing else."),
        },
    )
    security_code_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    next = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, picture_asked=True, initial=None):
        super().__init__(data, initial=initial)
        self.fields["security_code"].required = picture_asked
        # A picture that somebody else's page or an earlier visit has put there is no reason to refuse.
        self.picture_asked = picture_asked

    def clean_security_code(self):
        return self.cleaned_data["security_code"] if self.picture_asked else ""

    def refuse_security_code(self):
        """Says that the picture was read wrongly, or that its time is over."""
        self.add_error(
            "security_code",
            _("That was not the code of the picture, or its time was over. Here is a new one; type its digits."),
        )

    def show_picture(self, key):
        """Puts the key of the picture that will be shown into the form; what was typed for another one goes."""
        if not self.is_bound:
            self.initial["security_code_key"] = key
        elif self.data.get("security_code_key") != key:
            self.data = self.data.copy()
            self.data["security_code_key"] = key
            self.data["security_code"] = ""


class CodeForm(forms.Form):
    """The code of the SMS."""

    code = DigitsField(
        label=_("Confirmation code"),
        digits=CODE_DIGITS,
        autocomplete="one-time-code",
        error_messages={
            "required": _("Type the code that came by SMS."),
            "invalid": _("The code has six digits and nothing else. Look at the SMS once more."),
        },
    )


class NewNumberForm(forms.Form):
    """The number that an account is to have from now on."""

    mobile = MobileField(label=_("New mobile number"))

    def __init__(self, data=None, *, old):
        super().__init__(data)
        self.old = old

    def clean_mobile(self):
        if self.cleaned_data["mobile"] == self.old:
            raise forms.ValidationError(_("This is the number that you have now. Enter the new one."))
        return self.cleaned_data["mobile"]


class TwoCodesForm(forms.Form):
    """The codes that went to the old and to the new number; those of ``proven`` were right already."""

    old_code = DigitsField(
        label=_("Code that came to your number of now"),
        digits=CODE_DIGITS,
        autocomplete="one-time-code",
        error_messages={
            "required": _("Type the code that came to your number of now."),
            "invalid": _("The code has six digits and nothing else. Look at the SMS once more."),
        },
    )
    new_code = DigitsField(
        label=_("Code that came to the new number"),
        digits=CODE_DIGITS,
        autocomplete="off",
        error_messages={
            "required": _("Type the code that came to the new number."),
            "invalid": _("The code has six digits and nothing else. Look at the SMS once more."),
        },
    )

    def __init__(self, data=None, *, proven):
        super().__init__(data)
        for name in proven:
            del self.fields[name]
