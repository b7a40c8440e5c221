"""The letter (نامه): what a citizen sends, and every verb that moves it."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servicedesk import workflow
from servicedesk.models.absence import LongAbsence
from servicedesk.models.desk_settings import LONGEST_TEXT
from servicedesk.models.event import ANSWERS, NEWS, Event
from servicedesk.models.form_version import FormVersion
from servicedesk.models.letter_reading import LetterReading
from servicedesk.models.numbering import LONGEST_NUMBER
from servicedesk.models.opinion import LetterCopy, Opinion
from servicedesk.models.reply import Reply
from servicedesk.models.rights import AUDITOR, REGISTRAR, Rights, sees_all
from servicedesk.models.unit import Unit
from servicedesk.models.verbs.answering import Answering
from servicedesk.models.verbs.arriving import Arriving
from servicedesk.models.verbs.completing import Completing
from servicedesk.models.verbs.ending import Ending
from servicedesk.models.verbs.handing import Handing
from servicedesk.models.verbs.verb import Verbs
from servicedesk.roles import Act
from servicedesk.workflow import Status

_ANSWERED = Q(status=Status.ANSWERED)
# By which open letters stand in order; those without a day after all others.
DUE = Coalesce("due_on", datetime.date.max)


def is_overdue():
    """The condition of the letters whose day is over while the organisation still owes its answer; see
    LetterReading.is_late."""
    return Q(status=Status.IN_REVIEW, due_on__lt=timezone.localdate())


class LetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door to letters: a citizen's own; those of a unit member's units and those that were shown to them;
        all for superusers, registrars and auditors.

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
            return self.filter(~Exists(LongAbsence.hiding_letters_of(user)), citizen=user)
        if sees_all(user):
            return self.all()
        units = Unit.objects.of(user)
        shown = (model.objects.filter(unit__in=units).values("letter") for model in (Opinion, LetterCopy))
        return self.filter(Q(unit__in=units) | Q(*(Q(pk__in=letters) for letters in shown), _connector=Q.OR))

    def exportable_by(self, user):
        """Those of the letters that a person may take out in a table. A part in a unit that he loses meanwhile counts
        at the next look at them."""
        visible = self.visible_to(user)
        if Act.EXPORT in Rights(user).everywhere:
            return visible
        return visible.filter(unit__in=Unit.objects.of(user, Act.EXPORT))

    def live(self):
        """Those of which more is left than figures."""
        return self.filter(anonymised_at=None)

    def open(self):
        return self.filter(status__in=workflow.OPEN)

    def overdue(self):
        return self.filter(is_overdue())

    def count_news(self):
        """{"new_answers", "other_news"}: in how many letters there is one, or something else of which the citizen was
        told, since he last looked. No letter counts twice."""
        letter = Q(letter=OuterRef("pk"))
        unseen = Event.objects.filter(letter, at__gt=Coalesce(OuterRef("seen_by_citizen_at"), OuterRef("submitted_at")))
        answers, news = (Exists(unseen.filter(kind__in=kinds)) for kinds in (ANSWERS, NEWS))
        of = {"new_answers": Q(answers), "other_news": Q(news) & ~Q(answers)}
        return self.aggregate(**{name: Count("pk", filter=condition) for name, condition in of.items()})

    def with_final_answers(self):
        """Fetches what a list of letters shows of each, in a constant number of queries."""
        finals = models.Prefetch("replies", Reply.objects.filter(is_final=True).order_by("-at", "-pk"), "final_answers")
        return self.select_related("unit").prefetch_related(finals)


class Letter(Arriving, Answering, Completing, Handing, Ending, Verbs, LetterReading, models.Model):
    class Channel(models.TextChoices):
        ONLINE = "online", _("On the site")
        COUNTER = "counter", _("At the counter")

    reference = models.CharField(_("tracking code"), max_length=10, unique=True)
    # Nobody, once the letter is anonymised, and where a paper letter came without a mobile number.
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
    # The day that counts now: the promised one, moved by what the citizen was told of, and by days of rest.
    due_on = models.DateField(null=True)
    # Since when the promise rests, since the citizen is asked for something; and for how many working days it has.
    rests_since = models.DateTimeField(null=True)
    rested_days = models.PositiveSmallIntegerField(default=0)
    # Whose of the unit it is.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="assigned_letters"
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.ONLINE)
    # Of a paper letter: which clerk entered it, and where a sender without a mobile number is found.
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.CharField(_("address or telephone"), max_length=300, blank=True)
    official_number = models.CharField(_("official number"), max_length=LONGEST_NUMBER, blank=True)
    # The unit in whose book that number stands.
    numbered_by = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    # What its service says on the receipt, as it was then (HTML of Wagtail's rich text).
    receipt_text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # When something last happened to it.
    moved_at = models.DateTimeField(db_default=Now())
    # When the citizen last opened it, to count what is new since.
    seen_by_citizen_at = models.DateTimeField(null=True)
    anonymised_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        # For the editor of groups.
        verbose_name = _("letter")
        constraints = [
            models.UniqueConstraint(fields=["citizen", "form_key"], name="one_letter_per_form"),
            models.UniqueConstraint(
                fields=["numbered_by", "official_number"],
                condition=~Q(official_number=""),
                name="one_letter_per_official_number",
            ),
        ]
        indexes = [
            models.Index(fields=["citizen", "-submitted_at"]),
            models.Index(fields=["unit", "status", "submitted_at"]),
            # The orders of the inbox, for the members of units and for those who see all.
            models.Index("unit", DUE, "id", condition=Q(status__in=workflow.OPEN), name="open_letters_of_unit"),
            models.Index(DUE, "id", condition=Q(status__in=workflow.OPEN), name="open_letters"),
            models.Index(
                F("unit"), F("answered_at").desc(), F("id").desc(), condition=_ANSWERED, name="answered_letters_of_unit"
            ),
            models.Index(F("answered_at").desc(), F("id").desc(), condition=_ANSWERED, name="answered_letters"),
            models.Index(fields=["unit", "-submitted_at", "-id"], name="letters_of_unit"),
            models.Index(fields=["-submitted_at", "-id"], name="letters_by_arrival"),
            # For what keeps the reports' figures: which ones moved of late.
            models.Index(fields=["moved_at"], name="letters_by_move"),
        ]
        permissions = [
            (REGISTRAR.partition(".")[2], _("Can keep the registry: all letters, on their way and numbered")),
            (AUDITOR.partition(".")[2], _("Can read all letters and reports, and change nothing")),
        ]

    def __str__(self):
        return self.reference

    def mark_seen(self):
        """Remembers that the citizen has looked at the letter."""
        type(self).objects.filter(pk=self.pk).update(seen_by_citizen_at=Now())
