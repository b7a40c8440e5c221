"""Taking the file that came with a form: inspected, stored, or refused in words beside its field."""

import logging

from django.db import transaction
from django.utils.translation import gettext_lazy

from servicedesk import persian
from servicedesk.forms import FOUND_IN_FILE
from servicedesk.models import Attachment, LimitHit, LimitReached
from servicedesk.uploads.inspection import InspectionUnavailable, Refused
from servicedesk.uploads.store import StoreUnavailable
from servicedesk.views import upload_turn

log = logging.getLogger(__name__)

TRY_FILE_AGAIN = gettext_lazy(
    "We could not store the file just now. Your text is kept: choose the file and send again in a moment."
)
BUSY = gettext_lazy(
    "Other files are being checked at this moment. Your text is kept: choose the file and send it again in a moment."
)
TOO_MANY_FILES = gettext_lazy("You have sent many files in a short time. Your text is kept; go on in an hour.")
TOO_MANY_FOR_SLOT = gettext_lazy("Here go at most %(most)s files. Remove one, or choose fewer.")


def in_turn(request, form, slots, form_key, *, done, send, again):
    """``send()``, in the citizen's own turn where files came into ``slots`` (FileSlot). ``done()`` gives
    the answer where this form was sent meanwhile, else None. ``again()`` is the form again, when it has to be sent in a
    moment."""
    brought = [slot for slot in slots if request.FILES.getlist(slot.field_name)]
    if not brought:
        return send()
    try:
        with upload_turn.of_form(request.user, form_key) as repeated:
            if answer := done():
                return answer
            if repeated:
                raise upload_turn.Busy
            return send()
    except upload_turn.Busy:
        for slot in brought:
            form.refuse_file(slot, BUSY)
        return again()


def take_files(request, form, step, form_key):
    """Takes what came into the places for files of a step: inspected and kept beside what was kept before, or refused
    by their rules in a sentence at its place. What the scanner took away meanwhile is said once, and forgotten."""
    for slot in form.slots(step):
        uploaded = request.FILES.getlist(slot.field_name)
        for file in form.files_in(slot):
            if file.is_removed:
                form.kept.remove(file)
                file.discard()
                if not uploaded:
                    form.refuse_file(slot, FOUND_IN_FILE)
        if slot.most > 1 and len(uploaded) + len(form.files_in(slot)) > slot.most:
            most = persian.in_language(slot.most)
            form.refuse_file(slot, TOO_MANY_FOR_SLOT % {"most": most})
            continue
        # Of a single one, all that came is looked at together: two in its place are refused in words of their own.
        for files in [uploaded] if slot.most == 1 and uploaded else [[file] for file in uploaded]:
            if file := accepted(files, request.user, form, slot, form_key):
                form.kept.insert(0, file)


def accepted(uploaded, citizen, form, slot, form_key):
    """The Attachment of an uploaded file; None where it is refused, and the form says why at ``slot``."""
    try:
        with upload_turn.of_process():
            with transaction.atomic():
                LimitHit.take("upload-by-citizen", citizen.pk)
            file = Attachment.accept(
                uploaded, owner=citizen, form_key=form_key, rules=slot.rules, question=slot.question
            )
    except Refused as refusal:
        form.refuse_file(slot, refusal.message)
    except (InspectionUnavailable, StoreUnavailable) as error:
        log.warning("a file could not be taken: %s", type(error).__name__)
        form.refuse_file(slot, TRY_FILE_AGAIN)
    except upload_turn.Busy:
        form.refuse_file(slot, BUSY)
    except LimitReached:
        form.refuse_file(slot, TOO_MANY_FILES)
    else:
        if not file.is_removed:
            return file
        # The same content as one in which something was found. Said this once; then as if it had never come.
        file.discard()
        form.refuse_file(slot, FOUND_IN_FILE)
    return None


def let_go(citizen, form_key):
    """Forgets what a form had brought and no letter took."""
    for file in Attachment.objects.kept_for(citizen, form_key):
        file.discard()
