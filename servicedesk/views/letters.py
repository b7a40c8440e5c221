"""Letters that a citizen has sent: the list, one letter, its receipt, its files."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from servicedesk import persian, references
from servicedesk.forms import CompletionForm, FileForm
from servicedesk.models import Attachment, DeskSettings, Letter, LimitHit, LimitReached, LongAbsence
from servicedesk.qr_code import qr_svg
from servicedesk.timeline import timeline_of
from servicedesk.views import late_posts
from servicedesk.views.access import citizen_only
from servicedesk.views.files import link_to
from servicedesk.views.security_codes import too_many

PAGE_SIZE = 20


@require_safe
@citizen_only
def letters(request):
    """All one's letters, newest first, twenty a page, searched by code, subject or unit."""
    query = references.scanned(persian.tidy(request.GET.get("q", "")))[:100]
    rows = Letter.objects.visible_to(request.user).with_final_answers()
    if query:
        try:
            LimitHit.take_for_reading(("search-by-citizen", request.user.pk))
        except LimitReached as reached:
            return too_many(request, reached)
        found = Q(subject__icontains=query) | Q(unit__name__icontains=query) | Q(unit__name_en__icontains=query)
        code = persian.only_digits(query)
        rows = rows.filter(found | Q(reference__contains=code) if code.isdigit() else found)
    page = Paginator(rows, PAGE_SIZE).get_page(persian.ascii_digits(request.GET.get("page", "1")))
    context = {
        "page_obj": page,
        "letters": page.object_list,
        "q": query,
        "was_away": not page.object_list and LongAbsence.objects.unproven().filter(user=request.user).exists(),
    }
    return render(request, "servicedesk/letters.html", context)


@require_safe
@citizen_only
def letter(request, reference):
    """One letter: its answers under «جوابیه», its timeline, its file."""
    found = own(request, reference)
    found.mark_seen()
    return letter_page(request, found)


def letter_page(request, found, sent=None, reply=None):
    """The page of a letter. ``sent`` is a FileForm that failed, ``reply`` such a CompletionForm; then the answer is
    422."""
    desk = DeskSettings.load()
    answers = found.replies.select_related("unit").prefetch_related("attachments").order_by("-is_final", "-at")
    failed = sent is not None or reply is not None
    if found.open_request and reply is None:
        reply = CompletionForm(asked=found.open_request, rules=found.usual_file_rules(desk))
        reply.initial["text"] = late_posts.take_reply(request.session, found.reference)
    context = {
        "letter": found,
        "answers": answers,
        "timeline": timeline_of(found, found.events.for_citizen().with_names()),
        "form": (sent or FileForm()) if found.wants_file else None,
        "rules": found.file_rules(desk),
        "reply": reply,
        "reply_slot": reply.slots()[0] if reply else None,
        "corrected": {answer.corrects_id for answer in answers},
    }
    return render(request, "servicedesk/letter.html", context, status=422 if failed else 200)


@require_safe
@citizen_only
def receipt(request, reference):
    """«رهگیری پیشخوان خدمت الکترونیک»: lasts as long as the letter."""
    found = own(request, reference)
    address = settings.PUBLIC_URL + reverse("desk:receipt", args=[reference])
    context = {"letter": found, "body_file": found.body_file, "qr_svg": qr_svg(address)}
    return render(request, "servicedesk/receipt.html", context)


@require_safe
@citizen_only
def letter_file(request, reference, file_id):
    """A click on a file: the right is checked now, and a link of 60 seconds is made for this session."""
    attachment = get_object_or_404(
        Attachment.objects.visible_to(request.user).released(), pk=file_id, letter__reference=reference
    )
    return redirect(link_to(request, attachment))


def own(request, reference):
    """The citizen's letter of this code; anybody else's does not exist."""
    letters = Letter.objects.visible_to(request.user).select_related("unit", "version", "service")
    letters = letters.prefetch_related("attachments", "answers", "completion_requests__attachments")
    return get_object_or_404(letters, reference=reference)
