"""A delivery's reason, said so that the organisation's people know what to do."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_EXACT = {
    "no_connection": gettext_lazy("The SMS gateway could not be reached."),
    "untrusted_certificate": gettext_lazy("The SMS gateway's certificate cannot be trusted."),
    "timeout": gettext_lazy("The SMS gateway did not answer in time."),
    "connection_lost": gettext_lazy("The connection to the SMS gateway broke before its answer came."),
    "unreadable_answer": gettext_lazy("The SMS gateway's answer could not be read."),
    "file_not_writable": gettext_lazy("The file for this machine's messages cannot be written."),
    "cannot_look_up": gettext_lazy("The SMS gateway cannot be asked about this message."),
    "reported_failed": gettext_lazy("The SMS gateway has reported that the message did not arrive."),
    "cannot_be_asked": gettext_lazy(
        "Nobody can tell whether the message went out: the gateway was cut off and cannot be asked."
    ),
    "cut_off": gettext_lazy("Sending it was broken off at every try, so nobody can tell whether the message went out."),
    "kavenegar_401": gettext_lazy("The account at the SMS gateway is switched off."),
    "kavenegar_402": gettext_lazy("The SMS gateway failed to take the message."),
    "kavenegar_403": gettext_lazy("The SMS gateway does not accept the key."),
    "kavenegar_407": gettext_lazy("The SMS gateway does not accept this server's address."),
    "kavenegar_409": gettext_lazy("The SMS gateway is busy."),
    "kavenegar_411": gettext_lazy("The mobile number is not valid."),
    "kavenegar_412": gettext_lazy("The sender line is not valid."),
    "kavenegar_413": gettext_lazy("The text is empty or too long."),
    "kavenegar_416": gettext_lazy("The SMS gateway does not accept this server's address."),
    "kavenegar_418": gettext_lazy("The credit at the SMS gateway is used up."),
    "kavenegar_422": gettext_lazy("The text holds characters that the SMS gateway does not accept."),
    "kavenegar_424": gettext_lazy("The SMS gateway does not know the template."),
    "kavenegar_426": gettext_lazy("The plan at the SMS gateway does not allow this."),
    "kavenegar_427": gettext_lazy("The sender line may not be used for this."),
    "kavenegar_429": gettext_lazy("Too many messages were sent at once."),
    "kavenegar_432": gettext_lazy("The template has no place for the code."),
    "kavenegar_451": gettext_lazy("Too many messages were sent at once."),
    "kavenegar_501": gettext_lazy("The account at the SMS gateway is a test account."),
    "kavenegar_status_6": gettext_lazy("The operator could not deliver the message."),
    "kavenegar_status_11": gettext_lazy("The message did not reach the telephone."),
    "kavenegar_status_13": gettext_lazy("The message was cancelled at the SMS gateway."),
    "blocked_by_recipient": gettext_lazy(
        "The recipient's telephone number lets no messages of advertising lines through."
    ),
    "gateway_hangs": gettext_lazy("Earlier calls of the SMS gateway still hang, so it was not called again."),
    "apprise_refused": gettext_lazy("The SMS service said no, without a reason that could be read."),
    "apprise_broke": gettext_lazy("The package that speaks to the SMS service broke off."),
    "broke": gettext_lazy("The package that speaks to the SMS service broke off."),
    "smsir_0": gettext_lazy("The SMS gateway failed to take the message."),
    "smsir_10": gettext_lazy("The SMS gateway does not accept the key."),
    "smsir_11": gettext_lazy("The key at the SMS gateway is switched off."),
    "smsir_12": gettext_lazy("The SMS gateway does not accept this server's address."),
    "smsir_13": gettext_lazy("The account at the SMS gateway is switched off."),
    "smsir_14": gettext_lazy("The account at the SMS gateway is switched off."),
    "smsir_15": gettext_lazy("The plan at the SMS gateway does not allow this."),
    "smsir_20": gettext_lazy("Too many messages were sent at once."),
    "smsir_101": gettext_lazy("The sender line is not valid."),
    "smsir_102": gettext_lazy("The credit at the SMS gateway is used up."),
    "smsir_103": gettext_lazy("The text is empty or too long."),
    "smsir_104": gettext_lazy("The mobile number is not valid."),
    "smsir_113": gettext_lazy("The SMS gateway does not know the template."),
    "smsir_114": gettext_lazy("The code is too long for the template."),
    "smsir_116": gettext_lazy("The template has no place for the code."),
    "smsir_117": gettext_lazy("The text is not approved at the SMS gateway."),
    "smsir_119": gettext_lazy("The plan at the SMS gateway does not allow this."),
    "smsir_123": gettext_lazy("The sender line may not be used for this."),
    "smsir_124": gettext_lazy("The account at the SMS gateway may send codes only."),
    "smsir_state_2": gettext_lazy("The message did not reach the telephone."),
    "smsir_state_4": gettext_lazy("The operator could not deliver the message."),
    "smsir_state_6": gettext_lazy("The operator could not deliver the message."),
    "mail_no_connection": gettext_lazy("The mail server could not be reached."),
    "mail_timeout": gettext_lazy("The mail server did not answer in time."),
    "mail_login": gettext_lazy("The mail server does not accept the user name or the password."),
    "mail_certificate": gettext_lazy("The mail server's certificate cannot be trusted."),
    "mail_not_supported": gettext_lazy("The mail server does not offer what EMAIL_URL asks for."),
    "mail_recipient": gettext_lazy("The mail server does not accept the recipient's address."),
    "http_401": gettext_lazy("The SMS gateway does not accept the key."),
    "http_403": gettext_lazy("The SMS gateway does not accept the key."),
    "http_402": gettext_lazy("The credit at the SMS gateway is used up."),
    "http_422": gettext_lazy("The SMS gateway does not accept the number or the text."),
    "http_429": gettext_lazy("Too many messages were sent at once."),
}


def explain(reason: str) -> str:
    """A sentence in the active language for a ``DeliveryError.reason``; an unknown one shows its code."""
    if reason in _EXACT:
        return str(_EXACT[reason])
    if reason.startswith("http_5"):
        return _("The SMS gateway is out of order for the moment (%(code)s).") % {"code": reason}
    if reason.startswith("mail_"):
        return _("The mail server refused the message (%(code)s).") % {"code": reason}
    return _("The SMS gateway refused the message (%(code)s).") % {"code": reason}
