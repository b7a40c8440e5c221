"""Citizens' removal requests, what was removed so far, and the proof for one letter."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages

from servicedesk.models import Letter, RemovalRecord, RemovalRequest
from servicedesk.models.removal_request import AlreadyDecided
from servicedesk.models.retention import GRACE, due_letters
from servicedesk.persian import ascii_digits, mobile_for_people
from servicedesk.purging import remove_objects
from servicedesk.staff.removals.forms import CarryOutForm, LookUpForm, RefuseForm
from servicedesk.workflow import OPEN, MoveNotAllowed

SHOWN, PAGE_SIZE = 100, 25


def _superusers_only(request):
    if not request.user.is_superuser:
        raise PermissionDenied


@require_safe
def removals(request):
    """Requests that wait, those that were decided, the look-up by tracking code, and the latest records."""
    _superusers_only(request)
    look_up = LookUpForm(request.GET if "reference" in request.GET else None)
    asked = look_up.is_valid()
    in_work = Count("citizen__letters", filter=Q(citizen__letters__status__in=OPEN))
    decided = RemovalRequest.objects.decided().select_related("decided_by")
    context = {
        "waiting": RemovalRequest.objects.waiting().annotate(letters=Count("citizen__letters"), open_letters=in_work),
        "page_obj": Paginator(decided, PAGE_SIZE).get_page(ascii_digits(request.GET.get("page", "1"))),
        "look_up": look_up,
        "was_asked": asked,
        "found": RemovalRecord.of_letter(look_up.cleaned_data["reference"]) if asked else None,
        "records": RemovalRecord.objects.select_related("by")[:SHOWN],
        "overdue": due_letters(GRACE).count(),
        "header_title": _("Removals"),
        "header_icon": "bin",
        "breadcrumbs_items": [{"url": "", "label": _("Removals")}],
    }
    return render(request, "servicedesk/staff/removals/list.html", context)


@require_safe
def request(request, request_id):
    _superusers_only(request)
    return _page(request, get_object_or_404(_waiting(), pk=request_id))


@require_POST
def carry_out(request, request_id):
    """«انجام شد»: the account and all of its letters go, now."""
    _superusers_only(request)
    wish, form = get_object_or_404(_waiting(), pk=request_id), CarryOutForm(request.POST)
    if not form.is_valid():
        return _page(request, wish, carry_out_form=form)
    try:
        remove_objects(wish.carry_out(by=request.user))
    except MoveNotAllowed:
        messages.error(request, _("A letter of this citizen is still open. Finish it first; nothing was removed."))
        return redirect("removals:request", wish.pk)
    except AlreadyDecided:
        messages.warning(request, _("Somebody else decided about this request meanwhile."))
        return redirect("removals:list")
    messages.success(request, _("The account and its letters are removed, and the citizen gets a last SMS."))
    return redirect("removals:list")


@require_POST
def refuse(request, request_id):
    """«رد شد», with a reason that the citizen reads."""
    _superusers_only(request)
    wish, form = get_object_or_404(_waiting(), pk=request_id), RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, wish, refuse_form=form)
    try:
        wish.refuse(by=request.user, reason=form.cleaned_data["reason"])
    except AlreadyDecided:
        messages.warning(request, _("Somebody else decided about this request meanwhile."))
        return redirect("removals:list")
    messages.success(request, _("The request is declined; the citizen reads your reason."))
    return redirect("removals:list")


def _waiting():
    return RemovalRequest.objects.waiting().select_related("citizen")


def _page(request, wish, *, carry_out_form=None, refuse_form=None):
    letters = Letter.objects.visible_to(request.user).filter(citizen=wish.citizen).select_related("unit")
    context = {
        "wish": wish,
        "mobile": mobile_for_people(wish.citizen.mobile),
        "letters": letters,
        "has_open_letters": letters.open().exists(),
        "carry_out_form": carry_out_form or CarryOutForm(),
        "refuse_form": refuse_form or RefuseForm(),
        "header_title": _("Removal request"),
        "header_icon": "bin",
        "breadcrumbs_items": [
            {"url": reverse("removals:list"), "label": _("Removals")},
            {"url": "", "label": _("Removal request")},
        ],
    }
    status = 422 if carry_out_form or refuse_form else 200
    return render(request, "servicedesk/staff/removals/request.html", context, status=status)
