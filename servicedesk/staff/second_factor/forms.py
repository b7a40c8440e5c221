"""What is asked of staff about their second factor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.persian import only_digits, tidy
from servicedesk.staff.password_tries import require_own_password
from servicedesk.staff.second_factor import recovery

CODE_DIGITS = 6
CODE_INPUT = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "autofocus": True}


def is_app_code(text):
    """Whether this could be a code of an authenticator app: six ASCII digits."""
    return len(text) == CODE_DIGITS and text.isascii() and text.isdigit()


class AppCodeField(forms.CharField):
    """Six digits of an authenticator app in any script; cleaned to ASCII."""

    default_error_messages = {
        "required": _("Enter the six digits that the app shows."),
        "invalid": _("The app's code has six digits. Enter the one that it shows now."),
    }
    widget = forms.TextInput(attrs=CODE_INPUT)

    def clean(self, value):
        code = only_digits(super().clean(value))
        if not is_app_code(code):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return code


class ChallengeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the app, or a recovery code"),
        max_length=60,
        widget=forms.TextInput(attrs={**CODE_INPUT, "inputmode": "text"}),
        error_messages={"required": _("Enter the six digits that the app shows.")},
    )

    def clean_code(self):
        typed = self.cleaned_data["code"]
        if not is_app_code(only_digits(typed)) and not recovery.is_one(typed):
            raise forms.ValidationError(
                _("Enter the six digits that the app shows, or one of your recovery codes of ten letters and digits.")
            )
        return typed


class PasswordForm(forms.Form):
    """The password once more, before something that could lock its owner out; counted as at the sign-in."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "dir": "ltr"}),
        error_messages={"required": _("Enter your password.")},
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self):
        require_own_password(self.request, self.cleaned_data["password"])
        return self.cleaned_data["password"]


class EnrolForm(forms.Form):
    code = AppCodeField(label=_("Code that the app shows now"))


class EnrolForPasswordForm(PasswordForm, EnrolForm):
    """Another app in the place of the old one, or the first one long after the password."""

    field_order = ["code", "password"]


class ResetForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example: lost the telephone, came by in person. It is kept with your name."),
        error_messages={"required": _("Say why.")},
    )

    def clean_reason(self):
        return tidy(self.cleaned_data["reason"])
