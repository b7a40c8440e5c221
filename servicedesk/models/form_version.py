"""The form of a service as citizens saw it: written once, never changed. Letters keep the one they were sent with."""

import json
from datetime import timedelta
from functools import cached_property
from hashlib import sha256

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import get_language

from servicedesk.questions.outline import USUAL_LABELS, Outline

# A form that was opened so long ago is still judged by the version it was opened with.
CURRENT_FOR = timedelta(days=7)
# Not each look at a form is written down.
SEEN_AGAIN = timedelta(hours=1)


class FormVersionQuerySet(models.QuerySet):
    def acceptable(self, service):
        """Those of a service that some citizen may still have open."""
        return self.filter(service=service, shown_at__gt=Now() - CURRENT_FOR)

    def unused(self):
        """Those that nobody has open any more, and that no letter or draft was made with."""
        return self.filter(shown_at__lte=Now() - CURRENT_FOR, letters=None, drafts=None)


class FormVersion(models.Model):
    service = models.ForeignKey(
        "servicedesk.ServicePage", null=True, on_delete=models.SET_NULL, related_name="versions"
    )
    # Of service, language and content, so that the same form is one row.
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=8)
    content = models.JSONField()
    made_at = models.DateTimeField(db_default=Now())
    # When it was last the current one that somebody opened.
    shown_at = models.DateTimeField(db_default=Now())

    objects = FormVersionQuerySet.as_manager()

    def __str__(self):
        return self.digest[:12]

    @classmethod
    def current(cls, service):
        """The version of a service's form in the language in use, as its page is now; noted as shown."""
        content, language = service.outline().as_json(), get_language()
        plain = json.dumps([service.pk, language, content], sort_keys=True, ensure_ascii=False)
        digest = sha256(plain.encode()).hexdigest()
        version = cls.objects.filter(digest=digest).first()
        if version is None:
            made = cls(service=service, digest=digest, language=language, content=content)
            # Not get_or_create: PostgreSQL would write the loser of a race into its log.
            cls.objects.bulk_create([made], ignore_conflicts=True)
            version = cls.objects.get(digest=digest)
        elif version.shown_at < timezone.now() - SEEN_AGAIN:
            cls.objects.filter(pk=version.pk).update(shown_at=Now())
        return version

    @cached_property
    def outline(self):
        """The Outline that it keeps."""
        return Outline.from_json(self.content)

    @cached_property
    def own_labels(self):
        """{name: label} of those of the four usual fields that it calls otherwise than the desk does."""
        with translation.override(self.language):
            usual = {name: str(label) for name, label in USUAL_LABELS.items()}
        asked = self.outline.standard
        return {name: asked[name].label for name in usual if asked[name].label != usual[name]}

    @property
    def key(self):
        """How a form names the version that it shows."""
        return self.digest
