"""Tracking without signing in: a tracking code and the mobile number show status and dates, no more."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from servicedesk import persian, references
from servicedesk.client_address import client_address
from servicedesk.forms import TrackForm
from servicedesk.models import Letter, LimitHit, LimitReached
from servicedesk.views.access import personal


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def track(request):
    # On the slip of a paper letter stands the address with its code.
    form = TrackForm(request.POST or None, initial={"reference": _code_in_address(request)})
    if request.method != "POST":
        return render(request, "servicedesk/track.html", {"form": form})
    if not form.is_valid():
        return render(request, "servicedesk/track.html", {"form": form}, status=422)
    try:
        found = _find(request, **form.cleaned_data)
    except LimitReached:
        form.add_error(None, _("Too many tries. Wait ten minutes, or sign in to see your letters."))
        return render(request, "servicedesk/track.html", {"form": form}, status=429)
    if found is None:
        form.add_error(None, _("No letter with this tracking code was sent from this mobile number. Check both."))
        return render(request, "servicedesk/track.html", {"form": form}, status=422)
    return render(request, "servicedesk/track.html", {"form": form, "found": found})


def _code_in_address(request):
    code = persian.only_digits(request.GET.get("reference", ""))
    return code if references.is_valid(code) else ""


def _find(request, reference, mobile):
    """The letter of a code and a number, each try counted."""
    LimitHit.take_for_reading(("track-from-address", client_address(request).host), ("track-number", mobile))
    return Letter.objects.filter(reference=reference, citizen__mobile=mobile).first()
