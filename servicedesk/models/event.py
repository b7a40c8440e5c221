"""The timeline of a letter: appended, never changed; and what each kind of event owes the citizen."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from servicedesk.models.absence import LongAbsence
from servicedesk.models.message_text import text_about
from servicedesk.models.outbox import OutgoingMessage


class Kind(models.TextChoices):
    SUBMITTED = "submitted", _("Sent")
    INTERIM_ANSWER = "interim-answer", _("Interim answer")
    ANSWERED = "answered", _("Final answer")
    FORWARDED = "forwarded", _("Forwarded")
    NOTED = "noted", _("Internal note")
    FILE_REMOVED = "file-removed", _("File removed")
    FILE_REMOVED_LATE = "file-removed-late", _("File removed after the end")
    FILE_GIVEN = "file-given", _("Another file")
    REPLY_FILE_REMOVED = "reply-file-removed", _("File of the answer removed")
    REPLY_FILE_GIVEN = "reply-file-given", _("Another file with the answer")
    CORRECTED = "corrected", _("Corrected answer")
    HANDED_IN = "handed-in", _("Answer handed in for approval")
    SENT_BACK = "sent-back", _("Answer sent back")
    ASKED = "asked", _("More was asked for")
    COMPLETED = "completed", _("The citizen has answered")
    REMINDED = "reminded", _("Reminder")
    TAKEN_BACK = "taken-back", _("Question taken back")
    LAPSED = "lapsed", _("Closed, since no answer came")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Opened again")
    POSTPONED = "postponed", _("Later day")
    ASSIGNED = "assigned", _("Given to a person")
    RELEASED = "released", _("Given to nobody")
    COPIED = "copied", _("Copy for information")
    CONSULTED = "consulted", _("Opinion asked for")
    ADVISED = "advised", _("Opinion given")
    RESERVICED = "reserviced", _("Service corrected")
    NUMBERED = "numbered", _("Official number")
    WITHDRAWN = "withdrawn", _("Taken back")


# Which channels a kind of event tells the citizen through, with templates/servicedesk/messages/<kind>.<channel>.txt.
# Each kind also has its line of the timeline, templates/servicedesk/timeline/<kind>.html.
CHANNELS = {
    Kind.SUBMITTED: ("sms",),
    Kind.INTERIM_ANSWER: ("sms",),
    Kind.ANSWERED: ("sms",),
    Kind.FORWARDED: (),
    Kind.NOTED: (),
    Kind.FILE_REMOVED: ("sms",),
    Kind.FILE_REMOVED_LATE: (),
    Kind.FILE_GIVEN: (),
    # Nothing is asked of the citizen yet; he hears of it once the other file is there.
    Kind.REPLY_FILE_REMOVED: (),
    Kind.REPLY_FILE_GIVEN: ("sms",),
    Kind.CORRECTED: ("sms",),
    Kind.HANDED_IN: (),
    Kind.SENT_BACK: (),
    Kind.ASKED: ("sms",),
    Kind.COMPLETED: (),
    Kind.REMINDED: ("sms",),
    Kind.TAKEN_BACK: (),
    Kind.LAPSED: ("sms",),
    Kind.CLOSED: ("sms",),
    Kind.REOPENED: ("sms",),
    Kind.POSTPONED: ("sms",),
    Kind.ASSIGNED: (),
    Kind.RELEASED: (),
    Kind.COPIED: (),
    Kind.CONSULTED: (),
    Kind.ADVISED: (),
    Kind.RESERVICED: (),
    Kind.NUMBERED: (),
    # The citizen did it himself.
    Kind.WITHDRAWN: (),
}
# What the organisation answers; and all that is news to a citizen: of which he is told, but for his own sending.
ANSWERS = (Kind.INTERIM_ANSWER, Kind.ANSWERED, Kind.CORRECTED)
NEWS = tuple(kind for kind, channels in CHANNELS.items() if channels and kind != Kind.SUBMITTED)
# What happens among colleagues: no citizen sees it.
INTERNAL = (
    Kind.NOTED,
    Kind.HANDED_IN,
    Kind.SENT_BACK,
    Kind.ASSIGNED,
    Kind.RELEASED,
    Kind.COPIED,
    Kind.CONSULTED,
    Kind.ADVISED,
)


class EventIsWritten(Exception):
    """Somebody tried to change or remove a line of a timeline."""


class EventQuerySet(models.QuerySet):
    def for_citizen(self):
        """The lines that the letter's citizen sees."""
        return self.exclude(kind__in=INTERNAL)

    def with_names(self):
        """With whom and what a timeline names."""
        return self.select_related("unit", "actor", "person")

    def redact(self, citizen):
        """The one exception to «never changed»: of an anonymised letter, kinds, units and dates stay, and what staff
        did; what was written and who the citizen was goes. Only RemovalRecord.anonymise calls it."""
        super().update(remark="", message="", form_key=None)
        super(EventQuerySet, self.filter(actor=citizen)).update(actor=None)

    def update(self, **values):
        raise EventIsWritten

    def delete(self):
        raise EventIsWritten


class Event(models.Model):
    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind)
    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("servicedesk.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    reply = models.ForeignKey("servicedesk.Reply", null=True, on_delete=models.PROTECT, related_name="+")
    # For staff only: a note, or the reason for forwarding.
    remark = models.TextField(blank=True)
    # For the citizen too: what is asked, or why.
    message = models.TextField(blank=True)
    # The colleague whom it is about.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # The day that it names, such as a later one for the answer.
    day = models.DateField(null=True)
    # Of the form that a clerk sent: the same form sent twice leaves one line.
    form_key = models.UUIDField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["letter", "at"])]
        constraints = [models.UniqueConstraint(fields=["letter", "form_key"], name="one_event_per_form")]

    def __str__(self):
        return f"{self.kind} {self.at}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise EventIsWritten
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise EventIsWritten

    @classmethod
    def record(cls, letter, kind, actor, **details):
        """Writes one line (``details``: its other fields) and owes what its kind tells the citizen.

        Nothing is owed for a paper letter without a number, nor for one that its citizen does not see: the number may
        be somebody else's by now, and the tracking code in the SMS would be his proof that it is not.
        """
        event = cls.objects.create(letter=letter, kind=kind, actor=actor, **details)
        if CHANNELS[kind] and letter.citizen_id and not LongAbsence.hides(letter):
            for channel in CHANNELS[kind]:
                event._owe(channel)
        return event

    def _owe(self, channel):
        """Owes the citizen's message in the language of the letter."""
        letter = self.letter
        with translation.override(letter.language):
            text = text_about(self.kind, channel, reference=letter.reference, service=letter.service)
        OutgoingMessage.owe(
            kind=OutgoingMessage.Kind.MESSAGE,
            recipient=letter.citizen.mobile,
            text=text,
            language=letter.language,
            dedupe_key=f"event:{self.pk}:{channel}",
            letter=letter,
        )
