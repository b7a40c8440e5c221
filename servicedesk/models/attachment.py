"""A file of a letter or of an answer: a row here, and its content in the store under a key of our own.

Where a scanner is configured a file waits in ``quarantine/`` until it is found clean; nobody is served from there.
Each step is written so that a crash behind any line leaves something that the sweep completes: a row that still
owes work has a lease, or is PENDING.
"""

import logging
import uuid
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from servicedesk.models.broker import nudge
from servicedesk.uploads.inspection import inspect
from servicedesk.uploads.store import StoreUnavailable

log = logging.getLogger(__name__)

# How long an accepted file waits for its letter: as long as a form key lives.
DRAFT_DAYS = 7
# Longer than one check takes: reading, scanning, writing.
LEASE = timedelta(seconds=60)
FIRST_PAUSE, LONGEST_PAUSE = 15, 600  # seconds between two tries of a check
LATE = timedelta(minutes=10)
# For how long a finding is news.
FINDING_IS_NEWS = timedelta(days=1)
# For how long the inbox can be asked for letters with one: longer than any closure of an office.
FINDING_IS_LISTED = timedelta(days=31)


@contextmanager
def _held(key):
    """A transaction in which nobody else writes a row of ``key`` or removes its object: a row is written together
    with the certainty that its object is there, and an object goes only while no row claims it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"file:{key}"])
        yield


class State(models.TextChoices):
    PENDING = "pending", _("Being checked")
    RELEASED = "released", _("Released")
    REMOVED = "removed", _("Removed")


class Place(models.TextChoices):
    """The folder of the store in which a file's content lies."""

    FIRST = "", "as the first release stored it"
    QUARANTINE = "quarantine", "quarantine"
    CLEAN = "clean", "clean"


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door to files: one's own drafts, and the files of letters that one may see."""
        letters = self.model.letter.field.related_model.objects.visible_to(user)
        mine = Q(letter=None, owner=user) if user.is_authenticated else Q(pk=None)
        return self.filter(mine | Q(letter__in=letters))

    def released(self):
        return self.filter(state=State.RELEASED)

    def kept_for(self, owner, form_key):
        """The accepted files of a form that has not been sent yet, newest first."""
        return self.filter(owner=owner, form_key=form_key, letter=None).order_by("-created_at", "-pk")

    def due(self):
        """What a worker should take up now: unchecked files, and steps that somebody left half done."""
        free = Q(state=State.PENDING, lease_until=None) | Q(lease_until__lte=Now())
        return self.filter(free)

    def late(self):
        return self.filter(state=State.PENDING, created_at__lte=Now() - LATE)

    def found_since(self, moment):
        """Those in which the scanner has found something after ``moment`` (a datetime or an expression)."""
        return self.filter(state=State.REMOVED, scanned_at__gt=moment)

    def found_lately(self):
        """Those in which the scanner has found something within a day."""
        return self.found_since(Now() - FINDING_IS_NEWS)

    def let_go(self):
        """Removes the rows and gives their paths in the store, whose content is nobody's then."""
        # A check that is just ending may have moved the content, or be about to.
        paths = [path for file in self for path in sorted({file.path, f"{Place.CLEAN}/{file.key}"})]
        self.delete()
        return paths


