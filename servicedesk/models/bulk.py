"""One thing that a clerk does with many letters (کار گروهی): written down first, then done in the background, one
letter after the other."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from servicedesk.models.broker import nudge
from servicedesk.models.unit import Unit

MOST_LETTERS = 1000
QUEUE, TASK = "pages", "servicedesk.work_in_bulk"


class BulkJobQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(finished_at=None)


class BulkJob(models.Model):
    class Verb(models.TextChoices):
        ASSIGN = "assign", _("Give them to a person")
        FORWARD = "forward", _("Forward them to another unit")
        NOTE = "note", _("Write an internal note to each")
        ASK = "ask", _("Ask their senders for more")
        CLOSE = "close", _("Close them without an answer")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_jobs")
    verb = models.CharField(max_length=10, choices=Verb)
    # Of the form that asked for it: sent twice, it is one job.
    form_key = models.UUIDField(unique=True)
    # What the verb takes, as far as it needs it.
    text = models.TextField(blank=True)
    wanted = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    objects = BulkJobQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at"], condition=Q(finished_at=None), name="unfinished_bulk_jobs")]

    def __str__(self):
        return f"BulkJob {self.pk}"

    @classmethod
    def begin(cls, *, owner, verb, form_key, letters, **details):
        """Writes the job down with its letters (at most MOST_LETTERS) and tells a worker. Gives it; where this form was
        sent before, the one that it made then."""
        with transaction.atomic():
            job, made = cls.objects.get_or_create(form_key=form_key, defaults={"owner": owner, "verb": verb, **details})
            if made:
                BulkItem.objects.bulk_create(BulkItem(job=job, letter_id=pk) for pk in letters[:MOST_LETTERS])
            transaction.on_commit(lambda: nudge(job.pk, QUEUE, task=TASK))
        return job


class BulkItem(models.Model):
    """What became of one letter of a job."""

    class State(models.TextChoices):
        PENDING = "pending", _("Not yet done")
        DONE = "done", _("Done")
        NOT_NEEDED = "not-needed", _("It was so already")
        REFUSED = "refused", _("The letter does not allow it any more")
        NOT_YOURS = "not-yours", _("The letter is not in your hands any more")

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="items")
    letter = models.ForeignKey("servicedesk.Letter", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["job", "letter"], name="one_item_per_letter_and_job")]
        indexes = [models.Index(fields=["job"], condition=Q(state="pending"), name="pending_bulk_items")]

    def __str__(self):
        return f"BulkItem {self.pk}"
