"""Letters that are not sent yet: their steps, the look before sending, going on and giving up."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from servicedesk.models import Draft, FormVersion, Letter, ServicePage
from servicedesk.views.access import citizen_only, personal
from servicedesk.views.filling import Filling
from servicedesk.views.new_letter import keep_and_sign_in
from servicedesk.views.uploading import let_go

CLOSED = gettext_lazy("This service takes no letters just now. What you filled in is kept for a week.")
REMOVED = gettext_lazy("The unfinished letter is removed.")


@require_safe
@citizen_only
def draft(request, form_key):
    """Goes on where the citizen stopped."""
    found = _own(request, form_key)
    return redirect("desk:draft-step", form_key, found.step) if found else _sent_or_gone(request, form_key)


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def step(request, form_key, number):
    """One step of a form."""
    if not (request.user.is_authenticated and request.user.is_citizen):
        return keep_and_sign_in(request)
    found = _own(request, form_key)
    # A form that stayed open until its draft had lapsed still knows its service.
    service_id = found.service_id if found else _service_posted(request)
    if service_id is None:
        return _sent_or_gone(request, form_key)
    service = _open_service(service_id)
    if service is None or number < 1:
        return _closed(request)
    filling = Filling(request, service, step=number, draft=found)
    return filling.take_step() if request.method == "POST" else filling.show()


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_only
def check(request, form_key):
    """The look before sending, and the sending."""
    found = _own(request, form_key)
    if found is None:
        return _sent_or_gone(request, form_key)
    service = _open_service(found.service_id)
    if service is None:
        return _closed(request)
    filling = Filling(request, service, draft=found)
    return filling.take_check() if request.method == "POST" else filling.show_check()


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_only
def remove(request, form_key):
    """Gives an unfinished letter up, with its files; asked first, since nothing brings it back."""
    found = _own(request, form_key)
    if found is None:
        return _sent_or_gone(request, form_key)
    if request.method != "POST":
        return render(request, "servicedesk/draft_removal.html", {"draft": found})
    found.delete()
    let_go(request.user, form_key)
    messages.success(request, REMOVED)
    return redirect("desk:home")


def _own(request, form_key):
    drafts = Draft.objects.visible_to(request.user).select_related("version", "service")
    return drafts.filter(form_key=form_key).first()


def _sent_or_gone(request, form_key):
    """To the receipt of the letter that the draft became, in another tab perhaps."""
    letter = Letter.objects.visible_to(request.user).filter(form_key=form_key).first()
    if letter is None:
        raise Http404
    return redirect("desk:receipt", letter.reference)


def _service_posted(request):
    """The id of the service whose form was posted, by the version that it shows; None where none was."""
    version = FormVersion.objects.filter(digest=request.POST.get("version", "")).first()
    return version.service_id if version else None


def _open_service(pk):
    """The service if it takes letters now. In any language: the form goes on in the one it was begun in."""
    page = ServicePage.objects.taking_letters().filter(pk=pk).first()
    # One that closed by its times says so itself, and keeps what was typed: views/filling.py.
    return page if page and (page.can_start or not page.is_open) else None


def _closed(request):
    messages.info(request, CLOSED)
    return redirect("desk:home")
