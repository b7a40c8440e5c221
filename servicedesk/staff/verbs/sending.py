"""One click on a verb's button: either the verb happens once, or the form stands there again.

GET shows the letter with the form unfolded, so an address that a sign-in leads back to is no dead end.
"""

import logging

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from servicedesk.models import Attachment, DeskSettings, Event, Letter, Rights
from servicedesk.models.numbering import NumberTaken
from servicedesk.models.verbs.answering import NothingHandedIn
from servicedesk.models.verbs.ending import DayNotLater
from servicedesk.models.verbs.verb import FileGone
from servicedesk.staff.letter import letter_page, mine
from servicedesk.staff.verbs.answering import ReplyFileForm
from servicedesk.staff.verbs.form import KeyForm
from servicedesk.uploads.inspection import InspectionUnavailable, Refused
from servicedesk.uploads.store import StoreUnavailable
from servicedesk.workflow import MoveNotAllowed, Status

log = logging.getLogger(__name__)

TRY_FILE_AGAIN = gettext_lazy(
    "The file could not be stored just now. Your text is kept: choose the file and send again in a moment."
)
ANSWERED_MEANWHILE = gettext_lazy(
    "This letter has got its final answer meanwhile, so yours was not sent. Read that answer on this page; what you "
    "wrote is kept below, to copy or to note for your colleagues."
)
FILE_GONE = gettext_lazy("The file was removed meanwhile, so nothing was sent. Choose it again, or send without.")
FOUND_IN_FILE = gettext_lazy(
    "The virus scanner found something harmful in this file, so it was removed and nothing was sent. Choose another "
    "one, or send without."
)
NO_FILE_WANTED = gettext_lazy("This answer has its file, so yours was not added. What the citizen was given stays.")
NO_LONGER_OPEN = gettext_lazy("This letter is no longer open, so nothing was sent. What you wrote is kept below.")
NOT_NOW = gettext_lazy(
    "The letter has changed meanwhile, so nothing was done. Look at it anew; what you wrote is kept below."
)
# What a verb refuses, in words for the clerk.
REFUSALS = {
    NumberTaken: gettext_lazy("Another letter of the unit has this number. Choose another one."),
    NothingHandedIn: gettext_lazy("This answer does not wait for approval any more, so nothing was done."),
    DayNotLater: gettext_lazy("The day must lie after the one that is promised now."),
}


def view_of(form_class):
    """The view of one verb."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request, reference):
        return _Sending(request, reference, form_class).respond()

    return view


class _Sending:
    def __init__(self, request, reference, form_class):
        self.request, self.reference, self.form_class = request, reference, form_class

    def respond(self):
        if self.request.method != "POST":
            letter = self._letter()
            return letter_page(self.request, letter, opened=self.form_class)
        try:
            return self._send()
        except Http404:
            # The same click a moment earlier may have forwarded it out of sight.
            event = self._earlier_event()
            if event is None:
                raise
            return self._go_on(event)

    def _letter(self, *, locked=False):
        """The letter, if the verb is among the rights of its reader. Raises PermissionDenied."""
        letter = mine(self.request, self.reference, locked=locked)
        if not Rights(self.request.user).may(self.form_class.act, letter):
            raise PermissionDenied
        return letter

    def _send(self):
        earlier = self._earlier_event()
        if earlier:
            return self._go_on(earlier)
        letter = self._letter()
        form = self.form_class(self.request.POST, letter=letter, rights=Rights(self.request.user))
        form.is_valid()
        if "file" in form.fields:
            _take_file(self.request, form)
        if not form.is_valid():
            return letter_page(self.request, letter, sent=form)
        try:
            with transaction.atomic():
                event = self._send_locked(form)
        except (MoveNotAllowed, FileGone, *REFUSALS) as refusal:
            self._refuse(form, refusal)
            return letter_page(self.request, self._letter(), sent=form)
        return self._go_on(event)

    def _send_locked(self, form):
        """The verb's event. Raises MoveNotAllowed, too, where the letter has changed so that the page would no longer
        offer the verb."""
        letter = self._letter(locked=True)
        if not self.form_class.is_offered(letter):
            raise MoveNotAllowed(letter.status, letter.status)
        return form.send(letter, self.request.user)

    def _refuse(self, form, refusal):
        if isinstance(refusal, FileGone):
            form.add_error("file", FILE_GONE)
        elif isinstance(refusal, MoveNotAllowed):
            if self.form_class is ReplyFileForm:
                # The page has no place for this form any more.
                messages.error(self.request, NO_FILE_WANTED)
            form.add_error(None, refusal_in_words(refusal))
        else:
            form.add_error(None, REFUSALS[type(refusal)])

    def _earlier_event(self):
        """What this form, sent before by the same person, has left."""
        form = KeyForm(self.request.POST)
        if not form.is_valid():
            return None
        with_key = Event.objects.filter(form_key=form.cleaned_data["form_key"], letter__reference=self.reference)
        earlier = with_key.select_related("letter", "unit", "person", "reply").first()
        return earlier if earlier and self.request.user.pk in (earlier.actor_id, _approver(earlier)) else None

    def _go_on(self, event):
        """To the letter; or to the inbox where it is no longer among one's letters."""
        messages.success(self.request, self.form_class.said(event))
        if Letter.objects.visible_to(self.request.user).filter(reference=self.reference).exists():
            return redirect("staff:letter", self.reference)
        return redirect("staff:inbox")


def _approver(event):
    return event.reply.approved_by_id if event.reply else None


def _take_file(request, form):
    """Gives the answer its file: the one sent now, else the one accepted earlier with this form."""
    if form.key is None:
        return
    kept = Attachment.objects.kept_for(request.user, form.key)
    uploaded = request.FILES.getlist("file")
    if not uploaded:
        if "remove_file" in request.POST:
            for file in kept:
                file.discard()
            form.add_error("file", _("The file was removed. Choose another one or send without."))
        form.attachment = kept.first()
    else:
        form.attachment = _accepted(request, form, uploaded)
    if form.attachment is not None and form.attachment.is_removed:
        # Said this once; then the form is as if it had never come.
        form.attachment.discard()
        form.attachment = None
        form.add_error("file", FOUND_IN_FILE)
    if isinstance(form, ReplyFileForm) and form.attachment is None and not form.has_error("file"):
        form.add_error("file", _("Choose the file."))


def _accepted(request, form, uploaded):
    try:
        return Attachment.accept(
            uploaded, owner=request.user, form_key=form.key, rules=DeskSettings.load().body_file_rules
        )
    except Refused as refusal:
        form.add_error("file", refusal.message)
    except (InspectionUnavailable, StoreUnavailable) as error:
        log.warning("a file could not be taken: %s", type(error).__name__)
        form.add_error("file", TRY_FILE_AGAIN)
    return None


def refusal_in_words(refusal):
    """Why a verb did nothing, for the clerk."""
    if refusal.current == Status.ANSWERED:
        return ANSWERED_MEANWHILE
    return NOT_NOW if refusal.current in (Status.IN_REVIEW, Status.WAITING) else NO_LONGER_OPEN
