"""The mail with the link to a new password: owed like every other message, and its link made while it is sent.

The row is written for the mailbox that somebody typed, whether or not it is anybody's; who has it is found when it is
sent. No link is at rest anywhere, and none is older than the mail that brings it.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from servicedesk.models import DeskSettings, OutgoingMessage, User
from servicedesk.models.outbox import Channel

# Who has waited for longer than this has asked again, or given up.
MAIL_LIFE = timedelta(hours=1)


def owe_link(mailbox):
    """Owes the mail, in the open transaction. While one for this mailbox waits, it waits longer instead."""
    link = OutgoingMessage.Kind.LINK
    waiting = OutgoingMessage.objects.filter(kind=link, recipient=mailbox, final_at=None, flagged_at=None)
    if waiting.update(not_after=Now() + MAIL_LIFE):
        return
    OutgoingMessage.owe(
        kind=link,
        channel=Channel.EMAIL,
        recipient=mailbox,
        text=_mail_text(),
        language=translation.get_language(),
        dedupe_key=f"password-link:{uuid.uuid4()}",
        not_after=Now() + MAIL_LIFE,
    )


def _mail_text():
    """The mail in the active language, its subject first, with a place for the links."""
    desk = DeskSettings.load()
    subject = _("%(desk)s: a new password for the staff's pages") % {"desk": desk.short_name}
    words = {"desk": desk, "links": OutgoingMessage.LINK_PLACE}
    return f"{subject}\n{render_to_string('servicedesk/messages/password-link.email.txt', words).strip()}\n"


def with_links(message):
    """The text of such a mail with links that are made now; None where nobody has this mailbox."""
    people = User.objects.filter(email=message.recipient, is_active=True).order_by("pk")
    people = [person for person in people if person.has_usable_password()]
    if not people:
        return None
    with translation.override(message.language):
        links = "\n\n".join(_link_of(person) for person in people)
    return message.text.replace(OutgoingMessage.LINK_PLACE, links)


def _link_of(person):
    name, token = urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)
    address = settings.PUBLIC_URL + reverse("wagtailadmin_password_reset_confirm", args=[name, token])
    return f"{_('Username')}: {person.get_username()}\n{address}"
