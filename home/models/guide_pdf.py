"""The PDF that a guide has, or is owed: one row for each state of the guide, however many people ask for it."""

import logging
from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servicedesk.models.broker import nudge

log = logging.getLogger(__name__)

FOLDER = "guide-pdf"
HOLD = timedelta(minutes=3)  # how long a worker that printed and was not heard of again is waited for
REST = timedelta(minutes=15)  # between two looks whether the text engine has been installed
MOST_TRIES = 3
LONG_REST = timedelta(days=1)  # before what failed three times is tried once more


class GuidePdf(models.Model):
    """A debt until ``made_at`` is set. ``digest`` is that of the sheet (printing/sheet.py)."""

    class Problem(models.TextChoices):
        NONE = "", _("none")
        PANGO = "pango", _("the text engine is missing")
        FAILED = "failed", _("it could not be printed")

    page = models.ForeignKey("home.GuidePage", on_delete=models.CASCADE, related_name="pdfs")
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    owed_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=10, choices=Problem.choices, blank=True)

    class Meta:
        verbose_name = _("PDF of a guide")
        verbose_name_plural = _("PDFs of guides")

    def __str__(self):
        return self.key

    @property
    def key(self):
        """Where it lies in the store of editors' pictures."""
        return f"{FOLDER}/{self.language}-{self.digest[:32]}.pdf"

    @classmethod
    def owe(cls, sheet):
        """The row of this sheet; a new one tells a worker once. What that loses, the sweep finds."""
        values = {"page": sheet.page, "language": sheet.page.locale.language_code}
        row, is_new = cls.objects.get_or_create(digest=sheet.digest, defaults=values)
        if is_new:
            row.nudge()
        return row

    def nudge(self):
        nudge(self.pk, "pages", task="home.print_guide", expires=HOLD.seconds)

    @classmethod
    def due(cls):
        """Rows for which a worker can do something now."""
        now = timezone.now()
        waits = Q(claimed_at__gt=now - HOLD)
        waits |= Q(problem=cls.Problem.PANGO, claimed_at__gt=now - REST)
        waits |= Q(tries__gte=MOST_TRIES, claimed_at__gt=now - LONG_REST)
        return cls.objects.filter(made_at=None).exclude(waits)

    @classmethod
    def claim(cls, pk):
        """The row for whoever prints it now, or None: it is made, somebody is at it, or it rests."""
        claimed = cls.due().filter(pk=pk).update(claimed_at=timezone.now(), tries=models.F("tries") + 1)
        return cls.objects.select_related("page").get(pk=pk) if claimed else None

    def keep(self, content):
        """Stores the PDF (bytes); from now on it is served."""
        default_storage.delete(self.key)
        default_storage.save(self.key, ContentFile(content))
        self.made_at, self.problem = timezone.now(), ""
        self.save(update_fields=["made_at", "problem"])

    def fail(self, problem):
        self.problem = problem
        # A machine without the text engine says nothing about this document.
        self.tries = 0 if problem == self.Problem.PANGO else self.tries
        self.save(update_fields=["problem", "tries"])

    def postpone(self):
        """Nothing was wrong with the document: the store is away, and this try does not count."""
        type(self).objects.filter(pk=self.pk, tries__gt=0).update(tries=models.F("tries") - 1)

    def open(self):
        """The PDF as a file. None where the store has it not: lost, so it is owed again, or away."""
        try:
            return default_storage.open(self.key)
        except FileNotFoundError:
            if type(self).objects.filter(pk=self.pk).update(made_at=None, claimed_at=None, tries=0):
                self.nudge()
        except (ClientError, BotoCoreError) as error:
            log.warning("the guide's PDF could not be fetched: %s", type(error).__name__)
        return None

    @property
    def is_given_up(self):
        """Whether a reader waits for it in vain."""
        return bool(self.problem) and (self.problem == self.Problem.PANGO or self.tries >= MOST_TRIES)

    @classmethod
    def can_be_had(cls, page):
        """Whether the page should offer its PDF: a worker has printed it before, and still can."""
        rows = cls.objects.filter(page=page)
        return rows.exclude(made_at=None).exists() and not rows.exclude(problem="").exists()
