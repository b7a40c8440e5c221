"""Taking the file that came with a form: inspected, stored, or refused in words beside its field."""

import logging

from django.db import transaction
from django.utils.translation import gettext_lazy

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
NO_FILE = gettext_lazy("Choose the file of your letter.")
FOUND_IN_FILE = gettext_lazy(
    "The virus scanner found something harmful in the file that you chose, so we have removed it. Choose another file; "
    "a photo of the page will do as well."
)


def in_turn(request, form, form_key, *, done, send, again):
    """``send()``, in the citizen's own turn where a file came. ``done()`` gives the answer where this form was sent
    meanwhile, else None. ``again()`` is the form again, when it has to be sent in a moment."""
    if not request.FILES.getlist("body_file"):
        return send()
    try:
        with upload_turn.of_form(request.user, form_key) as repeated:
            if answer := done():
                return answer
            if repeated:
                raise upload_turn.Busy
            return send()
    except upload_turn.Busy:
        form.refuse_file(BUSY)
        return again()


def taken(request, form, form_key, rules):
    """The citizen's Attachment: the file sent now, else the one accepted earlier with this form. None where there
    is none or it is refused by the service's ``rules``; ``form.refuse_file`` then has the reason."""
    uploaded = request.FILES.getlist("body_file")
    if uploaded:
        file = _accepted(uploaded, request.user, form, form_key, rules)
    else:
        file = Attachment.objects.kept_for(request.user, form_key).first()
        if file is None:
            form.refuse_file(NO_FILE)
    if file is not None and file.is_removed:
        # Said this once; then the form is as if it had never come.
        file.discard()
        form.refuse_file(FOUND_IN_FILE)
        return None
    return file


def _accepted(uploaded, citizen, form, form_key, rules):
    try:
        with upload_turn.of_process():
            with transaction.atomic():
                LimitHit.take("upload-by-citizen", citizen.pk)
            return Attachment.accept(uploaded, owner=citizen, form_key=form_key, rules=rules)
    except Refused as refusal:
        form.refuse_file(refusal.message)
    except (InspectionUnavailable, StoreUnavailable) as error:
        log.warning("a file could not be taken: %s", type(error).__name__)
        form.refuse_file(TRY_FILE_AGAIN)
    except upload_turn.Busy:
        form.refuse_file(BUSY)
    except LimitReached:
        form.refuse_file(TOO_MANY_FILES)
    return None


def let_go(citizen, form_key):
    """Forgets what an unsent form had brought."""
    for file in Attachment.objects.kept_for(citizen, form_key):
        file.discard()
