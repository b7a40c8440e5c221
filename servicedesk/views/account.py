"""«حساب من» and «نشست‌های من»: what belongs to a citizen besides letters, and the browsers in which he is signed in."""

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from servicedesk import persian
from servicedesk.browsers import in_words
from servicedesk.middleware import LISTED
from servicedesk.models import LongAbsence, UserSession
from servicedesk.views.access import citizen_only

ENDED = gettext_lazy("That session is over. Whoever sits there has to sign in again.")
OTHERS_ENDED = gettext_lazy("You are signed out everywhere else. Only this browser is still signed in.")


@require_safe
@citizen_only
def account(request):
    context = {
        "mobile_display": persian.mobile_for_people(request.user.mobile),
        "sessions_count": UserSession.objects.of(request.user).count(),
        "has_older_letters": LongAbsence.objects.unproven().filter(user=request.user).exists(),
    }
    return render(request, "servicedesk/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_only
def sessions(request):
    """The list; a POST ends what its ``end`` names: the id of one session, "others", or "all"."""
    if request.method == "POST":
        return end_sessions(request, "desk:sessions", "desk:sign-out")
    return render(request, "servicedesk/sessions.html", {"sessions": sessions_of(request)})


def sessions_of(request):
    """One's live sessions with what a list says of each: ``words`` and ``is_this``; this one first."""
    rows = list(UserSession.objects.of(request.user))
    for row in rows:
        row.words = in_words(row.system, row.browser)
        row.is_this = row.pk == request.session.get(LISTED)
    return sorted(rows, key=lambda row: not row.is_this)


def end_sessions(request, back, way_out):
    """Ends what a posted ``end`` names, and goes ``back`` to the list or, when this one is over too, ``way_out``."""
    which, this = request.POST.get("end", ""), request.session.get(LISTED)
    if which == "others":
        UserSession.end_all(request.user, but=this)
        messages.success(request, OTHERS_ENDED)
    elif which == "all":
        UserSession.end_all(request.user)
        logout(request)
        return redirect(way_out)
    elif which.isascii() and which.isdigit() and len(which) < 19 and UserSession.end(request.user, int(which)):
        if int(which) == this:
            logout(request)
            return redirect(way_out)
        messages.success(request, ENDED)
    return redirect(back)
