"""The citizen's reply to what the organisation asked for in the course of a letter."""

import uuid

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from servicedesk.forms import FOUND_IN_FILE, CompletionForm
from servicedesk.models import Attachment, DeskSettings
from servicedesk.models.verbs.verb import FileGone
from servicedesk.views import late_posts
from servicedesk.views.access import personal, sign_in_first
from servicedesk.views.letters import letter_page, own
from servicedesk.views.uploading import in_turn, take_files
from servicedesk.workflow import MoveNotAllowed

THANKS = gettext_lazy("Your reply has arrived. The letter goes on; there is nothing more for you to do.")
NOT_ASKED = gettext_lazy("Nothing is asked of you any more, so nothing was sent.")
CAME_INCOMPLETE = gettext_lazy("This form came incomplete. Your text is kept; please send it once more.")


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def complete(request, reference):
    """Takes the reply once, however often the form is sent. What somebody typed whose session was over waits for him
    on the letter's page."""
    if not (request.user.is_authenticated and request.user.is_citizen):
        if request.method == "POST" and late_posts.keep_reply(request, reference):
            messages.info(request, late_posts.SIGN_IN_TO_GO_ON)
        return sign_in_first(request, reverse("desk:letter", args=[reference]))
    letter = own(request, reference)
    if request.method != "POST":
        return redirect("desk:letter", reference)
    return _Reply(request, letter).respond()


class _Reply:
    def __init__(self, request, letter):
        self.request, self.letter = request, letter
        self.form = CompletionForm(
            request.POST, asked=letter.open_request, rules=letter.usual_file_rules(DeskSettings.load())
        )
        self.form.is_valid()
        self.form_key = self.form.cleaned_data.get("form_key")

    def respond(self):
        if self.form_key is None:
            self.form.data = self.request.POST | {"form_key": str(uuid.uuid4())}
            self.form.add_error(None, CAME_INCOMPLETE)
            return letter_page(self.request, self.letter, reply=self.form)
        if answer := self._thanks_again():
            return answer
        if self.form.asked is None:
            return self._not_asked()
        self.form.kept = list(Attachment.objects.kept_for(self.request.user, self.form_key))
        return in_turn(
            self.request,
            self.form,
            self.form.slots(),
            self.form_key,
            done=self._thanks_again,
            send=self._send,
            again=lambda: letter_page(self.request, self.letter, reply=self.form),
        )

    def _send(self):
        if "remove_file" in self.request.POST:
            self._remove(self.request.POST["remove_file"])
            return letter_page(self.request, self.letter, reply=self.form)
        take_files(self.request, self.form, None, self.form_key)
        self.form.demand_something()
        if self.form.errors:
            return letter_page(self.request, self.letter, reply=self.form)
        [slot] = self.form.slots()
        details = {"text": self.form.cleaned_data["text"], "files": self.form.files_in(slot)}
        try:
            self.letter.complete(by=self.request.user, form_key=self.form_key, **details)
        except MoveNotAllowed:
            return self._not_asked()
        except FileGone:
            self.form.refuse_file(slot, FOUND_IN_FILE)
            return letter_page(self.request, self.letter, reply=self.form)
        return self._thanked()

    def _remove(self, pk):
        for file in [file for file in self.form.kept if str(file.pk) == pk]:
            self.form.kept.remove(file)
            file.discard()

    def _thanks_again(self):
        given = self.letter.events.filter(actor=self.request.user, form_key=self.form_key).exists()
        return self._thanked() if given else None

    def _thanked(self):
        messages.success(self.request, THANKS)
        return redirect("desk:letter", self.letter.reference)

    def _not_asked(self):
        messages.info(self.request, NOT_ASKED)
        return redirect("desk:letter", self.letter.reference)
