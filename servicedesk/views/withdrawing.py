"""«پس گرفتن درخواست»: the citizen takes a letter back that nobody of the staff has opened."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from servicedesk.models.verbs.ending import OpenedMeanwhile
from servicedesk.views.access import personal, sign_in_first
from servicedesk.views.letters import own
from servicedesk.workflow import MoveNotAllowed, Status

DONE = gettext_lazy("Your request is taken back. Nobody works on it any more.")
OPENED = gettext_lazy("The unit has opened your letter meanwhile, so it was not taken back. The work on it goes on.")
NOT_NOW = gettext_lazy("This letter cannot be taken back any more. Its page says how it stands.")


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def withdraw(request, reference):
    """Asked first, since nothing brings it back; sent twice, it is done once."""
    if not (request.user.is_authenticated and request.user.is_citizen):
        return sign_in_first(request, reverse("desk:letter-withdraw", args=[reference]))
    letter = own(request, reference)
    if request.method == "POST":
        return _take_back(request, letter)
    if letter.can_be_withdrawn:
        return render(request, "servicedesk/withdrawal.html", {"letter": letter})
    if letter.status != Status.WITHDRAWN:
        messages.info(request, NOT_NOW)
    return redirect("desk:letter", reference)


def _take_back(request, letter):
    try:
        letter.withdraw(by=request.user)
    except OpenedMeanwhile:
        messages.info(request, OPENED)
    except MoveNotAllowed:
        messages.info(request, NOT_NOW)
    else:
        messages.success(request, DONE)
    return redirect("desk:letter", letter.reference)
