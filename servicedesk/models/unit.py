"""Organisational units (واحد سازمانی): who receives letters."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel

from servicedesk.bilingual import Bilingual
from servicedesk.persian import sort_key
from servicedesk.roles import roles_with


class UnitQuerySet(models.QuerySet):
    def receiving(self):
        """The units to which a letter may be sent or forwarded."""
        return self.filter(is_active=True)

    def public(self):
        """The units that the contact page tells of."""
        return self.filter(is_public=True)

    def of(self, user, act=None):
        """The units in which a staff member has a part now, his own or that of somebody who is away; with an Act those
        with whose letters that part lets him do it."""
        memberships = self.model.memberships.rel.related_model.objects.in_force_for(user)
        if act is not None:
            memberships = memberships.filter(role__in=roles_with(act))
        return self.filter(pk__in=memberships.values("unit"))


class Unit(Bilingual, ClusterableModel):
    name = models.CharField(_("name"), max_length=120, unique=True)
    name_en = models.CharField(
        _("name in English"), max_length=120, blank=True, help_text=_("Left empty, the English pages show the other.")
    )
    description = models.CharField(
        _("what it deals with"),
        max_length=200,
        blank=True,
        help_text=_("One line that helps citizens to choose."),
    )
    description_en = models.CharField(_("what it deals with, in English"), max_length=200, blank=True)
    is_active = models.BooleanField(
        _("receives letters"),
        default=True,
        help_text=_("A unit that is off keeps its letters and gets no new ones."),
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    address_en = models.CharField(_("address in English"), max_length=300, blank=True)
    telephone = models.CharField(
        _("telephone"), max_length=60, blank=True, help_text=_("With the area code; any digits will do.")
    )
    opening_hours = models.CharField(
        _("opening hours"), max_length=200, blank=True, help_text=_("Such as: Saturday to Wednesday, 7:30 to 14.")
    )
    opening_hours_en = models.CharField(_("opening hours in English"), max_length=200, blank=True)
    is_public = models.BooleanField(
        _("shown on the contact page"), default=True, help_text=_("Off: citizens may still write to it.")
    )
    needs_approval = models.BooleanField(
        _("answers need approval"),
        default=False,
        help_text=_("On: a clerk's answer waits until an approver or the head of the unit lets it out."),
    )
    sort_key = models.CharField(max_length=240, editable=False, db_index=True)

    objects = UnitQuerySet.as_manager()

    contact_panel = MultiFieldPanel(
        [
            FieldPanel(name)
            for name in ("is_public", "address", "address_en", "telephone", "opening_hours", "opening_hours_en")
        ],
        heading=_("Contact"),
    )
    # What editors may change as well.
    public_panels = [FieldPanel("name_en"), FieldPanel("description"), FieldPanel("description_en")]
    panels = [
        FieldPanel("name"),
        *public_panels,
        FieldPanel("is_active"),
        FieldPanel("needs_approval"),
        contact_panel,
        InlinePanel("memberships", heading=_("Members"), label=_("Member")),
    ]

    class Meta:
        ordering = ["sort_key"]
        verbose_name = _("organisational unit")
        verbose_name_plural = _("organisational units")
        # For editors: what the contact page says of a unit. Who gets its letters is another right.
        permissions = [("change_unit_contact", _("Can change the contact data of units"))]

    def __str__(self):
        return self.in_language("name")

    def save(self, *args, **kwargs):
        # A derived column, not an effect: the database cannot sort Persian by itself.
        self.sort_key = sort_key(self.name)
        super().save(*args, **kwargs)
