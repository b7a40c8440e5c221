"""Organisational units and their members, managed with Wagtail's own views: units are no secret.

Whoever may change units decides who reads letters, so the permission is given with care. Editors have a smaller one:
they keep what the contact page says of each unit, and see nothing else of it.
"""

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Count, ProtectedError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from servicedesk.models import Leading, Unit
from servicedesk.models.leading import Team
from servicedesk.models.rights import AUDITOR, REGISTRAR
from servicedesk.persian import in_language

CHANGE, CHANGE_CONTACT = "servicedesk.change_unit", "servicedesk.change_unit_contact"


class UnitPolicy(ModelPermissionPolicy):
    """Units may also be opened by those who keep their contact data; ``UnitEditView`` gives them that part."""

    def user_has_permission(self, user, action):
        return super().user_has_permission(user, action) or (action == "change" and user.has_perm(CHANGE_CONTACT))


register_permission_policy(Unit, UnitPolicy(Unit))


class UnitIndexView(generic.IndexView):
    def get_base_queryset(self):
        return Unit.objects.annotate(member_count=Count("memberships"))

    def get_list_more_buttons(self, instance):
        buttons = super().get_list_more_buttons(instance)
        if self.request.user.is_superuser:
            address = reverse("staff:unit", args=[instance.pk])
            buttons.append(Button(_("Roles, stand-ins and numbers"), address, icon_name="group", priority=15))
        return buttons


class Traced:
    """A form of Wagtail's whose changes of members and settings stand in the unit's trace, like those of its head."""

    def save_instance(self):
        with transaction.atomic():
            # None yet for a new unit; else nobody changes it meanwhile.
            Leading.locked().filter(pk=self.form.instance.pk).first()
            before = Team.of(self.form.instance)
            unit = super().save_instance()
            Leading(unit, self.request.user).note_changes(before)
        return unit


class UnitCreateView(Traced, generic.CreateView):
    pass


class UnitEditView(Traced, generic.EditView):
    """The whole unit, or what its contact page says for those who may change no more: the rest is not in their form, so
    nothing that they send reaches it."""

    def get_panel(self):
        if self.request.user.has_perm(CHANGE):
            return super().get_panel()
        return ObjectList([*Unit.public_panels, Unit.contact_panel]).bind_to_model(Unit)

    def get_form_class(self):
        return self.panel.get_form_class()


class UnitDeleteView(generic.DeleteView):
    """A unit that has ever had a letter stays; the clerk learns what to do instead."""

    def form_valid(self, form):
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                _("This unit has letters, so it cannot be deleted. Switch off «receives letters» instead."),
            )
            return redirect(self.edit_url_name, self.object.pk)


class UnitViewSet(ModelViewSet):
    model = Unit
    name = "units"
    icon = "group"
    menu_label = gettext_lazy("Organisational units")
    menu_order = 60
    add_to_admin_menu = True
    copy_view_enabled = False
    index_view_class = UnitIndexView
    add_view_class = UnitCreateView
    edit_view_class = UnitEditView
    delete_view_class = UnitDeleteView
    ordering = "sort_key"
    list_display = [
        "name",
        Column("members", label=gettext_lazy("Members"), accessor=lambda unit: in_language(unit.member_count)),
        Column(
            "is_active",
            label=gettext_lazy("receives letters"),
            accessor=lambda unit: _("yes") if unit.is_active else _("no"),
        ),
    ]
    search_fields = ["name", "name_en", "description", "description_en"]


def desk_permissions():
    """The rights over units, and over the letters of all of them, that a group may be given."""
    of_letters = [name.partition(".")[2] for name in (REGISTRAR, AUDITOR)]
    return Permission.objects.filter(
        content_type__app_label="servicedesk",
        codename__in=["add_unit", "change_unit", "change_unit_contact", "delete_unit", *of_letters],
    )
