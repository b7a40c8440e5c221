"""How a letter comes: sent by a citizen, or brought on paper and entered by a clerk."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone, translation

from servicedesk import references
from servicedesk.models.absence import LongAbsence
from servicedesk.models.answer import Answer
from servicedesk.models.attachment import Attachment
from servicedesk.models.draft import Draft
from servicedesk.models.event import Event
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.form_version import FormVersion
from servicedesk.models.letter_words import LetterWords
from servicedesk.models.limit import LimitHit
from servicedesk.models.numbering import NumberingRule
from servicedesk.models.office_calendar import promised_day
from servicedesk.models.outbox import OutgoingMessage
from servicedesk.models.unit import Unit
from servicedesk.models.user import User


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


@dataclass(frozen=True)
class PaperLetter:
    """What a clerk entered of a letter on paper. ``mobile``: E.164, or ""; ``contact``: where else its sender is."""

    sender_name: str
    subject: str
    unit: Unit
    mobile: str = ""
    contact: str = ""
    scans: tuple[Attachment, ...] = ()


class Arriving:
    """A part of Letter."""

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
            letter = cls._insert(
                service,
                content,
                citizen=citizen,
                form_key=form_key,
                version=content.version,
                receipt_text=service.receipt_text,
            )
            if content.sender_name:
                User.citizens.filter(pk=citizen.pk).update(last_name_used=content.sender_name)
            for file in filter(None, (content.body, *content.files)):
                letter._attach(file)
            letter._keep_answers(content.answers)
            LetterWords.keep(letter)
            Draft.objects.filter(citizen=citizen, form_key=form_key).delete()
            Event.record(letter, EventKind.SUBMITTED, citizen, unit=content.unit)
            letter._number_on_arrival()
            LimitHit.take("letters-by-citizen", citizen.pk)
        return letter

    @classmethod
    def enter(cls, *, by, service, form_key, paper):
        """«ثبت حضوری»: takes in a letter on paper (a PaperLetter); its receipt is owed where its sender has a mobile
        number, whose account it joins. Idempotent, as ``submit``. Raises FileGone.

        It speaks the language of its service's page, whichever the clerk's own is.
        """
        with transaction.atomic(), translation.override(service.locale.language_code):
            User.objects.select_for_update(no_key=True).get(pk=by.pk)
            earlier = cls.objects.filter(entered_by=by, form_key=form_key).first()
            if earlier:
                return earlier
            letter = cls._insert(
                service,
                paper,
                citizen=cls._owner_of(paper.mobile) if paper.mobile else None,
                form_key=form_key,
                channel=cls.Channel.COUNTER,
                entered_by=by,
                contact=paper.contact,
            )
            for scan in paper.scans:
                letter._attach(scan)
            LetterWords.keep(letter)
            Event.record(letter, EventKind.SUBMITTED, by, unit=paper.unit)
            letter._number_on_arrival()
        return letter

    @staticmethod
    def _owner_of(mobile):
        """The account that a paper letter with this number joins.

        Whoever brings it uses the number again: after a long silence he may be another person, and must not come to the
        letters of the one before by the tracking code of his own.
        """
        citizen = User.citizens.select_for_update(no_key=True).get(pk=User.citizens.owning(mobile).pk)
        if LongAbsence.notice(citizen):
            OutgoingMessage.objects.filter(letter__citizen=citizen).call_off()
        return citizen

    @classmethod
    def _insert(cls, service, content, **more):
        promised_on = promised_day(content.unit, service.promised_days, timezone.now())
        return cls.objects.create(
            reference=cls._free_reference(),
            service=service,
            service_title=service.title,
            unit=content.unit,
            first_unit=content.unit,
            sender_name=content.sender_name,
            subject=content.subject,
            language=translation.get_language(),
            promised_on=promised_on,
            due_on=promised_on,
            **more,
        )

    def _number_on_arrival(self):
        rule = NumberingRule.objects.filter(unit=self.unit_id, on_arrival=True).first()
        if rule:
            self._take_number(rule)

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
