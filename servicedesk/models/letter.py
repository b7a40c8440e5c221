"""The letter (نامه): what a citizen sends, and every verb that moves it."""

from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from servicedesk import references, workflow
from servicedesk.models.absence import LongAbsence
from servicedesk.models.answer import Answer
from servicedesk.models.attachment import Attachment
from servicedesk.models.desk_settings import LONGEST_TEXT
from servicedesk.models.draft import Draft
from servicedesk.models.event import Event
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.form_version import FormVersion
from servicedesk.models.letter_reading import LetterReading
from servicedesk.models.limit import LimitHit
from servicedesk.models.office_calendar import promised_day
from servicedesk.models.reply import Reply
from servicedesk.models.unit import Unit
from servicedesk.models.user import User
from servicedesk.workflow import Status


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door to letters: a citizen's own, a unit member's unit's, all for a superuser.

        What one may not see does not exist; nor, after a long absence, what nobody has shown to be his; nor what was
        anonymised.
        """
        return self.countable_by(user).filter(anonymised_at=None)

    def countable_by(self, user):
        """For figures: the same letters, and those that were anonymised, of which only unit, service, status and dates
        are left."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_citizen:
            return self.filter(~models.Exists(LongAbsence.hiding_letters_of(user)), citizen=user)
        if user.is_superuser:
            return self.all()
        return self.filter(unit__in=Unit.objects.of(user))

    def open(self):
        return self.filter(status__in=workflow.OPEN)

    def with_final_answers(self):
        """Fetches what a list of letters shows of each, in a constant number of queries."""
        finals = models.Prefetch("replies", Reply.objects.filter(is_final=True).order_by("-at", "-pk"), "final_answers")
        return self.select_related("unit").prefetch_related(finals)


class FileGone(Exception):
    """The accepted file was removed, in another tab or by time, before its letter or answer was sent."""


def _once(verb):
    """Makes a method a verb: one transaction, in which the letter's row is locked and freshly read, so that of two
    verbs at once the second sees what the first did.

    ``form_key`` (UUID) names the form that asked for it. Where that form was sent before, nothing happens and the
    event that it left then is given.
    """

    @wraps(verb)
    def locked(self, *, form_key=None, **details):
        with transaction.atomic():
            fresh = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
            if fresh.anonymised_at:
                raise workflow.MoveNotAllowed(fresh.status, fresh.status)
            self.status, self.unit_id = fresh.status, fresh.unit_id
            return self._event_of(form_key) or verb(self, form_key=form_key, **details)

    return locked


@dataclass(frozen=True)
class LetterContent:
    """What a citizen filled in, checked and tidied by the form."""

    sender_name: str
    subject: str
    unit: Unit
    body: Attachment | None
    # The form as it was shown, the unsaved answers to its questions, and their files.
    version: FormVersion | None = None
    answers: tuple[Answer, ...] = ()
    files: tuple[Attachment, ...] = ()


