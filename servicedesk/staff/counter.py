"""«ثبت حضوری»: a letter on paper is entered, and its sender goes home with a slip."""

import logging

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from servicedesk import persian
from servicedesk.models import Attachment, DeskSettings, Letter, StaffView
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.verbs.verb import FileGone
from servicedesk.qr_code import qr_svg
from servicedesk.roles import Act
from servicedesk.staff.counter_form import MOST_SCANS, CounterForm, isolated
from servicedesk.staff.letter import mine
from servicedesk.staff.own_desk import OwnDesk
from servicedesk.uploads.inspection import InspectionUnavailable, Refused
from servicedesk.uploads.store import StoreUnavailable

log = logging.getLogger(__name__)

SCAN_REFUSED = gettext_lazy("“%(name)s”: %(why)s")
TRY_SCAN_AGAIN = gettext_lazy(
    "“%(name)s” could not be stored just now. All else is kept: choose it again and send in a moment."
)
TOO_MANY_SCANS = gettext_lazy("“%(name)s” is one too many: a letter has at most %(most)s scans.")
FOUND_IN_SCAN = gettext_lazy(
    "The virus scanner found something harmful in “%(name)s”, so it was removed and nothing was registered. Attach "
    "another scan."
)
SCAN_GONE = gettext_lazy("A scan was removed meanwhile, so nothing was registered. Look which are there, and add it.")


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request):
    """The form; after it, the slip."""
    rights = OwnDesk.of(request).rights
    if not rights.may(Act.HAND_ON):
        raise PermissionDenied
    desk = DeskSettings.load(request)
    if request.method != "POST":
        return _form_page(request, CounterForm(rights=rights, desk=desk))
    form = CounterForm(request.POST, rights=rights, desk=desk)
    return _Entering(request, form).respond()


def _form_page(request, form):
    context = {
        "form": form,
        "most": MOST_SCANS,
        "header_title": _("Enter a letter on paper"),
        "header_icon": "mail",
        "breadcrumbs_items": [
            {"url": reverse("staff:inbox"), "label": _("Staff desk")},
            {"url": "", "label": _("Enter a letter on paper")},
        ],
    }
    return render(request, "servicedesk/staff/counter.html", context, status=422 if form.errors else 200)


class _Entering:
    """One click on the form's button: the letter is there once, or the form stands there again with all it had."""

    def __init__(self, request, form):
        self.request, self.form = request, form
        form.is_valid()
        self.key = form.cleaned_data.get("form_key")

    def respond(self):
        return self._go_on() or self._enter()

    def _go_on(self):
        """To the slip, where this form has made its letter already."""
        letter = self.key and Letter.objects.filter(entered_by=self.request.user, form_key=self.key).first()
        return redirect("staff:slip", letter.reference) if letter else None

    def _enter(self):
        form, request = self.form, self.request
        if self.key:
            self._take_scans()
        if "remove_file" in request.POST:
            # As it was filled; it is judged once it is sent. What became of its scans is said now.
            for name in form.errors.keys() - {"scans"}:
                del form.errors[name]
            return _form_page(request, form)
        form.judge_scans()
        if form.is_valid():
            service = form.cleaned_data["service"]
            try:
                letter = Letter.enter(by=request.user, service=service, form_key=self.key, paper=form.paper())
            except FileGone:
                form.kept = self._kept()
                form.add_error("scans", SCAN_GONE)
            else:
                messages.success(request, _("The letter is registered. Print the slip for its sender."))
                return redirect("staff:slip", letter.reference)
        # The same click a moment earlier may have taken the scans.
        return self._go_on() or _form_page(request, form)

    # --- Scans --------------------------------------------------------------------------------------

    def _kept(self):
        return list(reversed(Attachment.objects.kept_for(self.request.user, self.key)))

    def _take_scans(self):
        """Gives the form the scans that it brought now and before."""
        unwanted = self.request.POST.get("remove_file")
        for scan in self._kept():
            if str(scan.pk) == unwanted:
                scan.discard()
            elif scan.is_removed:
                self._forget(scan)
            else:
                self.form.kept.append(scan)
        for uploaded in self.request.FILES.getlist("scans"):
            if scan := self._accepted(uploaded):
                self.form.kept.append(scan)

    def _forget(self, scan):
        # Said this once; then the form is as if it had never come.
        scan.discard()
        self._refuse(FOUND_IN_SCAN, scan.name)

    def _accepted(self, uploaded):
        """The Attachment of a scan; None where it is refused, and the form says why, or is there already."""
        if len(self.form.kept) >= MOST_SCANS:
            return self._refuse(TOO_MANY_SCANS, uploaded.name, most=persian.in_language(MOST_SCANS))
        try:
            scan = Attachment.accept(uploaded, owner=self.request.user, form_key=self.key, rules=self.form.rules)
        except Refused as refusal:
            return self._refuse(SCAN_REFUSED, uploaded.name, why=refusal.message)
        except (InspectionUnavailable, StoreUnavailable) as error:
            log.warning("a scan could not be taken: %s", type(error).__name__)
            return self._refuse(TRY_SCAN_AGAIN, uploaded.name)
        if scan.is_removed:
            return self._forget(scan)
        return scan if scan not in self.form.kept else None

    def _refuse(self, sentence, name, **values):
        self.form.add_error("scans", sentence % {"name": isolated(persian.tidy(name)), **values})


# --- The slip -------------------------------------------------------------------------------------------------------


@require_safe
def slip(request, reference):
    """What the sender of a paper letter takes home, in the language of the letter; later, with what was answered."""
    letter = mine(request, reference)
    if not letter.is_from_counter:
        return redirect("staff:letter", reference)
    StaffView.letter_opened(letter, request.user)
    told = _told(letter)
    answer = next((reply for reply in told if reply.is_final), None)
    context = {
        "letter": letter,
        "in_language": get_language_info(letter.language),
        "may_enter": OwnDesk.of(request).rights.may(Act.HAND_ON),
        "scans": len(letter.body_files),
        "answer": answer,
        "told": told,
        "told_files": [file for reply in told for file in reply.released_files],
        "closed": None if answer else letter.events.filter(kind__in=[EventKind.CLOSED, EventKind.LAPSED]).last(),
        "tracking": _tracking_address(letter).partition("://")[2].partition("?")[0],
        "qr_svg": qr_svg(_tracking_address(letter) if letter.citizen_id else letter.reference),
        "header_title": _("Slip of letter %(reference)s") % {"reference": persian.in_language(letter.reference)},
        "header_icon": "mail",
        "breadcrumbs_items": [
            {"url": reverse("staff:inbox"), "label": _("Staff desk")},
            {"url": reverse("staff:letter", args=[reference]), "label": _("Letter")},
            {"url": "", "label": _("Slip")},
        ],
    }
    return render(request, "servicedesk/staff/slip.html", context)


def _told(letter):
    """The Replies that hold for the sender, in their order, each with ``released_files``: the interim ones, and of the
    final ones the last."""
    files = Prefetch("attachments", Attachment.objects.released(), "released_files")
    replies = list(letter.replies.select_related("unit").prefetch_related(files))
    final = next((reply for reply in reversed(replies) if reply.is_final), None)
    return [reply for reply in replies if reply is final or not reply.is_final]


def _tracking_address(letter):
    """The public page on which its sender asks after the letter, with the code typed in."""
    with translation.override(letter.language):
        return f"{settings.PUBLIC_URL}{reverse('desk:track')}?reference={letter.reference}"
