"""The account page of staff: Wagtail's, except that the password is counted as at every other place where one is
typed, that another e-mail address wants it too, and that a new password ends its owner's other sessions."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.forms.auth import PasswordChangeForm
from wagtail.admin.views.account import AccountView, ChangePasswordPanel, NameEmailSettingsPanel

from servicedesk.middleware import LISTED
from servicedesk.models import UserSession
from servicedesk.staff.password_tries import require_own_password


class NameAndAddressForm(NameEmailForm):
    """Whoever may change the address can have a new password mailed to it: an open session is not enough for that."""

    own_password = forms.CharField(
        label=_("Your password"),
        help_text=_("Only for another e-mail address: links to a new password go there."),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "dir": "ltr"}),
    )

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_own_password(self):
        own_password = self.cleaned_data["own_password"]
        if "email" in self.changed_data and "email" not in self.errors:
            require_own_password(self.request, own_password)
        return own_password


class NewPasswordForm(PasswordChangeForm):
    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self):
        old_password = self.cleaned_data["old_password"]
        require_own_password(self.request, old_password)
        return old_password

    def save(self, commit=True):
        # Django ends the sessions themselves by their hash; their rows would stand in the list until they lapse.
        UserSession.end_all(self.user, but=self.request.session.get(LISTED))
        return super().save(commit)


class _AsksForPassword:
    """A panel whose form is made once: Wagtail makes forms anew for each look, and each would count as a try."""

    form = None

    def form_class(self, *args, **kwargs):
        return self.form(*args, request=self.request, **kwargs)

    def get_form(self):
        return self._made

    @cached_property
    def _made(self):
        return super().get_form()


class NameAndAddressPanel(_AsksForPassword, NameEmailSettingsPanel):
    form = NameAndAddressForm


class NewPasswordPanel(_AsksForPassword, ChangePasswordPanel):
    form = NewPasswordForm


class Account(AccountView):
    def get_panels(self):
        return [self._ours.get(type(panel), panel) for panel in super().get_panels()]

    @cached_property
    def _ours(self):
        """Wagtail's kinds of panels, and what stands in their place for the whole request."""
        ours = {NameEmailSettingsPanel: NameAndAddressPanel, ChangePasswordPanel: NewPasswordPanel}
        return {theirs: panel(self.request, self.request.user, None) for theirs, panel in ours.items()}
