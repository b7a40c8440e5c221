"""Banners in the admin: one list, which says what visitors see now."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from home.models import Banner
from servicedesk.persian import jalali_long


def state(banner):
    """What visitors see of it now, in a word."""
    if not banner.is_on:
        return _("switched off")
    if banner.starts_at and banner.starts_at > timezone.now():
        return _("not yet")
    if banner.ends_at and banner.ends_at <= timezone.now():
        return _("over")
    return _("showing now")


class BannerViewSet(ModelViewSet):
    model = Banner
    name = "banners"
    icon = "warning"
    menu_label = gettext_lazy("Banners")
    menu_order = 250
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = [
        "text",
        Column("state", label=gettext_lazy("State"), accessor=state),
        Column(
            "starts_at",
            label=gettext_lazy("From"),
            accessor=lambda banner: jalali_long(banner.starts_at) if banner.starts_at else "–",
        ),
        Column(
            "ends_at",
            label=gettext_lazy("Until"),
            accessor=lambda banner: jalali_long(banner.ends_at) if banner.ends_at else "–",
        ),
    ]
