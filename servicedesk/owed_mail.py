"""Django's default mailer: whatever a package mails inside a request is owed, and sent by a worker."""

import uuid

from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from servicedesk.models import OutgoingMessage
from servicedesk.models.outbox import Channel


class OwedMail(BaseEmailBackend):
    def send_messages(self, email_messages):
        """Owes each mail to each of its readers; the number of mails. Plain text alone: what we send has no other."""
        for mail in email_messages:
            for recipient in mail.recipients():
                OutgoingMessage.owe(
                    kind=OutgoingMessage.Kind.MESSAGE,
                    channel=Channel.EMAIL,
                    recipient=recipient,
                    text=f"{mail.subject}\n{mail.body}",
                    language=get_language(),
                    dedupe_key=f"mail:{uuid.uuid4()}",
                )
        return len(email_messages)
