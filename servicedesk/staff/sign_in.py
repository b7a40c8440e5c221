"""The staff's sign-in: Wagtail's form without placeholders, without "remember me", since a session ends by itself after
ten hours, and with its tries counted. This is the only door that takes a password."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import LoginForm
from wagtail.admin.views.account import LoginView

from servicedesk.known_browser import STAFF, KnownBrowser
from servicedesk.models import LimitReached
from servicedesk.staff.password_tries import PasswordTry, known_name
from servicedesk.views.security_codes import come_back
from servicedesk.waiting import waiting_time


class SignInForm(LoginForm):
    username = forms.CharField(
        label=_("Username"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "dir": "ltr"}),
        error_messages={"required": _("Enter your username.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "dir": "ltr"}),
        error_messages={"required": _("Enter your password.")},
    )
    remember = None

    error_messages = {
        **LoginForm.error_messages,
        "invalid_login": _("Username and password do not match. Check the keyboard's language and try again."),
        "too_many": _(
            "Too many wrong passwords in a short time, so the next one is not looked at. Please wait %(wait)s. "
            "In a browser in which you have signed in before, other people's tries do not count."
        ),
    }
    # Set when the password was not looked at.
    reached = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.pop("placeholder", None)

    def clean(self):
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return super().clean()
        try:
            tried = PasswordTry.begin(self.request, username)
        except LimitReached as reached:
            self.reached = reached
            raise forms.ValidationError(
                self.error_messages["too_many"], "too_many", {"wait": waiting_time(reached.retry_after)}
            ) from reached
        cleaned = super().clean()
        tried.give_back()
        return cleaned


class StaffSignIn(LoginView):
    """The page; afterwards this browser is known for its user."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if form.reached:
            response.status_code = 429
            come_back(response, form.reached)
        return response

    def form_valid(self, form):
        response = super().form_valid(form)
        name = known_name(form.get_user().get_username())
        KnownBrowser.of(self.request).having_met(STAFF, name).write(response)
        return response
