"""The browsers in which a staff member is signed in: the same list as the citizens', inside the admin."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from servicedesk.views.account import end_sessions, sessions_of


@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request):
    """/admin/sessions/: a POST ends what its ``end`` names, as in servicedesk.views.account."""
    if request.method == "POST":
        return end_sessions(request, "own-sessions", "wagtailadmin_login")
    context = {
        "sessions": sessions_of(request),
        "header_title": _("My sessions"),
        "header_icon": "user",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_account"), "label": _("Account")},
            {"url": "", "label": _("My sessions")},
        ],
    }
    return render(request, "servicedesk/staff/sessions.html", context)
