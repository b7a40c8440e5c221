"""Pictures of a file's pages on the letter's page: a look without fetching the file."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from servicedesk.models import Attachment, StaffView
from servicedesk.staff.letter import mine
from servicedesk.uploads.preview import SHOWN, NoPreview, page_picture
from servicedesk.uploads.store import StoreUnavailable


@require_safe
@never_cache
def page(request, reference, file_id, number):
    """One page as JPEG; the header ``X-Pages`` says how many there are. A look at the first one is written down like a
    fetched file."""
    letter = mine(request, reference, bare=True)
    shown = Attachment.objects.visible_to(request.user).released().filter(kind__in=SHOWN)
    file = get_object_or_404(shown, pk=file_id, letter=letter)
    try:
        with file.open() as content:
            picture = page_picture(content.read(), file.kind, number)
    except (NoPreview, StoreUnavailable) as error:
        raise Http404 from error
    if number == 1:
        StaffView.file_fetched(letter, request.user)
    headers = {"X-Pages": str(picture.pages), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(picture.content, content_type="image/jpeg", headers=headers)
