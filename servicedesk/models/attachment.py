"""A file of a letter or of an answer: a row here, and its content in the store under a key of our own."""

import uuid

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from servicedesk.uploads.inspection import inspect

# How long an accepted file waits for its letter: as long as a form key lives.
DRAFT_DAYS = 7


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door to files: one's own drafts, and the files of letters that one may see."""
        letters = self.model.letter.field.related_model.objects.visible_to(user)
        mine = Q(letter=None, owner=user) if user.is_authenticated else Q(pk=None)
        return self.filter(mine | Q(letter__in=letters))

    def released(self):
        return self.filter(state=Attachment.State.RELEASED)

    def kept_for(self, owner, form_key):
        """The accepted files of a form that has not been sent yet, newest first."""
        return self.filter(owner=owner, form_key=form_key, letter=None).order_by("-created_at", "-pk")

    def let_go(self):
        """Removes the rows and gives their paths in the store, whose content is nobody's then."""
        paths = [file.path for file in self]
        self.delete()
        return paths


class Attachment(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("Being checked")
        RELEASED = "released", _("Released")
        REMOVED = "removed", _("Removed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attachments")
    form_key = models.UUIDField()
    letter = models.ForeignKey("servicedesk.Letter", null=True, on_delete=models.PROTECT, related_name="attachments")
    reply = models.ForeignKey("servicedesk.Reply", null=True, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=10, choices=State)
    # Empty: no scanner looked at it, which staff see.
    scanned_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "form_key"])]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def accept(cls, uploaded, *, owner, form_key, rules):
        """Inspects an uploaded file, puts it into the store, then writes its row.

        The key is derived from owner, form and content, and the store refuses to write it twice: repeats,
        in whatever parallel, find the same object. Raises uploads.Refused, uploads.InspectionUnavailable
        or uploads.StoreUnavailable; the network is used here, so never call it inside a transaction.
        """
        inspected = inspect(uploaded, rules)
        secret_input = f"{owner.pk}:{form_key}:{inspected.sha256}"
        key = salted_hmac("servicedesk.attachment-key", secret_input, algorithm="sha256").hexdigest()
        storages["letters"].put(key, inspected.content, inspected.content_type)
        row = cls(
            key=key,
            owner=owner,
            form_key=form_key,
            name=inspected.name,
            kind=inspected.kind,
            content_type=inspected.content_type,
            size=inspected.size,
            sha256=inspected.sha256,
            # No scanner is configured in this release: released after inspection, marked as not scanned.
            state=cls.State.RELEASED,
        )
        # Not get_or_create: PostgreSQL would write the loser of a race into its log, with the file's name.
        cls.objects.bulk_create([row], ignore_conflicts=True)
        return cls.objects.get(key=key)

    @property
    def path(self):
        """Where in the letters' store the content lies."""
        return self.key

    @property
    def is_scanned(self):
        return self.scanned_at is not None

    def open(self):
        """A readable binary stream of the content. Raises uploads.StoreUnavailable."""
        return storages["letters"].stream(self.key)
