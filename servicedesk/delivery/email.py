"""E-mail, for staff: through Django's mailer, in a thread of its own so that a mail server that drips holds nobody."""

import smtplib
import ssl

from django.conf import settings
from django.core.mail import EmailMessage, mailers

from servicedesk.delivery.message import Accepted, CannotBeAsked, DeliveryError, Message
from servicedesk.delivery.watched import Watched

NAME = "email"


class Email(CannotBeAsked):
    """The mail server of EMAIL_URL. The first line of a message's text is its subject."""

    name = NAME
    # A repeat carries the same Message-ID, and an alarm or a link that comes twice does no harm.
    repeats_safely = True

    def __init__(self):
        self._watched = Watched()

    def send(self, message: Message, timeout: float) -> Accepted:
        late = DeliveryError("mail_timeout", fault="passing")
        self._watched.call(lambda: _send(message), timeout, late=late)
        return Accepted(None)


def _send(message: Message) -> None:
    subject, _, body = message.text.partition("\n")
    headers = {
        "Message-ID": f"<outbox-{message.id}@{settings.PUBLIC_HOST}>",
        "Auto-Submitted": "auto-generated",
    }
    mail = EmailMessage(subject, body.lstrip("\n"), settings.DEFAULT_FROM_EMAIL, [message.to], headers=headers)
    failed = None
    try:
        mailers["server"].send_messages([mail])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        failed = _sorted(error)
    # Outside the except block: what the library raises quotes addresses and must not come along.
    if failed:
        raise failed


def _sorted(error: Exception) -> DeliveryError:
    """The error, sorted by fault, without the mail server's words."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return DeliveryError("mail_login", fault="gateway")
        case smtplib.SMTPRecipientsRefused():
            codes = [code for code, _ in error.recipients.values()]
            return DeliveryError("mail_recipient", fault="message" if all(code >= 500 for code in codes) else "passing")
        case smtplib.SMTPResponseException():
            fault = "gateway" if error.smtp_code >= 500 else "passing"
            return DeliveryError(f"mail_{error.smtp_code}", fault=fault)
        case smtplib.SMTPNotSupportedError():
            return DeliveryError("mail_not_supported", fault="gateway")
        case ssl.SSLCertVerificationError():
            return DeliveryError("mail_certificate", fault="gateway")
        case TimeoutError():
            return DeliveryError("mail_timeout", fault="passing")
        case ValueError():
            return DeliveryError("mail_recipient", fault="message")
    return DeliveryError("mail_no_connection", fault="passing")
