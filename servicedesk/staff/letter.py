"""One letter as a clerk sees it, and its files."""

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servicedesk import references
from servicedesk.models import (
    Attachment,
    CompletionRequest,
    DeskSettings,
    Letter,
    LongAbsence,
    OutgoingMessage,
    Reply,
    StaffView,
)
from servicedesk.models.rights import with_units_shown
from servicedesk.persian import in_language, mobile_for_people
from servicedesk.roles import Act
from servicedesk.staff.inbox.rows import with_words
from servicedesk.staff.own_desk import OwnDesk
from servicedesk.staff.undelivered import with_reason
from servicedesk.staff.verbs.answering import (
    AnswerForm,
    CorrectionForm,
    InterimAnswerForm,
    LetOutForm,
    ReplyFileForm,
    SendBackForm,
    TakeAnswerBackForm,
)
from servicedesk.staff.verbs.handing import AdviseForm, TakeForm
from servicedesk.staff.verbs.register import VERBS
from servicedesk.timeline import timeline_of
from servicedesk.views.files import link_to
from servicedesk.workflow import Status

# On the page itself; the export has all.
VIEWS_SHOWN = 50
NAMED = ("unit", "first_unit", "citizen", "version", "assignee", "service", "entered_by")
# Each answer stands in the event that gave it.
OF_REPLIES = ("reply__author", "reply__unit", "reply__approved_by")


def mine(request, reference, *, locked=False, bare=False):
    """The letter, if its reader may see it now; else it does not exist.

    ``locked`` asks under the lock that the verbs take, so that a letter which was forwarded a moment ago is
    nobody's but its new unit's. It must run inside a transaction. ``bare``: without what only its page shows, for what
    pages ask again and again.
    """
    letters = Letter.objects.visible_to(request.user)
    if locked:
        return get_object_or_404(letters.select_for_update(of=("self",)), reference=reference)
    if bare:
        return get_object_or_404(letters.select_related("unit"), reference=reference)
    hidden = Exists(LongAbsence.hiding(OuterRef("citizen"), "submitted_at"))
    lost = Exists(OutgoingMessage.objects.unattended().about_letters().filter(letter=OuterRef("pk")))
    letters = with_units_shown(letters.annotate(is_hidden_from_citizen=hidden, has_lost_messages=lost))
    requests = Prefetch("completion_requests", CompletionRequest.objects.select_related("by", "unit"))
    letters = letters.prefetch_related("answers", requests)
    letters = letters.select_related(*NAMED)
    return get_object_or_404(letters, reference=reference)


@require_safe
def letter(request, reference):
    return letter_page(request, mine(request, reference))


@require_safe
def file(request, reference, file_id):
    """A click on a file: the right is checked now, and a link of 60 seconds is made for this session."""
    found = mine(request, reference)
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user).released(), pk=file_id, letter=found)
    StaffView.file_fetched(found, request.user)
    return redirect(link_to(request, attachment))


def letter_page(request, letter, *, sent=None, opened=None):
    """The page of a letter. ``sent`` is a form that failed: it stands there again with all that was typed, and
    the answer is 422. ``opened`` is the form class of the verb to unfold."""
    if StaffView.letter_opened(letter, request.user) and _is_withdrawn_meanwhile(letter):
        letter = mine(request, letter.reference)
    return render(
        request,
        "servicedesk/staff/letter.html",
        {**_Page(request, letter, sent, opened).context(), **_frame(letter)},
        status=200 if sent is None else 422,
    )


def _is_withdrawn_meanwhile(letter):
    """Whether its citizen took an open letter back in the moment in which this person opened it."""
    return letter.is_open and Letter.objects.filter(pk=letter.pk, status=Status.WITHDRAWN).exists()


def _frame(letter):
    return {
        # Not its subject: the title stands in the browser's history.
        "header_title": _("Letter %(reference)s") % {"reference": in_language(letter.reference)},
        "header_icon": "mail",
        "breadcrumbs_items": [
            {"url": reverse("staff:inbox"), "label": _("Staff desk")},
            # Isolated, since the groups of a number change places inside Persian text.
            {"url": "", "label": f"\u2066{in_language(references.grouped(letter.reference))}\u2069"},
        ],
    }


