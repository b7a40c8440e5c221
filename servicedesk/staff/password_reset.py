"""A forgotten password: whoever asks hears the same at the same time, whether or not the mailbox is somebody's."""

from wagtail.admin.forms.auth import PasswordResetForm

from servicedesk.client_address import client_address
from servicedesk.models import LimitHit, LimitReached
from servicedesk.password_links import owe_link
from servicedesk.staff.password_tries import known_name


class ResetForm(PasswordResetForm):
    """Wagtail's form, which sends nothing itself: the outbox does, so that a mailbox that exists takes no longer and a
    broker that is away loses nothing."""

    def save(self, *, request, **options):
        """Where a limit is reached nothing is owed, and the page says nothing else."""
        email = self.cleaned_data["email"]
        try:
            with LimitHit.counted_or_refused():
                LimitHit.take("password-reset-from-address", client_address(request).host)
                LimitHit.take("password-reset-to-mailbox", known_name(email))
                # As their owners wrote it; and as it was typed where it is nobody's, so that as much is done.
                for mailbox in {user.email for user in self.get_users(email)} or {email}:
                    owe_link(mailbox)
        except LimitReached:
            return
