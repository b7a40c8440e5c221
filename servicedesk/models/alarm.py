"""What people must know at once: a condition that lasts, said once when it begins and gone when it ends.

An alarm carries numbers, never people: it stands on the admin's home page and goes out by e-mail, through the outbox.
"""

from datetime import timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from servicedesk.models.desk_settings import DeskSettings
from servicedesk.models.outbox import Channel, OutgoingMessage
from servicedesk.models.user import User

# An alarm that comes and goes is told at most so often.
MAIL_PAUSE = timedelta(hours=1)


class Kind(models.TextChoices):
    SMS_BUDGET_HALF = "sms-budget-half", _("Half of the budget for codes by SMS is used up")
    SMS_BUDGET_SPENT = "sms-budget-spent", _("The budget for codes by SMS is used up")
    GATEWAY_FAILING = "gateway-failing", _("An SMS gateway refuses our account or does not answer")
    MAIL_FAILING = "mail-failing", _("The mail server refuses our account or does not answer")
    MESSAGES_UNDELIVERED = "messages-undelivered", _("Messages could not be delivered")
    SCANNER_LATE = "scanner-late", _("Files have been waiting for the virus scanner for over ten minutes")
    FILE_INFECTED = "file-infected", _("The virus scanner has found something in a file")
    STORE_DIFFERS = "store-differs", _("The database and the file store do not agree")
    RETENTION_OVERDUE = "retention-overdue", _("Letters are kept longer than promised")


# What whoever reads it should do; a kind without a line here speaks for itself.
ADVICE = {
    Kind.SMS_BUDGET_HALF: _("Look at the page of the SMS gateways: is this a busy day, or does somebody abuse codes?"),
    Kind.SMS_BUDGET_SPENT: _(
        "Until the budget renews itself no code is sent to strangers. Raise it if this is no abuse."
    ),
    Kind.GATEWAY_FAILING: _(
        "Check the account's credit and key at the gateway. Messages wait and leave by themselves."
    ),
    Kind.MAIL_FAILING: _("Check the address and the account of the mail server (EMAIL_URL)."),
    Kind.MESSAGES_UNDELIVERED: _("Open the list of undelivered messages: send again, or set aside what is settled."),
    Kind.SCANNER_LATE: _("Check that the virus scanner runs. Files wait for it and are shown to nobody meanwhile."),
    Kind.FILE_INFECTED: _("The file is removed. See in its letter whether the sender has been asked for a new one."),
    Kind.STORE_DIFFERS: _("Run check_storage; it says which files and rows have no counterpart."),
    Kind.RETENTION_OVERDUE: _("Check that the background worker runs: it removes what is overdue."),
}
# Mail about mail that does not work would only wait, too.
NOT_BY_MAIL = {Kind.MAIL_FAILING}
# The names of figures in words; what is not among them is shown as it is.
FIGURES = {
    "reason": _("reason"),
    "undelivered": _("messages"),
    "minute": _("in the last minute"),
    "minute_budget": _("allowed in a minute"),
    "day": _("in the last day"),
    "day_budget": _("allowed in a day"),
    "files": _("files"),
    "found_in_a_day": _("found in the last day"),
    "letters": _("letters"),
    "count": _("number"),
}


class AlarmQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at=None)


class Alarm(models.Model):
    # A Kind; a new one needs no migration.
    kind = models.CharField(max_length=30)
    # What it is about where there may be several, such as a gateway's name; never a person.
    subject = models.CharField(max_length=100, blank=True)
    figures = models.JSONField(default=dict)
    raised_at = models.DateTimeField(db_default=Now())
    last_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(settled_at=None), name="one_open_alarm_of_a_kind"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.raised_at}"

    @property
    def label(self):
        """What holds, as a sentence in the active language."""
        return str(Kind(self.kind).label)

    @property
    def advice(self):
        """What to do, in the active language; empty where nobody said."""
        return str(ADVICE.get(self.kind, ""))

    @property
    def figures_in_words(self):
        """(name, value) of each figure, the name in the active language."""
        return [(str(FIGURES.get(name, name)), value) for name, value in self.figures.items()]

    @classmethod
    def sound(cls, kind, subject="", **figures):
        """Says that a condition holds. The first time opens an alarm; later ones bring its ``figures`` up to date."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"alarm:{kind}:{subject}"])
            standing = cls.objects.open().filter(kind=kind, subject=subject)
            if not standing.update(last_at=Now(), figures=figures):
                cls.objects.create(kind=kind, subject=subject, figures=figures)
            cls._owe_mail(kind, subject)

    @classmethod
    def settle(cls, kind, subject=""):
        """Says that a condition holds no longer."""
        cls.objects.open().filter(kind=kind, subject=subject).update(settled_at=Now())

    @classmethod
    def _owe_mail(cls, kind, subject):
        """Owes the e-mails about an open alarm, unless it or its forerunner has had them within the hour."""
        same = cls.objects.filter(kind=kind, subject=subject)
        if kind in NOT_BY_MAIL or same.filter(mailed_at__gt=Now() - MAIL_PAUSE).exists():
            return
        alarm = same.open().filter(mailed_at=None).first()
        if alarm is None:
            return
        cls.objects.filter(pk=alarm.pk).update(mailed_at=Now())
        with translation.override(settings.LANGUAGE_CODE):
            text = alarm.mail_text()
        for number, address in enumerate(recipients()):
            OutgoingMessage.owe(
                kind=OutgoingMessage.Kind.MESSAGE,
                channel=Channel.EMAIL,
                recipient=address,
                text=text,
                language=settings.LANGUAGE_CODE,
                dedupe_key=f"alarm:{alarm.pk}:{number}",
            )

    def mail_text(self):
        """The e-mail in the active language: its subject, then what holds, its figures and what to do."""
        desk = DeskSettings.load()
        subject = _gettext("%(desk)s: %(alarm)s") % {"desk": desk.short_name, "alarm": self.label}
        home = settings.PUBLIC_URL + reverse("wagtailadmin_home") + "#alarms"
        body = render_to_string("servicedesk/messages/alarm.email.txt", {"alarm": self, "desk": desk, "home": home})
        return f"{subject}\n{body.strip()}\n"


def recipients():
    """The addresses that alarms go to, each once."""
    named = DeskSettings.load().alarm_addresses.split()
    if not named:
        superusers = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
        named = superusers.order_by("pk").values_list("email", flat=True)
    return list(dict.fromkeys(named))
