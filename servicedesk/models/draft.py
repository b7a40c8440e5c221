"""A letter that is not sent yet: what was typed into its form, for a week, across sessions and devices."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now

from servicedesk.models.attachment import DRAFT_DAYS
from servicedesk.models.user import User

# A person with more unfinished letters than this has forgotten the oldest.
MOST_DRAFTS = 20


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one door to drafts: one's own, for a week after the last touch."""
        return self.filter(citizen=user).living() if user.is_authenticated and user.is_citizen else self.none()

    def living(self):
        return self.filter(updated_at__gt=Now() - timedelta(days=DRAFT_DAYS))

    def lapsed(self):
        return self.filter(updated_at__lte=Now() - timedelta(days=DRAFT_DAYS))


class Draft(models.Model):
    citizen = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    # The key of its form, its files and the letter that it becomes.
    form_key = models.UUIDField()
    service = models.ForeignKey("servicedesk.ServicePage", on_delete=models.CASCADE, related_name="drafts")
    version = models.ForeignKey("servicedesk.FormVersion", on_delete=models.PROTECT, related_name="drafts")
    # {name of a form field: [what was typed, as it came]}: kept even where it does not do.
    typed = models.JSONField(default=dict)
    # The step that comes next, counted from 1.
    step = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["citizen", "form_key"], name="one_draft_per_form")]
        indexes = [models.Index(fields=["updated_at"])]

    def __str__(self):
        return str(self.pk)

    @property
    def kept_until(self):
        return self.updated_at + timedelta(days=DRAFT_DAYS)

    @classmethod
    def keep(cls, *, citizen, form_key, service, version, typed, step):
        """Keeps what was typed now beside what was typed before into other steps; gives the Draft."""
        with transaction.atomic():
            # In turn: of two tabs each adds its own.
            User.citizens.select_for_update(no_key=True).get(pk=citizen.pk)
            draft = cls.objects.filter(citizen=citizen, form_key=form_key).first()
            if draft is None:
                draft = cls(citizen=citizen, form_key=form_key)
                cls.objects.filter(pk__in=citizen.drafts.values("pk")[MOST_DRAFTS - 1 :]).delete()
            draft.service, draft.version, draft.step = service, version, step
            draft.typed = {**draft.typed, **typed}
            draft.updated_at = Now()
            draft.save()
            draft.refresh_from_db(fields=["updated_at"])
        return draft
