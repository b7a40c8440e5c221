"""What a citizen may have of us: all data as one file, and their removal."""

from django.contrib import messages
from django.db import transaction
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from servicedesk.forms import RemovalForm
from servicedesk.models import Letter, LimitHit, LimitReached, RemovalRequest
from servicedesk.models.removal_request import AlreadyDecided
from servicedesk.own_data import archive_of
from servicedesk.views.access import citizen_only
from servicedesk.views.files import disposition

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@citizen_only
def my_data(request):
    """Says what the file holds; POST makes it."""
    if request.method != "POST":
        return render(request, "servicedesk/own_data/my_data.html")
    try:
        with transaction.atomic():
            LimitHit.take("my-data-by-citizen", request.user.pk)
    except LimitReached as limit:
        wait = max(1, limit.retry_after // 60)
        return render(request, "servicedesk/own_data/my_data.html", {"wait_minutes": wait}, status=429)
    pieces = archive_of(request.user, get_language())
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = disposition(_("my data") + ".zip")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@get_or_post
@citizen_only
def my_removal(request):
    """Says what would be removed and what stays; POST asks for it."""
    form = RemovalForm(request.POST or None)
    if request.method != "POST" or _open_letters(request.user).exists() or not form.is_valid():
        return _removal_page(request, form, status=200 if request.method != "POST" else 422)
    try:
        RemovalRequest.ask(request.user)
    except LimitReached:
        form.add_error(None, _("You have asked and taken back several times today. Try again tomorrow."))
        return _removal_page(request, form, status=429)
    return redirect("desk:my-removal")


@require_POST
@citizen_only
def take_removal_back(request):
    """The citizen has thought better of it."""
    standing = RemovalRequest.objects.visible_to(request.user).filter(state=RemovalRequest.State.OPEN).first()
    if standing is not None:
        try:
            standing.take_back()
            messages.success(request, _("You have taken your request back. Nothing was removed."))
        except AlreadyDecided:
            # The page says what was decided.
            return redirect("desk:my-removal")
    return redirect("desk:my-removal")


def _open_letters(citizen):
    return Letter.objects.visible_to(citizen).open()


def _removal_page(request, form, status):
    latest = RemovalRequest.objects.visible_to(request.user).order_by("-asked_at", "-pk").first()
    context = {
        "form": form,
        "latest": latest,
        "is_waiting": latest is not None and latest.state == RemovalRequest.State.OPEN,
        "is_refused": latest is not None and latest.state == RemovalRequest.State.REFUSED,
        "open_letters": _open_letters(request.user),
        "letters_count": Letter.objects.visible_to(request.user).count(),
    }
    return render(request, "servicedesk/own_data/my_removal.html", context, status=status)
