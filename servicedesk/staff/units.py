"""Organisational units and their members, managed with Wagtail's own views: units are no secret.

Whoever may change units decides who reads letters, so the permission is given with care.
"""

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Count, ProtectedError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from servicedesk.models import Unit
from servicedesk.persian import in_language


class UnitIndexView(generic.IndexView):
    def get_base_queryset(self):
        return Unit.objects.annotate(member_count=Count("memberships"))


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
    search_fields = ["name", "description"]


def unit_permissions():
    """The rights over units that a group may be given."""
    return Permission.objects.filter(
        content_type__app_label="servicedesk", codename__in=["add_unit", "change_unit", "delete_unit"]
    )
