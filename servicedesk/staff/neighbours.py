"""From one letter to the next, in the order of the inbox: what is due first among one's open letters."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.admin import messages

from servicedesk.models import Letter
from servicedesk.models.letter import DUE
from servicedesk.staff.inbox.pages import page_of
from servicedesk.staff.inbox.tabs import BY_DUE
from servicedesk.staff.letter import mine
from servicedesk.staff.own_desk import OwnDesk


@require_safe
def following(request, reference):
    """To the open letter that is due next after this one."""
    return _neighbour(request, reference, "after", _("This was the last of your open letters."))


@require_safe
def preceding(request, reference):
    """To the open letter that is due last before this one."""
    return _neighbour(request, reference, "before", _("This is the first of your open letters."))


def _neighbour(request, reference, way, nothing):
    here = mine(request, reference, bare=True)
    [place] = Letter.objects.filter(pk=here.pk).values_list(DUE)
    page = page_of(Letter.objects.live().open(), BY_DUE, OwnDesk.of(request).unit_ids, **{way: (*place, here.pk)})
    if not page.letters:
        messages.info(request, nothing)
        return redirect("staff:inbox")
    return redirect("staff:letter", page.letters[0 if way == "after" else -1].reference)
