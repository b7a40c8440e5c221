"""A forgotten password: whoever asks hears the same at the same time, whether or not the mailbox is somebody's."""

from django.utils import translation
from wagtail.admin.forms.auth import PasswordResetForm

from servicedesk.client_address import client_address
from servicedesk.models import LimitHit, LimitReached
from servicedesk.password_links import NOBODY, ask_for_link
from servicedesk.staff.password_tries import known_name


class ResetForm(PasswordResetForm):
    """Wagtail's form, which sends nothing itself: a worker does, so that a mailbox that exists takes no longer."""

    def save(self, *, request, **options):
        """Where a limit is reached nothing is sent, and the page says nothing else."""
        email = self.cleaned_data["email"]
        try:
            with LimitHit.counted_or_refused():
                LimitHit.take("password-reset-from-address", client_address(request).host)
                LimitHit.take("password-reset-to-mailbox", known_name(email))
        except LimitReached:
            return
        for user_id in [user.pk for user in self.get_users(email)] or [NOBODY]:
            ask_for_link(user_id, translation.get_language())