class _Page:
    """What one person meets on the page of a letter: only the verbs that fit both."""

    def __init__(self, request, letter, sent, opened):
        self.request, self.letter, self.sent = request, letter, sent
        self.opened = type(sent) if sent is not None else opened
        self.rights = OwnDesk.of(request).rights
        self.acts = self.rights.on(letter)
        self.drafts = list(letter.answer_drafts.select_related("author", "sent_back_by"))
        self.events = list(letter.events.with_names().select_related(*OF_REPLIES))
        self.replies = list({event.reply_id: event.reply for event in self.events if event.reply}.values())
        self._fetch_files()

    def _fetch_files(self):
        """All files of the page in one go: the letter's, and those that wait for an answer that is being written."""
        keys = [draft.form_key for draft in self.drafts]
        if self.sent is not None and self.sent.key:
            keys.append(self.sent.key)
        waiting = Q(letter=None, form_key__in=keys) if keys else Q(pk=None)
        found = Attachment.objects.filter(Q(letter=self.letter) | waiting).order_by("-created_at")
        self.letter.fetched_files = [file for file in found if file.letter_id]
        self.waiting_files = [file for file in found if not file.letter_id]
        for one in (*self.replies, *self.letter.completion_requests.all()):
            kind = "reply_id" if isinstance(one, Reply) else "completion_id"
            one.fetched_files = [file for file in self.letter.fetched_files if getattr(file, kind) == one.pk]

    def offers(self, form_class):
        """Whether the verb stands on the page; one that failed does, with what was typed."""
        return form_class is type(self.sent) or (form_class.act in self.acts and form_class.is_offered(self.letter))

    def form(self, form_class, **details):
        """The form of a verb: the one that failed, or a fresh one; None where it is not offered."""
        if form_class is type(self.sent):
            return self.sent
        return self._fresh(form_class, **details) if self.offers(form_class) else None

    def _fresh(self, form_class, **details):
        return form_class(letter=self.letter, rights=self.rights, **details)

    def context(self):
        letter = self.letter
        answer = self._answer_form()
        return {
            "letter": with_words(letter),
            "mobile": mobile_for_people(letter.citizen.mobile) if letter.citizen else "",
            "gets_no_sms": letter.is_hidden_from_citizen,
            "lost_messages": self._lost_messages(),
            "can_send_again": Act.ANSWER in self.acts,
            "verbs": [verb for verb in VERBS if verb.panel is None and verb.title and self.offers(verb)],
            "panel": self._panel(),
            "answer": answer,
            "draft": self.own_draft,
            "kept_file": self._kept(self.request.user.pk, answer.key) if answer else None,
            "can_answer_meanwhile": self.offers(InterimAnswerForm),
            "can_correct": self.offers(CorrectionForm),
            "can_take": self.offers(TakeForm) and letter.assignee_id != self.request.user.pk,
            "take": self.form(TakeForm),
            "approval": self._approval(),
            "opinions": self._opinions(),
            "requests": list(letter.completion_requests.all()),
            "replies": self._replies(),
            "timeline": timeline_of(letter, self.events, for_staff=True),
            "views": views_of(letter)[:VIEWS_SHOWN] if self.request.user.is_superuser else (),
            "failed": self.sent,
            "rules": DeskSettings.load(self.request).body_file_rules,
        }

    def _lost_messages(self):
        """The SMS about this letter that reached nobody and that nobody has seen to, oldest first."""
        if not self.letter.has_lost_messages:
            return []
        lost = self.letter.messages.unattended().about_letters()
        return [with_reason(message) for message in lost.order_by("created_at", "pk")]

    def _panel(self):
        """The form of the verb that is unfolded, where it has a panel of its own."""
        is_panel = self.opened is not None and self.opened.panel is None and self.opened.title
        return self.form(self.opened) if is_panel else None

    @property
    def own_draft(self):
        return next((draft for draft in self.drafts if draft.author_id == self.request.user.pk), None)

    @property
    def handed_in(self):
        return next((draft for draft in self.drafts if draft.awaits_approval), None)

    def _answer_form(self):
        """The box for an answer, with what was kept of it; for an answered letter that of a correction, once asked for.
        None where nobody writes one now."""
        if isinstance(self.sent, AnswerForm):
            return self.sent
        wanted = CorrectionForm if self.opened is CorrectionForm else AnswerForm
        draft = self.own_draft
        if draft and draft.awaits_approval:
            return None
        form = self.form(wanted)
        if form is not None and draft is not None:
            form.initial |= {"text": draft.text, "form_key": draft.form_key}
        return form

    def _approval(self):
        """What waits for approval, with the forms of whoever may decide and of its author: {"draft", "file", "let_out",
        "send_back", "take_back"}, or None."""
        draft = self.handed_in
        if draft is None:
            return None
        wanted = {"let_out": LetOutForm, "send_back": SendBackForm} if LetOutForm.act in self.acts else {}
        if draft.author_id == self.request.user.pk:
            wanted["take_back"] = TakeAnswerBackForm
        forms = {
            name: self.sent if isinstance(self.sent, form_class) else self._fresh(form_class)
            for name, form_class in wanted.items()
        }
        for form in forms.values():
            form.initial |= {"draft": draft.pk, "text": draft.text}
        return {"draft": draft, "file": self._kept(draft.author_id, draft.form_key), **forms}

    def _opinions(self):
        """What other units were asked, each with the form of whoever may answer for its unit."""
        opinions = list(self.letter.opinions.select_related("unit", "asked_by", "given_by"))
        for opinion in opinions:
            opinion.form = None
            if opinion.given_at is None and self.rights.may_speak_for(opinion.unit_id):
                failed = isinstance(self.sent, AdviseForm) and self.sent.data.get("opinion") == str(opinion.pk)
                opinion.form = self.sent if failed else self._fresh(AdviseForm)
                opinion.form.initial |= {"opinion": opinion.pk}
        return opinions

    def _replies(self):
        """The answers given, each that lost its file with the form for another one."""
        replies = sorted(self.replies, key=lambda reply: (reply.at, reply.pk))
        corrected = {reply.corrects_id for reply in replies}
        for reply in replies:
            reply.is_corrected = reply.pk in corrected
            if reply.wants_file and ReplyFileForm.act in self.acts:
                failed = isinstance(self.sent, ReplyFileForm) and self.sent.data.get("reply") == str(reply.pk)
                fresh = self._fresh(ReplyFileForm, reply=reply)
                reply.file_form = self.sent if failed else fresh
        return replies

    def _kept(self, owner, form_key):
        """The file that an answer has already brought, or None."""
        return next((file for file in self.waiting_files if (file.owner_id, file.form_key) == (owner, form_key)), None)


def views_of(letter):
    """Who looked at the letter, newest first."""
    return letter.staff_views.select_related("user")
