"""What was removed, when and by which rule: enough to prove it, nothing about the person."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F
from django.db.models.functions import Now, TruncDate
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from servicedesk import workflow
from servicedesk.models.absence import LongAbsence
from servicedesk.models.attachment import Attachment
from servicedesk.models.letter import Letter
from servicedesk.models.letter_words import LetterWords
from servicedesk.models.outbox import OutgoingMessage
from servicedesk.models.sms_device import SmsDevice
from servicedesk.models.user import User
from servicedesk.models.user_session import UserSession


class RemovalRecord(models.Model):
    class What(models.TextChoices):
        LETTER = "letter", _("A letter")
        ACCOUNT = "account", _("An account")
        DRAFTS = "drafts", _("Letters that were begun and never sent")
        UNSENT_FILES = "unsent-files", _("Files of letters that were never sent")
        MESSAGE_TEXTS = "message-texts", _("Texts and receivers of SMS")
        SIGN_INS = "sign-ins", _("Sign-ins with their codes")

    class Why(models.TextChoices):
        RETENTION = "retention", _("The time for keeping it was over")
        WISH = "wish", _("The citizen asked for it")

    what = models.CharField(max_length=20, choices=What)
    why = models.CharField(max_length=20, choices=Why)
    # Such as "24 months"; never anything about a person.
    rule = models.CharField(max_length=100, blank=True)
    count = models.PositiveIntegerField(default=1)
    files = models.PositiveIntegerField(default=0)
    # Of a letter: a keyed hash of its tracking code. Whoever names the code can be told that the letter was removed.
    mark = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["mark"]), models.Index(fields=["at"])]

    def __str__(self):
        return f"{self.what} {self.at}"

    @staticmethod
    def mark_of(reference):
        """What stays of a tracking code."""
        return salted_hmac("servicedesk.removed-letter", reference, algorithm="sha256").hexdigest()

    @classmethod
    def of_letter(cls, reference):
        """The record of a removed letter by its tracking code, or None."""
        return cls.objects.filter(mark=cls.mark_of(reference)).first()

    @classmethod
    def count_lapsed(cls, what, rule, count):
        """Adds ``count`` things that time removed to the line of this day."""
        today = cls.objects.annotate(day=TruncDate("at")).filter(day=TruncDate(Now()), what=what, rule=rule)
        if count and not today.update(count=F("count") + count):
            cls.objects.create(what=what, why=cls.Why.RETENTION, rule=rule, count=count)

    # --- Verbs: each is one transaction and leaves one record --------------------------------------

    @classmethod
    def hold_account(cls, citizen):
        """Locks all that goes with an account; gives its sign-ins, to be deleted.

        The one order for whoever locks several of these: request, sign-ins, letters, account, then messages and all the
        rest. A code that is right holds its sign-in and wants the account, a verb holds its letter and wants it.
        """
        mobile = User.citizens.filter(pk=citizen.pk).values_list("mobile", flat=True).first()
        sign_ins = SmsDevice.hold(mobile=mobile)
        list(Letter.objects.select_for_update(of=("self",)).filter(citizen=citizen.pk).order_by("pk").values_list("pk"))
        list(User.citizens.select_for_update().filter(pk=citizen.pk).values_list("pk"))
        return sign_ins

    @classmethod
    def anonymise(cls, letter, *, why, rule="", by=None):
        """Takes the person out of a finished letter; unit, service, status, dates and kinds of events stay.

        Gives the paths of its files in the store, which are nobody's now. Of a letter that was anonymised
        before nothing is left to do. Raises MoveNotAllowed for one that is still open.
        """
        with transaction.atomic():
            fresh = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
            if fresh.anonymised_at:
                return []
            if fresh.status in workflow.OPEN:
                raise workflow.MoveNotAllowed(fresh.status, fresh.status)
            # Before its messages: see hold_account. A paper letter may be nobody's.
            citizen = User.citizens.select_for_update(no_key=True).filter(pk=fresh.citizen_id).first()
            paths = _take_apart(fresh)
            # The name that forms offer stays only while a letter has it.
            offered = citizen and citizen.last_name_used
            if offered and not citizen.letters.filter(sender_name=offered).exists():
                User.citizens.filter(pk=citizen.pk).update(last_name_used="")
            cls.objects.create(
                what=cls.What.LETTER, why=why, rule=rule, files=len(paths), mark=cls.mark_of(fresh.reference), by=by
            )
        return paths

    @classmethod
    def remove_account(cls, citizen, *, why, rule="", by=None):
        """Anonymises all letters of a citizen and removes the account; sessions end with it.

        Letters from before a long absence, which the citizen has not shown to be his, are perhaps another person's:
        they are kept as long as promised to that person, and so is the account that they hang on.

        Gives the paths of files in the store, which are nobody's now. Raises MoveNotAllowed while a letter
        is open.
        """
        with transaction.atomic():
            sign_ins = cls.hold_account(citizen)
            citizen = User.citizens.get(pk=citizen.pk)
            paths = []
            hidden = Exists(LongAbsence.hiding_letters_of(citizen))
            for letter in citizen.letters.filter(~hidden).order_by("pk"):
                paths += cls.anonymise(letter, why=why, rule=rule, by=by)
            paths += Attachment.objects.filter(owner=citizen, letter=None).let_go()
            citizen.drafts.all().delete()
            # A code without its sign-in would be words around an empty place.
            codes = OutgoingMessage.objects.filter(kind=OutgoingMessage.Kind.CODE, recipient=citizen.mobile)
            codes.call_off()
            sign_ins.delete()
            OutgoingMessage.objects.ended().filter(recipient=citizen.mobile).update(recipient="", text="")
            if citizen.letters.exists():
                UserSession.end_all(citizen)
                User.citizens.filter(pk=citizen.pk).update(last_name_used="")
            else:
                # Written for the citizen to read, such a reason may name people.
                citizen.removal_requests.update(reason="")
                citizen.delete()
            cls.objects.create(what=cls.What.ACCOUNT, why=why, rule=rule, by=by)
        return paths


def _take_apart(letter):
    """Removes what names the person. Gives the paths of the files."""
    letter.events.all().redact(citizen=letter.citizen)
    paths = letter.attachments.all().let_go()
    letter.replies.update(text="")
    letter.answer_drafts.all().delete()
    letter.completion_requests.update(question="", wanted=[], text="")
    letter.opinions.update(question="", text="")
    # What is not sent yet would tell a person about a letter that is gone.
    letter.messages.all().call_off()
    letter.messages.update(text="", recipient="")
    letter.staff_views.all().delete()
    letter.answers.all().delete()
    LetterWords.objects.filter(letter=letter).delete()
    Letter.objects.filter(pk=letter.pk).update(
        # Not a tracking code, and still unique.
        reference=f"x{letter.pk:09d}",
        citizen=None,
        sender_name="",
        subject="",
        receipt_text="",
        contact="",
        # Whoever has the book finds the person by it.
        official_number="",
        form_key=uuid.uuid4(),
        seen_by_citizen_at=None,
        anonymised_at=Now(),
    )
    return paths
