"""What a clerk does with a letter: one address, one form, one verb of the model each.

GET shows the letter with the form unfolded, so an address that a sign-in leads back to is no dead end.
"""

import logging

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from servicedesk import persian
from servicedesk.models import Attachment, DeskSettings, Event, Letter
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.letter import FileGone
from servicedesk.staff.forms import AnswerForm, ForwardForm, InterimAnswerForm, KeyForm, NoteForm, ReplyFileForm
from servicedesk.staff.letter import letter_page, mine
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

ANSWERED_AS = {
    EventKind.ANSWERED: gettext_lazy("The final answer is on its way to the citizen."),
    EventKind.INTERIM_ANSWER: gettext_lazy("The citizen has your interim answer; the letter stays open."),
}

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
def answer(request, reference):
    return _answered_by(request, reference, AnswerForm)


@get_or_post
def interim_answer(request, reference):
    return _answered_by(request, reference, InterimAnswerForm)


@get_or_post
def reply_file(request, reference):
    def form_with_file(letter):
        form = ReplyFileForm(request.POST, letter=letter)
        if form.is_valid():
            _take_file(request, form)
            if form.attachment is None and not form.has_error("file"):
                form.add_error("file", _("Choose the file."))
        return form

    return _Sending(request, reference, "reply-file").respond(
        form_with_file, lambda event: _("The file stands with the answer once it has been checked.")
    )


@get_or_post
def forward(request, reference):
    return _Sending(request, reference, "forward").respond(
        lambda letter: ForwardForm(request.POST, letter=letter),
        lambda event: (
            _("The letter %(reference)s went to %(unit)s.")
            % {"reference": persian.in_language(event.letter.reference), "unit": event.unit}
        ),
    )


@get_or_post
def note(request, reference):
    return _Sending(request, reference, "note").respond(
        lambda letter: NoteForm(request.POST), lambda event: _("The note is written.")
    )


def _answered_by(request, reference, form_class):
    def form_with_file(letter):
        form = form_class(request.POST)
        form.is_valid()
        _take_file(request, form)
        return form

    return _Sending(request, reference, "answer").respond(
        # Both buttons belong to one form: what is said is what this form did when it was first sent.
        form_with_file,
        lambda event: ANSWERED_AS[event.kind],
    )


class _Sending:
    """One click on a verb's button: either the verb happens once, or the form stands there again."""

    def __init__(self, request, reference, name):
        self.request, self.reference, self.name = request, reference, name

    def respond(self, make_form, done):
        """``make_form(letter)`` gives the bound form, ``done(event)`` the sentence that tells the clerk."""
        if self.request.method != "POST":
            return letter_page(self.request, mine(self.request, self.reference), opened=self.name)
        try:
            return self._send(make_form, done)
        except Http404:
            # The same click a moment earlier may have forwarded it out of sight.
            event = self._earlier_event()
            if event is None:
                raise
            return self._go_on(event, done)

    def _send(self, make_form, done):
        earlier = self._earlier_event()
        if earlier:
            return self._go_on(earlier, done)
        letter = mine(self.request, self.reference)
        form = make_form(letter)
        if not form.is_valid():
            return letter_page(self.request, letter, sent=form)
        try:
            with transaction.atomic():
                event = form.send(mine(self.request, self.reference, locked=True), self.request.user)
        except MoveNotAllowed as refusal:
            if self.name == ReplyFileForm.name:
                # The page has no place for this form any more.
                messages.error(self.request, NO_FILE_WANTED)
            form.add_error(None, refusal_in_words(refusal))
            return letter_page(self.request, mine(self.request, self.reference), sent=form)
        except FileGone:
            form.add_error("file", FILE_GONE)
            return letter_page(self.request, mine(self.request, self.reference), sent=form)
        return self._go_on(event, done)

    def _earlier_event(self):
        """What this form, sent before by the same person, has left."""
        form = KeyForm(self.request.POST)
        if not form.is_valid():
            return None
        mine_with_key = Event.objects.filter(actor=self.request.user, form_key=form.cleaned_data["form_key"])
        return mine_with_key.filter(letter__reference=self.reference).select_related("letter", "unit").first()

    def _go_on(self, event, done):
        """To the letter; or to the inbox where it is no longer among one's letters."""
        messages.success(self.request, done(event))
        if Letter.objects.visible_to(self.request.user).filter(pk=event.letter_id).exists():
            return redirect("staff:letter", self.reference)
        return redirect("staff:inbox")


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
    return ANSWERED_MEANWHILE if refusal.current == Status.ANSWERED else NO_LONGER_OPEN