class Attachment(models.Model):
    State, Place = State, Place

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attachments")
    form_key = models.UUIDField()
    letter = models.ForeignKey("servicedesk.Letter", null=True, on_delete=models.PROTECT, related_name="attachments")
    reply = models.ForeignKey("servicedesk.Reply", null=True, on_delete=models.PROTECT, related_name="attachments")
    # What the citizen was asked for later, and sent it for.
    completion = models.ForeignKey(
        "servicedesk.CompletionRequest", null=True, on_delete=models.PROTECT, related_name="attachments"
    )
    # The question of the form that it answers; none for the body of a letter and for files of answers.
    question = models.UUIDField(null=True)
    # Of any but the body: the id of the one that the scanner took away and that this one was asked for in place of.
    # No foreign key: deleting then would first read the rows, and miss that one of them was sent meanwhile.
    replaces = models.UUIDField(null=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=100, unique=True)
    place = models.CharField(max_length=10, choices=Place, default=Place.FIRST, blank=True)
    state = models.CharField(max_length=10, choices=State)
    # Empty on a released file: no scanner looked at it, which staff see.
    scanned_at = models.DateTimeField(null=True)
    # What the scanner found, by its name for it; then the content is gone.
    finding = models.CharField(max_length=100, blank=True)
    # A check that somebody is at, or that waits for its next try.
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    checks = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "form_key"]),
            models.Index(
                fields=["created_at"],
                name="files_with_work_left",
                condition=Q(state="pending") | Q(lease_until__isnull=False),
            ),
            # For the letters that bring the same file.
            models.Index(fields=["sha256"], name="files_of_letters", condition=Q(letter__isnull=False)),
        ]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def accept(cls, uploaded, *, owner, form_key, rules, question=None):
        """Inspects an uploaded file, puts it into the store, then writes its row. ``question`` is the id of the form's
        question that it answers.

        The key is derived from owner, form, question and content, and the store refuses to write it twice: repeats,
        in whatever parallel, find the same object. Raises uploads.Refused, uploads.InspectionUnavailable
        or uploads.StoreUnavailable; the network is used here, so never call it inside a transaction.
        """
        inspected = inspect(uploaded, rules)
        secret_input = ":".join(map(str, filter(None, (owner.pk, form_key, question, inspected.sha256))))
        key = salted_hmac("servicedesk.attachment-key", secret_input, algorithm="sha256").hexdigest()
        earlier = cls.objects.filter(key=key).first()
        if earlier:
            return earlier
        scans = bool(settings.CLAMD_URL)
        row = cls(
            key=key,
            owner=owner,
            form_key=form_key,
            question=question,
            name=inspected.name,
            kind=inspected.kind,
            content_type=inspected.content_type,
            size=inspected.size,
            sha256=inspected.sha256,
            place=Place.QUARANTINE if scans else Place.CLEAN,
            state=State.PENDING if scans else State.RELEASED,
        )
        storages["letters"].put(row.path, inspected.content, inspected.content_type)
        return row._written(inspected.content)

    def _written(self, content):
        """The row of this key: this one, or the one that a repeat wrote first."""
        # Not get_or_create: PostgreSQL would write the loser of a race into its log, with the file's name.
        with _held(self.key):
            type(self).objects.bulk_create([self], ignore_conflicts=True)
            row = type(self).objects.get(key=self.key)
            if row.path == self.path and not row.is_removed:
                row._make_sure_of(content)
        if row.path != self.path or row.is_removed:
            row._remove_from(self.place)  # A repeat was checked while this one was being stored.
        if row.state == State.PENDING:
            transaction.on_commit(partial(nudge, str(row.pk), "files", task="servicedesk.check_file"))
        return row

    @property
    def path(self):
        """Where in the letters' store the content lies."""
        return f"{self.place}/{self.key}" if self.place else self.key

    @property
    def is_scanned(self):
        return self.scanned_at is not None

    @property
    def is_removed(self):
        return self.state == State.REMOVED

    def open(self):
        """A readable binary stream of the content. Raises uploads.StoreUnavailable."""
        return storages["letters"].stream(self.path)

    def discard(self):
        """Lets a file go that was never sent. The row goes first, so that no row lacks its object; an object that
        cannot be removed now is found by the storage sweep. Gives whether there was one to let go."""
        removed, _details = type(self).objects.filter(pk=self.pk, letter=None).delete()
        if removed:
            for place in {self.place, Place.CLEAN}:
                self._remove_from(place)
        return bool(removed)

    # --- The check: claimed with a lease, so that of two workers one acts -----------------------------

    @classmethod
    def claim(cls, pk):
        """The file, leased to the caller for a minute; None when there is nothing to do or somebody is at it."""
        lease = uuid.uuid4()
        taken = cls.objects.due().filter(pk=pk)
        if not taken.update(lease=lease, lease_until=Now() + LEASE, checks=F("checks") + 1):
            return None
        return cls.objects.get(pk=pk)

    def release(self, content, *, scanned):
        """Moves the content into ``clean/``, then opens the file to its readers. Raises StoreUnavailable."""
        storages["letters"].put(f"{Place.CLEAN}/{self.key}", content, self.content_type)
        values = {"state": State.RELEASED, "place": Place.CLEAN, "scanned_at": Now() if scanned else None}
        with _held(self.key):
            released = self._ours().filter(state=State.PENDING).update(**values)
            if released:
                self.state, self.place = State.RELEASED, Place.CLEAN
                self._make_sure_of(content)
        if released:
            # The lease stays: should we die here, the sweep removes what is left in quarantine.
            self.clear_away()
        elif not type(self).objects.filter(key=self.key).exclude(state=State.REMOVED).exists():
            self._remove_from(Place.CLEAN)  # Its owner let it go meanwhile.

    def condemn(self, signature, **among):
        """Marks a file in which something was found; its content is cleared away afterwards. ``among`` must still
        be true of the row, such as ``letter=None``. Gives whether it was."""
        values = {"state": State.REMOVED, "finding": signature, "scanned_at": Now()}
        condemned = self._ours().filter(state=State.PENDING, **among).update(**values)
        if condemned:
            self.state = State.REMOVED
        return bool(condemned)

    def postpone(self):
        """The check could not be done: the file waits, longer each time."""
        pause = min(FIRST_PAUSE * 2 ** min(self.checks - 1, 10), LONGEST_PAUSE)
        self._ours().update(lease=None, lease_until=Now() + timedelta(seconds=pause))

    def clear_away(self):
        """Removes content that lies where it should not, after a verdict; then no work is left."""
        places = [Place.QUARANTINE] if self.state == State.RELEASED else [self.place, Place.CLEAN]
        if all([self._remove_from(place) for place in places]):
            self._ours().update(lease=None, lease_until=None)

    def _ours(self):
        return type(self).objects.filter(pk=self.pk, lease=self.lease)

    def claims(self, path):
        """Whether the content under ``path`` is this file's."""
        return not self.is_removed and self.path == path

    @classmethod
    def remove_unclaimed(cls, path):
        """Removes the object under ``path`` unless it is a row's; gives whether it did. Raises StoreUnavailable."""
        key = path.rpartition("/")[2]
        with _held(key):
            row = cls.objects.filter(key=key).first()
            if row is not None and row.claims(path):
                return False
            storages["letters"].remove(path)
        return True

    def _make_sure_of(self, content):
        # Whoever let the same file go may have removed the object after our own put had found it there.
        if not storages["letters"].has(self.path):
            storages["letters"].put(self.path, content, self.content_type)

    def _remove_from(self, place):
        try:
            self.remove_unclaimed(f"{place}/{self.key}" if place else self.key)
        except StoreUnavailable:
            log.warning("the content of file %s stays until the storage sweep", self.pk)
            return False
        return True
