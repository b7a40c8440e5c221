"""The mail with the link to a new password, sent by a worker."""

import logging

from celery import current_app
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.utils import translation
from kombu.exceptions import OperationalError

from servicedesk.models import User

log = logging.getLogger(__name__)

# Asked for in the place of a person, so that asking takes as long.
NOBODY = 0


def ask_for_link(user_id, language):
    """Tells a worker. Without a broker the mail is not sent, and the person asks again."""
    try:
        current_app.send_task("servicedesk.send_password_link", args=[user_id, language], queue="messages", retry=False)
    except (OperationalError, OSError) as error:
        log.warning("broker is away, no link to a new password: %s", type(error).__name__)


def send_link(user_id, language):
    """Mails the link to a staff member with a password, if there is one."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or not user.email or not user.has_usable_password():
        return
    form = _ToOne({"email": user.email})
    form.user = user
    if not form.is_valid():
        log.warning("no link to a new password: the address of a staff member is none")
        return
    with translation.override(language):
        form.save(
            domain_override=settings.PUBLIC_HOST,
            use_https=not settings.LOCAL,
            subject_template_name="wagtailadmin/account/password_reset/email_subject.txt",
            email_template_name="wagtailadmin/account/password_reset/email.txt",
        )


class _ToOne(PasswordResetForm):
    """Of several people with one mailbox, the one who is meant."""

    def get_users(self, email):
        return [self.user]
