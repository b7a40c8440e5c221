"""The account page of staff: Wagtail's, except that the old password is counted as at every other place where one is
typed, and that a new password ends its owner's other sessions."""

from django.utils.functional import cached_property
from wagtail.admin.forms.auth import PasswordChangeForm
from wagtail.admin.views.account import AccountView, ChangePasswordPanel

from servicedesk.middleware import LISTED
from servicedesk.models import UserSession
from servicedesk.staff.password_tries import require_own_password


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


class NewPasswordPanel(ChangePasswordPanel):
    def form_class(self, user, *args, **kwargs):
        return NewPasswordForm(user, *args, request=self.request, **kwargs)

    def get_form(self):
        return self._form

    @cached_property
    def _form(self):
        return super().get_form()


class Account(AccountView):
    def get_panels(self):
        panels = super().get_panels()
        return [self._password_panel if isinstance(panel, ChangePasswordPanel) else panel for panel in panels]

    @cached_property
    def _password_panel(self):
        # One for the whole request: Wagtail makes panels and forms anew for each look, and each would count as a try.
        return NewPasswordPanel(self.request, self.request.user, None)
