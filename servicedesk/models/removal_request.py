"""A citizen's wish that account and letters be removed, and what people decided about it."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from servicedesk.models.absence import LongAbsence
from servicedesk.models.desk_settings import DeskSettings
from servicedesk.models.limit import LimitHit
from servicedesk.models.outbox import OutgoingMessage
from servicedesk.models.removal import RemovalRecord
from servicedesk.models.user import User


class AlreadyDecided(Exception):
    """Somebody else decided about this request meanwhile, or the citizen took it back."""


class RemovalRequestQuerySet(models.QuerySet):
    def visible_to(self, citizen):
        """A citizen's own; after a long absence not those from before it, which may be an earlier owner's."""
        return self.filter(~Exists(LongAbsence.hiding(citizen, "asked_at")), citizen=citizen)

    def waiting(self):
        """Those to be decided. Of an account that time removed meanwhile, nothing is left to decide."""
        return self.filter(state="open", citizen__isnull=False)

    def decided(self):
        """Those that people said yes or no to, the last decision first."""
        return self.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")


class RemovalRequest(models.Model):
    class State(models.TextChoices):
        OPEN = "open", _("Not decided yet")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Declined")

    # Empty once the account is gone.
    citizen = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="removal_requests"
    )
    asked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    # Why it was refused, in words for the citizen.
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = RemovalRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["citizen"], condition=Q(state="open"), name="one_open_removal_request")
        ]

    def __str__(self):
        return f"RemovalRequest {self.pk} {self.state}"

    @classmethod
    def ask(cls, citizen):
        """The citizen's open request, made now unless there is one. Raises LimitReached."""
        with transaction.atomic():
            standing = cls.objects.filter(citizen=citizen, state=cls.State.OPEN)
            # First, as for whoever decides about it: see RemovalRecord.hold_account.
            list(standing.select_for_update(of=("self",)).values_list("pk"))
            # The second of two clicks waits here and finds the first one's.
            User.citizens.select_for_update(no_key=True).get(pk=citizen.pk)
            if seen := standing.visible_to(citizen).first():
                return seen
            LimitHit.take("removal-requests-by-citizen", citizen.pk)
            # There is room for one: an earlier owner's, which nobody has decided, is from now on this person's.
            if standing.update(asked_at=Now()):
                return standing.get()
            return cls.objects.create(citizen=citizen)

    def take_back(self):
        """The citizen no longer wants it; the row goes. Raises AlreadyDecided."""
        with transaction.atomic():
            self._still_open().delete()

    def carry_out(self, *, by):
        """Removes the account and anonymises its letters. Gives the paths of files in the store, nobody's now.

        Raises AlreadyDecided, or MoveNotAllowed while a letter is open; then nothing has happened.
        """
        with transaction.atomic():
            request = self._still_open()
            request._tell("done")
            paths = RemovalRecord.remove_account(request.citizen, why=RemovalRecord.Why.WISH, by=by)
            request._decide(self.State.DONE, by)
            # Where an earlier owner's letters keep the account, his reasons stay with them.
            type(self).objects.visible_to(request.citizen).update(reason="")
        return paths

    def refuse(self, *, by, reason):
        """Says no, with a reason that the citizen reads on the page of the request, and tells him by SMS where he may
        read it. Raises AlreadyDecided."""
        with transaction.atomic():
            request = self._still_open()
            request._decide(self.State.REFUSED, by, reason)
            if type(self).objects.visible_to(request.citizen).filter(pk=self.pk).exists():
                request._tell("refused")

    def _still_open(self):
        request = type(self).objects.select_for_update(of=("self",)).filter(pk=self.pk, state=self.State.OPEN).first()
        if request is None or request.citizen is None:
            raise AlreadyDecided
        return request

    def _decide(self, state, by, reason=""):
        type(self).objects.filter(pk=self.pk).update(state=state, decided_by=by, decided_at=Now(), reason=reason)

    def _tell(self, outcome):
        """Owes the citizen an SMS, in the language of the latest letter, while the number is still known."""
        latest = self.citizen.letters.order_by("-pk").first()
        language = latest.language if latest else settings.LANGUAGE_CODE
        template = {
            "done": "servicedesk/messages/removal-done.sms.txt",
            "refused": "servicedesk/messages/removal-refused.sms.txt",
        }[outcome]
        with translation.override(language):
            words = {"organisation": DeskSettings.load().short_name, "host": settings.PUBLIC_HOST}
            text = render_to_string(template, words)
        OutgoingMessage.owe(
            kind=OutgoingMessage.Kind.MESSAGE,
            recipient=self.citizen.mobile,
            text=text.strip(),
            language=language,
            dedupe_key=f"removal:{self.pk}:{outcome}",
        )
