"""403 on the desk's own addresses. Wagtail would lead to its home page instead, away from what was typed."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import path as plain_path
from django.utils.translation import gettext as _


def path(route, view, name):
    """Django's path, for a page of the desk."""
    return plain_path(route, says_no(view), name=name)


def says_no(view):
    """Makes a view that raises PermissionDenied answer with a page that says so."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied:
            context = {
                # Of a letter its reader may see, if there is one in the address.
                "reference": kwargs.get("reference"),
                "header_title": _("Not among your rights"),
                "header_icon": "lock",
                "breadcrumbs_items": [{"url": "", "label": _("Not among your rights")}],
            }
            return render(request, "servicedesk/staff/forbidden.html", context, status=403)

    return guarded
