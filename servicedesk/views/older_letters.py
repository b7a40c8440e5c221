"""After a year without a sign-in the number may belong to somebody else: a tracking code shows that it does not."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from servicedesk.forms import TrackOwnForm
from servicedesk.models import Letter, LimitHit, LimitReached, LongAbsence
from servicedesk.views.access import citizen_only
from servicedesk.views.security_codes import come_back
from servicedesk.waiting import waiting_time


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_only
def older_letters(request):
    """Asks for the tracking code of one of the letters that are hidden. Whether there are any is not said."""
    if not LongAbsence.objects.unproven().filter(user=request.user).exists():
        return redirect("desk:letters")
    form = TrackOwnForm(request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        with transaction.atomic():
            LimitHit.take("older-letters-by-citizen", request.user.pk)
            shown = _show(request.user, form.cleaned_data["reference"])
    except LimitReached as reached:
        words = _("Too many tries. You can try again in %(wait)s.") % {"wait": waiting_time(reached.retry_after)}
        form.add_error(None, words)
        return come_back(_page(request, form, status=429), reached)
    if not shown:
        form.add_error("reference", _("No older letter of this mobile number has this code. Look at it once more."))
        return _page(request, form, status=422)
    messages.success(request, _("Thank you. Your older letters are here again."))
    return redirect("desk:letters")


def _show(citizen, reference):
    """Whether the code was one of a hidden letter; then that one and what is younger is visible again."""
    # Past visible_to on purpose: a letter of this number that its owner does not see yet.
    letter = Letter.objects.filter(citizen=citizen, reference=reference).first()
    return bool(letter and LongAbsence.prove(letter))


def _page(request, form, status=200):
    return render(request, "servicedesk/older_letters.html", {"form": form}, status=status)
