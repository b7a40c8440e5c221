"""Another file for a letter whose own was removed: the same way through inspection and quarantine."""

import uuid

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from servicedesk.forms import FOUND_IN_FILE, FileForm
from servicedesk.models import Attachment, DeskSettings
from servicedesk.models.verbs.verb import FileGone
from servicedesk.service_form import NO_BODY_FILE
from servicedesk.views.access import citizen_only
from servicedesk.views.letters import letter_page, own
from servicedesk.views.uploading import in_turn, take_files
from servicedesk.workflow import MoveNotAllowed

THANKS = gettext_lazy("Your file has arrived. The letter goes on; there is nothing more for you to do.")
NOT_WANTED = gettext_lazy("This letter needs no other file any more, so nothing was sent.")
CAME_INCOMPLETE = gettext_lazy("This form came incomplete. Choose the file and send it once more.")


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_only
def new_file(request, reference):
    """Takes the file once, however often the form is sent."""
    letter = own(request, reference)
    if request.method != "POST":
        return redirect("desk:letter", reference)
    form = FileForm(request.POST)
    form.is_valid()
    form_key = form.cleaned_data.get("form_key")
    if form_key is None:
        form = FileForm({"form_key": uuid.uuid4()})
        form.add_error(None, CAME_INCOMPLETE)
        return letter_page(request, letter, form)
    if answer := _earlier_thanks(request, letter, form_key):
        return answer
    if not letter.wants_file:
        messages.info(request, NOT_WANTED)
        return redirect("desk:letter", reference)
    form.rules = letter.file_rules(DeskSettings.load())
    form.kept = list(Attachment.objects.kept_for(request.user, form_key))
    return in_turn(
        request,
        form,
        form.slots(),
        form_key,
        done=lambda: _earlier_thanks(request, letter, form_key),
        send=lambda: _given(request, letter, form, form_key),
        again=lambda: letter_page(request, letter, form),
    )


def _given(request, letter, form, form_key):
    take_files(request, form, None, form_key)
    [slot] = form.slots()
    if not form.errors and not form.kept:
        form.refuse_file(slot, NO_BODY_FILE)
    if form.errors:
        return letter_page(request, letter, form)
    [file] = form.files_in(slot)
    try:
        letter.give_file(by=request.user, file=file, form_key=form_key)
    except MoveNotAllowed:
        file.discard()
        messages.info(request, NOT_WANTED)
        return redirect("desk:letter", letter.reference)
    except FileGone:
        form.refuse_file(slot, FOUND_IN_FILE)
        return letter_page(request, letter, form)
    return _thanked(request, letter.reference)


def _earlier_thanks(request, letter, form_key):
    given = letter.events.filter(actor=request.user, form_key=form_key).exists()
    return _thanked(request, letter.reference) if given else None


def _thanked(request, reference):
    messages.success(request, THANKS)
    return redirect("desk:letter", reference)
