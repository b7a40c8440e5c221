"""Sending a letter: the form, the file that stays when something else fails, and the one letter it makes."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from servicedesk.forms import LetterForm
from servicedesk.models import Attachment, DeskSettings, Letter, LimitReached, ServicePage
from servicedesk.models.letter import FileGone, LetterContent
from servicedesk.views import drafts
from servicedesk.views.access import personal, sign_in_first
from servicedesk.views.uploading import NO_FILE, in_turn, let_go, taken

CHOOSE_FILE_AGAIN = gettext_lazy("You were signed out meanwhile. Your text is kept; please choose the file once more.")
SIGN_IN_TO_GO_ON = gettext_lazy(
    "You were signed out meanwhile, so nothing has been sent yet. We have kept your text: sign in and go on."
)
TOO_MANY_LETTERS = gettext_lazy(
    "You have sent many letters in a short time. Your text and file are kept; go on in an hour."
)
CAME_INCOMPLETE = gettext_lazy("This form came incomplete. What you wrote is below; please send it once more.")


@require_http_methods(["GET", "HEAD", "POST"])
@personal
def new(request):
    """The form of a service's letter. What somebody typed after the session had ended is kept for after
    the next sign-in."""
    service = _service(request)
    if not (request.user.is_authenticated and request.user.is_citizen):
        if request.method == "POST" and drafts.keep(request):
            messages.info(request, SIGN_IN_TO_GO_ON)
        return sign_in_first(request)
    if request.method == "POST":
        return _Sending(request, service).respond()
    draft = drafts.take(request.session, request.user)
    if draft:
        messages.info(request, CHOOSE_FILE_AGAIN)
    form = LetterForm(
        service=service,
        settings=DeskSettings.load(),
        initial={
            "owner": drafts.mark_of(request.user),
            **(draft or {"sender_name": request.user.last_name_used}),
        },
    )
    return _page(request, service, form)


def _service(request):
    """The service that ``?service=`` names, else that of the general letter."""
    offered = ServicePage.objects.offered()
    slug = request.GET.get("service")
    if slug:
        return get_object_or_404(offered, slug=slug)
    general = DeskSettings.load().general_service
    service = offered.filter(translation_key=general.translation_key).first() if general else offered.first()
    if service is None:
        raise Http404
    return service


class _Sending:
    """One POST of the form: either a receipt, or the form again with everything that was given."""

    def __init__(self, request, service):
        self.request, self.service, self.citizen = request, service, request.user
        self.desk = DeskSettings.load()
        self.form = self._form(request.POST)
        self.form_key = self.form.cleaned_data.get("form_key")

    def _form(self, data):
        form = LetterForm(data, self.request.FILES, service=self.service, settings=self.desk)
        form.is_valid()
        return form

    def respond(self):
        if self.form_key is None:
            return self._form_with_new_key()
        if receipt := self._earlier_receipt():
            return receipt
        if "remove_file" in self.request.POST:
            return self._without_file()
        return in_turn(
            self.request,
            self.form,
            self.form_key,
            done=self._earlier_receipt,
            send=self._send,
            again=self._form_again,
        )

    def _earlier_receipt(self):
        earlier = Letter.objects.filter(citizen=self.citizen, form_key=self.form_key).first()
        return self._receipt_of(earlier) if earlier else None

    def _send(self):
        body = taken(self.request, self.form, self.form_key, self.service.file_rules(self.desk))
        if body is None or not self.form.is_valid():
            return self._form_again()
        try:
            letter = Letter.submit(
                citizen=self.citizen,
                service=self.service,
                form_key=self.form_key,
                content=self._content(body),
            )
        except LimitReached:
            self.form.add_error(None, TOO_MANY_LETTERS)
            return self._form_again(status=429)
        except FileGone:
            self.form.refuse_file(NO_FILE)
            return self._form_again()
        return self._receipt_of(letter)

    def _form_with_new_key(self):
        """The form again where its hidden key was lost on the way, with all that was typed."""
        data = self.request.POST.copy()
        data["form_key"] = self.form_key = uuid.uuid4()
        self.form = self._form(data)
        self.form.add_error(None, CAME_INCOMPLETE)
        return self._form_again()

    def _without_file(self):
        """The form as it was filled, its kept file let go; nothing else is judged yet."""
        let_go(self.citizen, self.form_key)
        form = LetterForm(service=self.service, settings=self.desk, initial=self.request.POST.dict())
        return _page(self.request, self.service, form, self.form_key)

    def _content(self, body):
        data = self.form.cleaned_data
        return LetterContent(sender_name=data["sender_name"], subject=data["subject"], unit=data["unit"], body=body)

    def _receipt_of(self, letter):
        """To the receipt; when the form was changed after it had been sent, that is said."""
        data = self.form.cleaned_data
        sent = {"sender_name": letter.sender_name, "subject": letter.subject}
        if any(data.get(name) not in (None, value) for name, value in sent.items()):
            messages.warning(
                self.request,
                _("This form had been sent before; below is what was sent then. For another letter open a new form."),
            )
        return redirect("desk:receipt", letter.reference)

    def _form_again(self, status=422):
        return _page(self.request, self.service, self.form, self.form_key, status)


def _page(request, service, form, form_key=None, status=200):
    desk = DeskSettings.load()
    key = form_key or form.initial.get("form_key")
    context = {
        "form": form,
        "service": service,
        "kept_file": Attachment.objects.kept_for(request.user, key).first(),
        "rules": service.file_rules(desk),
    }
    return render(request, "servicedesk/letter_form.html", context, status=status)
