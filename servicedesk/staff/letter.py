"""One letter as a clerk sees it, and its files."""

from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servicedesk import references
from servicedesk.models import Attachment, DeskSettings, Letter, LongAbsence, StaffView
from servicedesk.persian import in_language, mobile_for_people
from servicedesk.staff.forms import AnswerForm, ForwardForm, NoteForm, ReplyFileForm
from servicedesk.staff.inbox import with_words
from servicedesk.timeline import timeline_of
from servicedesk.views.files import link_to
from servicedesk.workflow import OPEN

# On the page itself; the export has all.
VIEWS_SHOWN = 50
# More fill the screen, so that a link leads past them.
MANY_ANSWERS = 8


def mine(request, reference, *, locked=False):
    """The letter, if its reader may see it now; else it does not exist.

    ``locked`` asks under the lock that the verbs take, so that a letter which was forwarded a moment ago is
    nobody's but its new unit's. It must run inside a transaction.
    """
    letters = Letter.objects.visible_to(request.user)
    if locked:
        return get_object_or_404(letters.select_for_update(of=("self",)), reference=reference)
    hidden = Exists(LongAbsence.hiding(OuterRef("citizen"), "submitted_at"))
    letters = letters.annotate(is_hidden_from_citizen=hidden).prefetch_related("attachments", "answers")
    letters = letters.select_related("unit", "first_unit", "citizen", "version")
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
    the answer is 422. ``opened`` names the form to unfold."""
    StaffView.letter_opened(letter, request.user)
    forms = {"answer": AnswerForm(), "forward": ForwardForm(letter=letter), "note": NoteForm()}
    if sent is not None:
        forms[sent.name] = sent
    desk = DeskSettings.load()
    is_open = letter.status in OPEN
    context = {
        "letter": with_words(letter),
        "mobile": mobile_for_people(letter.citizen.mobile),
        "gets_no_sms": letter.is_hidden_from_citizen,
        "is_open": is_open,
        "shows_answer_form": is_open or (sent is not None and sent.name == "answer"),
        "has_many_answers": sum(len(rows) for _title, rows in letter.answered_sections) > MANY_ANSWERS,
        "replies": _replies(letter, sent),
        "timeline": timeline_of(letter, letter.events.all(), for_staff=True),
        "views": views_of(letter)[:VIEWS_SHOWN] if request.user.is_superuser else (),
        "forms": forms,
        "failed": sent,
        "opened": sent.name if sent is not None else opened,
        "kept_file": _kept(request.user, forms["answer"]),
        "rules": desk.body_file_rules,
        # Not its subject: the title stands in the browser's history.
        "header_title": _("Letter %(reference)s") % {"reference": in_language(letter.reference)},
        "header_icon": "mail",
        "breadcrumbs_items": [
            {"url": reverse("staff:inbox"), "label": _("Staff desk")},
            # Isolated, since the groups of a number change places inside Persian text.
            {"url": "", "label": f"\u2066{in_language(references.grouped(letter.reference))}\u2069"},
        ],
    }
    return render(request, "servicedesk/staff/letter.html", context, status=200 if sent is None else 422)


def _replies(letter, sent):
    """The answers given, each that lost its file with the form for another one."""
    replies = list(letter.replies.select_related("unit", "author").prefetch_related("attachments"))
    for reply in replies:
        if reply.wants_file:
            failed = sent is not None and sent.name == ReplyFileForm.name and sent.data.get("reply") == str(reply.pk)
            reply.file_form = sent if failed else ReplyFileForm(letter=letter, reply=reply)
    return replies


def views_of(letter):
    """Who looked at the letter, newest first."""
    return letter.staff_views.select_related("user")


def _kept(user, form):
    """The file that an answer which failed had already brought, or None."""
    return Attachment.objects.kept_for(user, form.key).first() if form.is_bound and form.key else None
