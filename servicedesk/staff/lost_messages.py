"""SMS about a letter that reached nobody, on the letter's page: sent again, or settled otherwise."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from servicedesk.staff.undelivered import act_on
from servicedesk.staff.writing import letter_to_answer


@require_http_methods(["GET", "HEAD", "POST"])
def lost_messages(request, reference):
    """All of the letter's at once; 422 for what names none of the two. A GET leads to the letter."""
    letter = letter_to_answer(request, reference)
    if request.method == "POST":
        if request.POST.get("do") not in ("resend", "set-aside"):
            return HttpResponse(status=422)
        chosen = list(letter.messages.unattended().about_letters().values_list("pk", flat=True))
        if chosen:
            act_on(request, chosen)
        else:
            messages.info(request, _("This message is on its way or settled by now."))
    return redirect("staff:letter", reference)
