"""Who belongs to a unit and what he is there; and who stands in for whom."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel

from servicedesk.models.unit import Unit
from servicedesk.roles import Role


class UnitMembershipQuerySet(models.QuerySet):
    def in_force_for(self, user):
        """Those that a staff member acts by today: his own, and those that he stands in for."""
        stood_in_for = StandIn.objects.today().filter(membership=OuterRef("pk"), substitute=user)
        return self.filter(Q(user=user) | Exists(stood_in_for))


class UnitMembership(models.Model):
    """That a staff member works in a unit. Losing it counts at the next click."""

    unit = ParentalKey(Unit, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=gettext_lazy("member"),
    )
    role = models.CharField(gettext_lazy("role"), max_length=10, choices=Role, default=Role.CLERK)

    objects = UnitMembershipQuerySet.as_manager()

    panels = [FieldPanel("user"), FieldPanel("role")]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "user"], name="one_membership_per_unit")]
        verbose_name = gettext_lazy("membership")
        verbose_name_plural = gettext_lazy("memberships")

    def __str__(self):
        return f"{self.user} – {self.unit}"


class StandInQuerySet(models.QuerySet):
    def today(self):
        day = timezone.localdate()
        return self.filter(first_day__lte=day, last_day__gte=day, membership__user__is_active=True)


class StandIn(models.Model):
    """A colleague of the same unit does another one's part there, from one day to another (both included)."""

    membership = models.ForeignKey(UnitMembership, on_delete=models.CASCADE, related_name="stand_ins")
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=gettext_lazy("who stands in"),
    )
    first_day = models.DateField(gettext_lazy("first day"))
    last_day = models.DateField(gettext_lazy("last day"))

    objects = StandInQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]

    def __str__(self):
        return f"{self.substitute} – {self.membership}"

    def clean(self):
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day lies before the first one.")})
