"""The browsers in which a staff member is signed in: the same list as the citizens', inside the admin."""

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

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


@require_safe
@never_cache
def still_on(request):
    """/admin/sessions/on/: whether the session goes on, for forms that ask before they are sent; the admin leads
    everybody else to the sign-in. Gives {"token": what a form must bring back}, which a new sign-in changes."""
    return JsonResponse({"token": get_token(request)})
