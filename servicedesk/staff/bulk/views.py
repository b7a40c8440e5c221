"""From ticked rows of the inbox to a job and its list of results."""

from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from servicedesk import workflow
from servicedesk.bulk import ACTS, TELLS
from servicedesk.models import BulkItem, BulkJob, CompletionRequest, Letter, LongAbsence
from servicedesk.models.bulk import MOST_LETTERS
from servicedesk.persian import in_language
from servicedesk.staff.bulk.forms import FORMS, ChoiceForm
from servicedesk.staff.inbox.filter import InboxFilter
from servicedesk.staff.own_desk import OwnDesk

State = BulkItem.State


@require_POST
def bulk(request):
    """The form of one verb for many letters; once that is filled in, the job. Nothing happens to a letter here."""
    choice = ChoiceForm(request.POST)
    if not choice.is_valid():
        raise Http404
    verb = BulkJob.Verb(choice.cleaned_data["verb"])
    chosen = _chosen(request, choice.cleaned_data, verb)
    if not chosen:
        messages.error(request, _("Tick the letters first. You can do this only with letters of your own units."))
        return redirect(f"{reverse('staff:inbox')}?{choice.cleaned_data['query']}")
    units = Letter.objects.filter(pk__in=chosen).order_by().values_list("unit", flat=True).distinct()
    is_sent = "form_key" in request.POST
    form = FORMS[verb](request.POST if is_sent else None, units=list(units))
    if form.is_valid():
        details = form.details()
        job = BulkJob.begin(
            owner=request.user, verb=verb, form_key=form.cleaned_data["form_key"], letters=chosen, **details
        )
        return redirect("staff:bulk-job", job.pk)
    context = {
        "form": form,
        "verb": verb,
        "choice": choice,
        "codes": choice.cleaned_data["letters"],
        "count": len(chosen),
        "is_most": len(chosen) == MOST_LETTERS,
        "told": _told(chosen, verb),
        "closed": 0 if verb == BulkJob.Verb.NOTE else len(chosen) - Letter.objects.open().filter(pk__in=chosen).count(),
        "back": f"{reverse('staff:inbox')}?{choice.cleaned_data['query']}",
        **_frame(verb.label),
    }
    return render(request, "servicedesk/staff/bulk.html", context, status=422 if is_sent else 200)


def _chosen(request, data, verb):
    """The ids of the letters, at most MOST_LETTERS, for which the person may do it."""
    desk = OwnDesk.of(request)
    letters = Letter.objects.live()
    if data["everything"]:
        form = InboxFilter(QueryDict(data["query"]), desk=desk)
        if not form.is_valid():
            raise Http404
        letters = form.in_tab(form.shown_tab)
    else:
        letters = letters.filter(reference__in=data["letters"])
    units = desk.rights.units_for(ACTS[verb])
    if units is not None:
        letters = letters.filter(unit__in=units)
    return list(letters.order_by("submitted_at", "pk").values_list("pk", flat=True)[:MOST_LETTERS])


def _told(chosen, verb):
    """How many letters' senders get an SMS."""
    if verb not in TELLS:
        return 0
    letters = Letter.objects.filter(pk__in=chosen, status__in=workflow.OPEN).exclude(citizen=None)
    if verb == BulkJob.Verb.ASK:
        asked = CompletionRequest.objects.filter(letter=OuterRef("pk"), answered_at=None, ended_at=None)
        letters = letters.filter(~Exists(asked))
    return letters.filter(~Exists(LongAbsence.hiding(OuterRef("citizen"), "submitted_at"))).count()


@require_safe
def job(request, pk):
    """How far a job of one's own is, and what became of each letter."""
    found = _own_job(request, pk)
    items = found.items.select_related("letter")
    visible = Letter.objects.visible_to(request.user).filter(pk__in=items.values("letter"))
    visible = set(visible.values_list("pk", flat=True))
    context = {
        "job": found,
        "progress": _progress(found),
        "items": [{"item": item, "is_visible": item.letter_id in visible} for item in items],
        **_frame(found.get_verb_display()),
    }
    return render(request, "servicedesk/staff/bulk_job.html", context)


@require_safe
@never_cache
def progress(request, pk):
    """{"words", "done", "all", "finished"}, for the page that waits."""
    return JsonResponse(_progress(_own_job(request, pk)))


def _own_job(request, pk):
    return get_object_or_404(BulkJob, pk=pk, owner=request.user)


def _progress(job):
    counts = job.items.aggregate(all=Count("pk"), done=Count("pk", filter=~Q(state=State.PENDING)))
    words = ngettext("%(done)s of %(all)s letter is done.", "%(done)s of %(all)s letters are done.", counts["all"])
    words %= {name: in_language(count) for name, count in counts.items()}
    return {"words": words, **counts, "finished": job.finished_at is not None or counts["done"] == counts["all"]}


def _frame(title):
    return {
        "header_title": title,
        "header_icon": "mail",
        "breadcrumbs_items": [
            {"url": reverse("staff:inbox"), "label": _("Staff desk")},
            {"url": "", "label": title},
        ],
    }