class Letter(LetterReading, models.Model):
    reference = models.CharField(_("tracking code"), max_length=10, unique=True)
    # Nobody, once the letter is anonymised.
    citizen = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="letters")
    form_key = models.UUIDField()
    service = models.ForeignKey("servicedesk.ServicePage", null=True, on_delete=models.SET_NULL, related_name="letters")
    # As it was called when the citizen saw it.
    service_title = models.CharField(max_length=255)
    # The form as the citizen saw it; none for a letter from before services had questions.
    version = models.ForeignKey(FormVersion, null=True, on_delete=models.PROTECT, related_name="letters")
    unit = models.ForeignKey(Unit, verbose_name=_("unit"), on_delete=models.PROTECT, related_name="letters")
    first_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    # Empty where the service does not ask for it.
    sender_name = models.CharField(_("full name"), max_length=LONGEST_TEXT, blank=True)
    subject = models.CharField(_("subject"), max_length=LONGEST_TEXT)
    language = models.CharField(max_length=8)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.IN_REVIEW)
    submitted_at = models.DateTimeField(_("sent"), db_default=Now())
    # By when the answer is promised, as counted when the letter came: no later change of service or calendar moves it.
    promised_on = models.DateField(null=True)
    # What its service says on the receipt, as it was then (HTML of Wagtail's rich text).
    receipt_text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    # When the citizen last opened it, to count new answers in words.
    seen_by_citizen_at = models.DateTimeField(null=True)
    anonymised_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["citizen", "form_key"], name="one_letter_per_form")]
        indexes = [
            models.Index(fields=["citizen", "-submitted_at"]),
            models.Index(fields=["unit", "status", "submitted_at"]),
        ]

    def __str__(self):
        return self.reference

    # --- Verbs: each is one transaction and leaves one event ---------------------------------------

    @classmethod
    def submit(cls, *, citizen, service, form_key, content):
        """Takes a letter in and owes its receipt. ``content`` is a LetterContent.

        Idempotent: a form that was sent before gives the letter it made. No network. Raises LimitReached, FileGone or
        TooOften; then nothing is kept.
        """
        with transaction.atomic():
            # Of two sends in parallel the second waits here and finds the letter. The constraint would stop it
            # too, but PostgreSQL writes a refused INSERT into its log, with name and subject.
            User.citizens.select_for_update(no_key=True).get(pk=citizen.pk)
            earlier = cls.objects.filter(citizen=citizen, form_key=form_key).first()
            if earlier:
                return earlier
            service.check_how_often(citizen)
            letter = cls._insert(citizen, service, form_key, content)
            for file in filter(None, (content.body, *content.files)):
                letter._attach(file)
            letter._keep_answers(content.answers)
            Draft.objects.filter(citizen=citizen, form_key=form_key).delete()
            Event.record(letter, EventKind.SUBMITTED, citizen, unit=content.unit)
            LimitHit.take("letters-by-citizen", citizen.pk)
        return letter

    @classmethod
    def _insert(cls, citizen, service, form_key, content):
        letter = cls.objects.create(
            reference=cls._free_reference(),
            citizen=citizen,
            form_key=form_key,
            service=service,
            service_title=service.title,
            version=content.version,
            unit=content.unit,
            first_unit=content.unit,
            sender_name=content.sender_name,
            subject=content.subject,
            language=translation.get_language(),
            promised_on=promised_day(content.unit, service.promised_days, timezone.now()),
            receipt_text=service.receipt_text,
        )
        if content.sender_name:
            User.citizens.filter(pk=citizen.pk).update(last_name_used=content.sender_name)
        return letter

    def _keep_answers(self, answers):
        for answer in answers:
            answer.letter = self
        Answer.objects.bulk_create(answers)

    @classmethod
    def _free_reference(cls):
        while True:
            reference = references.make()
            if not cls.objects.filter(reference=reference).exists():
                return reference

    @_once
    def answer(self, *, by, text, file=None, form_key=None):
        """The final answer: turns the letter green and tells the citizen. Gives its Event.

        Raises MoveNotAllowed, also where somebody else gave the final answer meanwhile, or FileGone.
        """
        if self.status == Status.ANSWERED and self.final_answer:
            raise workflow.MoveNotAllowed(self.status, Status.ANSWERED)
        self._move(Status.ANSWERED, answered_at=Now())
        return self._reply(EventKind.ANSWERED, by, text, file, form_key)

    @_once
    def answer_meanwhile(self, *, by, text, file=None, form_key=None):
        """An interim answer: the citizen reads it, the letter stays in review. Gives its Event."""
        self._require_open()
        return self._reply(EventKind.INTERIM_ANSWER, by, text, file, form_key)

    @_once
    def forward(self, *, by, to, reason, form_key=None):
        """Hands the letter to another unit; the reason is for staff only. Gives its Event."""
        self._require_open()
        self._set(unit=to)
        return Event.record(self, EventKind.FORWARDED, by, unit=to, remark=reason, form_key=form_key)

    @_once
    def note(self, *, by, text, form_key=None):
        """Writes an internal note that no citizen sees. Gives its Event."""
        return Event.record(self, EventKind.NOTED, by, unit=self.unit, remark=text, form_key=form_key)

    @_once
    def lose_file(self, *, file, signature, form_key=None):
        """Takes away a file in which the scanner found something (``signature``: its name for it).

        For the body file the citizen is asked for another, and the letter waits for it; for the file of an answer
        the unit is. Gives its Event; None where the file is not among the letter's unchecked ones any more.
        """
        if not file.condemn(signature, letter=self):
            return None
        if file.reply:
            kind = EventKind.REPLY_FILE_REMOVED
            return Event.record(self, kind, None, unit=file.reply.unit, reply=file.reply, remark=signature)
        if self.status not in workflow.OPEN:
            return Event.record(self, EventKind.FILE_REMOVED_LATE, None, remark=signature)
        if self.status == Status.IN_REVIEW:
            self._move(Status.WAITING)
        return Event.record(self, EventKind.FILE_REMOVED, None, remark=signature)

    @_once
    def give_file(self, *, by, file, form_key=None):
        """The citizen's other file. The letter is in review again at once, while the file is still being checked:
        the citizen has done his part. Gives its Event. Raises MoveNotAllowed or FileGone."""
        # Read anew, under the lock: this letter may have been fetched with its files before.
        fresh = type(self).objects.get(pk=self.pk)
        if not fresh.wants_file:
            raise workflow.MoveNotAllowed(self.status, Status.IN_REVIEW)
        lost = fresh.lost_file
        self._attach(file, question=lost.question, replaces=lost.pk if lost.question else None)
        # Of several that were lost, each is asked for.
        if self.status == Status.WAITING and not type(self).objects.get(pk=self.pk).wants_file:
            self._move(Status.IN_REVIEW)
        return Event.record(self, EventKind.FILE_GIVEN, by, form_key=form_key)

    @_once
    def give_reply_file(self, *, by, reply, file, form_key=None):
        """The other file for an answer whose file was removed, by the unit that has the letter now. An answer that
        lacks none keeps what the citizen was given. Gives its Event. Raises MoveNotAllowed or FileGone."""
        if not self.replies.get(pk=reply.pk).wants_file:
            raise workflow.MoveNotAllowed(self.status, self.status)
        self._attach(file, reply=reply)
        return Event.record(self, EventKind.REPLY_FILE_GIVEN, by, unit=self.unit, reply=reply, form_key=form_key)

    def mark_seen(self):
        """Remembers that the citizen has looked at the letter."""
        type(self).objects.filter(pk=self.pk).update(seen_by_citizen_at=Now())

    # --- What the verbs are made of -------------------------------------------------------------------

    def _move(self, wanted, **values):
        """The only place where a status changes. Raises MoveNotAllowed."""
        workflow.require(self.status, wanted)
        self._set(status=wanted, **values)

    def _require_open(self):
        if self.status not in workflow.OPEN:
            raise workflow.MoveNotAllowed(self.status, self.status)

    def _set(self, **values):
        type(self).objects.filter(pk=self.pk).update(**values)
        self.refresh_from_db(fields=list(values))

    def _event_of(self, form_key):
        """The event that this form has left already, or None."""
        return self.events.filter(form_key=form_key).first() if form_key else None

    def _reply(self, kind, by, text, file, form_key):
        reply = Reply.objects.create(
            letter=self, author=by, unit=self.unit, text=text, is_final=kind == EventKind.ANSWERED
        )
        if file is not None:
            self._attach(file, reply=reply)
        return Event.record(self, kind, by, unit=self.unit, reply=reply, form_key=form_key)

    def _attach(self, file, **more):
        """Makes an accepted file the letter's own. Raises FileGone, also where the scanner has removed it."""
        free = Attachment.objects.filter(pk=file.pk, letter=None).exclude(state=Attachment.State.REMOVED)
        if not free.update(letter=self, **more):
            raise FileGone
