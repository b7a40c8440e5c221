"""What the page of a letter asks for while somebody writes an answer: keeping it, colleagues at the same letter, saved
texts, and how the answer will look. Scripts ask; without them everything else of the page works."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from servicedesk.delivery.sms_text import parts
from servicedesk.models import AnswerDraft, Attachment, Presence, Reply, Rights, SavedText
from servicedesk.models.event import Kind
from servicedesk.models.message_text import text_about
from servicedesk.models.presence import BEAT
from servicedesk.roles import Act
from servicedesk.staff.letter import mine
from servicedesk.staff.verbs.answering import LONGEST_ANSWER

# Of what an answer's SMS says it is.
SMS_OF = {
    AnswerDraft.Kind.FINAL: Kind.ANSWERED,
    AnswerDraft.Kind.INTERIM: Kind.INTERIM_ANSWER,
    AnswerDraft.Kind.CORRECTION: Kind.CORRECTED,
}


class WritingForm(forms.Form):
    """The answer box as it stands."""

    form_key = forms.UUIDField()
    text = forms.CharField(required=False, max_length=LONGEST_ANSWER * 2, strip=False)
    kind = forms.ChoiceField(choices=AnswerDraft.Kind.choices, required=False)

    def clean_kind(self):
        return AnswerDraft.Kind(self.cleaned_data["kind"] or AnswerDraft.Kind.FINAL)


def letter_to_answer(request, reference):
    """The letter, for somebody who may answer it. Raises PermissionDenied."""
    letter = mine(request, reference, bare=True)
    if not Rights(request.user).may(Act.ANSWER, letter):
        raise PermissionDenied
    return letter


@require_POST
def keep(request, reference):
    """Keeps what is typed: 204; 409 where this answer was sent or waits for approval already, 422 for what is no answer
    box."""
    letter = letter_to_answer(request, reference)
    form = WritingForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    # What was on its way when the answer was sent comes too late.
    was_sent = letter.events.filter(form_key=form.cleaned_data["form_key"]).exists()
    kept = not was_sent and AnswerDraft.keep(letter=letter, author=request.user, **form.cleaned_data)
    return HttpResponse(status=204 if kept else 409)


@require_POST
def here(request, reference):
    """Says that this page is open (``writes``: and written in; ``leaves``: no longer), and gives who else is there:
    {"words": a sentence or "", "beat": seconds until the next time}."""
    letter = mine(request, reference, bare=True)
    if "leaves" in request.POST:
        Presence.leave(letter, request.user)
        return HttpResponse(status=204)
    Presence.beat(letter, request.user, writes=request.POST.get("writes") == "1")
    return JsonResponse({"words": presence_in_words(Presence.others(letter, request.user)), "beat": BEAT})


def presence_in_words(others):
    """One sentence a colleague, those who write first."""
    sentences = []
    for one in others:
        writing, reading = _("%(person)s is writing an answer to this letter."), _("%(person)s has it open, too.")
        sentences.append((writing if one.writes else reading) % {"person": one.user.display_name})
    return " ".join(sentences)


@require_safe
@never_cache
def texts(request, reference):
    """The saved texts that fit the letter, filled: {"texts": [{"title", "text"}]}."""
    letter = letter_to_answer(request, reference)
    fitting = SavedText.objects.fitting(letter)
    return JsonResponse({"texts": [{"title": one.title, "text": one.filled_for(letter)} for one in fitting]})


@require_safe
@never_cache
def preview(request, reference):
    """The answer that one is writing, as the letter's page and the SMS will bring it to the citizen; nothing is sent.
    ``kind`` in the address: what it would be sent as."""
    letter = letter_to_answer(request, reference)
    empty = AnswerDraft(letter=letter, author=request.user)
    draft = letter.answer_drafts.filter(author=request.user).first() or empty
    wanted = request.GET.get("kind", draft.kind)
    kind = AnswerDraft.Kind(wanted if wanted in AnswerDraft.Kind.values else draft.kind)
    answer = Reply(
        letter=letter,
        author=request.user,
        unit=letter.unit,
        text=draft.text.strip(),
        is_final=kind != AnswerDraft.Kind.INTERIM,
        at=timezone.now(),
    )
    answer.fetched_files = list(Attachment.objects.kept_for(request.user, draft.form_key)[:1])
    with translation.override(letter.language):
        sms = text_about(SMS_OF[kind], "sms", reference=letter.reference, service=letter.service)
        page = {
            "answer": answer,
            "letter": letter,
            "sms": sms if letter.citizen_id else "",
            "parts": parts(sms),
        }
        return render(request, "servicedesk/staff/answer_preview.html", page)
