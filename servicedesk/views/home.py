"""The desk's home: «ثبت درخواست» and «پیگیری درخواست»."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from servicedesk.forms import TrackOwnForm
from servicedesk.models import Draft, Letter, LongAbsence, ServicePage, Unit
from servicedesk.views.access import citizen_only

LETTERS_SHOWN = 3


@require_safe
@citizen_only
def home(request):
    return _render(request, TrackOwnForm())


@require_POST
@citizen_only
def track_own(request):
    """Opens the letter of a typed code, if it is one's own."""
    form = TrackOwnForm(request.POST)
    if not form.is_valid():
        return _render(request, form, status=422)
    letter = Letter.objects.visible_to(request.user).filter(reference=form.cleaned_data["reference"]).first()
    if letter is None:
        form.add_error("reference", _("Among your letters there is none with this code."))
        return _render(request, form, status=422)
    return redirect("desk:letter", letter.reference)


def _render(request, track_form, status=200):
    letters = Letter.objects.visible_to(request.user).with_final_answers()
    count = letters.count()
    context = {
        "services": [
            {
                "title": page.title,
                "summary": page.summary,
                "url": page.start_url,
                "page_url": page.get_url(request),
                "closed": page.closed_in_words(),
            }
            for page in ServicePage.objects.offered()
        ],
        "drafts": Draft.objects.visible_to(request.user).select_related("service"),
        "can_start": Unit.objects.receiving().exists(),
        "track_form": track_form,
        "letters": letters[:LETTERS_SHOWN],
        # Whoever has written since knows it, and need not be told with each visit.
        "was_away": not count and LongAbsence.objects.unproven().filter(user=request.user).exists(),
        **letters.count_news(),
    }
    return render(request, "servicedesk/home.html", context, status=status)
