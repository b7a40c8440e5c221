"""When a service takes letters, and how many of one citizen."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from servicedesk import persian
from servicedesk.workflow import Status

MOST_DAYS = 3650


class TooOften(Exception):
    """The citizen has sent as many letters of this service as it takes. ``again_at``: when the next one may come."""

    def __init__(self, service, again_at):
        super().__init__(str(service.pk))
        self.service, self.again_at = service, again_at

    def in_words(self):
        return ngettext(
            "You have sent %(count)s letter of this service in %(days)s days, as many as it takes. The next one can "
            "be sent from %(when)s on.",
            "You have sent %(count)s letters of this service in %(days)s days, as many as it takes. The next one can "
            "be sent from %(when)s on.",
            self.service.most_letters,
        ) % {
            "count": persian.in_language(self.service.most_letters),
            "days": persian.in_language(self.service.most_letters_days),
            "when": persian.jalali_long(self.again_at),
        }


class OpeningTimes(models.Model):
    opens_at = models.DateTimeField(
        gettext_lazy("takes letters from"), null=True, blank=True, help_text=gettext_lazy("Empty: at once.")
    )
    closes_at = models.DateTimeField(
        gettext_lazy("takes letters until"), null=True, blank=True, help_text=gettext_lazy("Empty: without an end.")
    )
    most_letters = models.PositiveSmallIntegerField(
        gettext_lazy("most letters of one citizen"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=gettext_lazy("Empty: as many as he likes."),
    )
    most_letters_days = models.PositiveSmallIntegerField(
        gettext_lazy("in so many days"), default=30, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise ValidationError({"closes_at": _("This is not after the moment from which letters are taken.")})

    @property
    def is_open(self):
        """Whether now is between its times."""
        now = timezone.now()
        return (self.opens_at is None or self.opens_at <= now) and (self.closes_at is None or now < self.closes_at)

    @property
    def changes_at(self):
        """The next moment at which it opens or closes by itself, or None."""
        return min((at for at in (self.opens_at, self.closes_at) if at and at > timezone.now()), default=None)

    def closed_in_words(self):
        """Why no letter is taken now, by its times; "" while it is open."""
        if self.is_open:
            return ""
        if self.opens_at and self.opens_at > timezone.now():
            return _("This service takes letters from %(when)s on.") % {"when": persian.jalali_long(self.opens_at)}
        return _("This service took letters until %(when)s.") % {"when": persian.jalali_long(self.closes_at)}

    def check_how_often(self, citizen):
        """Raises TooOften. Letters count in whichever language they were sent; what was withdrawn or removed does not.
        Call it while the citizen's row is locked where it must hold."""
        if not self.most_letters:
            return
        since = timezone.now() - timedelta(days=self.most_letters_days)
        mine = citizen.letters.filter(
            service__translation_key=self.translation_key, submitted_at__gt=since, anonymised_at=None
        )
        sent = mine.exclude(status=Status.WITHDRAWN).order_by("-submitted_at").values_list("submitted_at", flat=True)
        # When the oldest of those that fill the span leaves it, there is room for one.
        if len(latest := list(sent[: self.most_letters])) == self.most_letters:
            raise TooOften(self, latest[-1] + timedelta(days=self.most_letters_days))
