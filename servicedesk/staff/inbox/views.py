"""/admin/desk/ itself."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servicedesk.bulk import ACTS
from servicedesk.models import BulkJob, User
from servicedesk.roles import Act
from servicedesk.staff.inbox.filter import InboxFilter
from servicedesk.staff.inbox.pages import Page, page_of
from servicedesk.staff.inbox.rows import rows_of, with_news
from servicedesk.staff.inbox.tabs import OPEN_TAB, SHOWN_TAB
from servicedesk.staff.own_desk import MOST_COUNTED, CountedRows, OwnDesk
from servicedesk.staff.second_factor.policy import is_unprotected
from servicedesk.staff.verbs.register import VERBS


@require_safe
def inbox(request):
    return inbox_page(request, filter_of(request))


def filter_of(request):
    """The InboxFilter of an address, for its reader."""
    return InboxFilter(request.GET, desk=OwnDesk.of(request))


def inbox_page(request, form):
    """The list, or 400 and what is wrong with the address. ``form`` is its InboxFilter."""
    asked_rightly = form.is_valid()
    page = _page(form) if asked_rightly else Page([])
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    desk = form.desk
    context = {
        "form": form,
        "filtered": form.is_narrowing,
        "filtered_by_answers": bool(form.asked_names()),
        "tab": form.shown_tab,
        "is_first_tab": form.shown_tab.name == OPEN_TAB,
        "tabs": _tabs(form) if asked_rightly else [],
        "page": page,
        "letters": rows_of(request, page.letters, form.services),
        "saved": list(request.user.saved_filters.all()),
        "query": query.urlencode(),
        "bulk_verbs": _bulk_verbs(form),
        "row_keys": " ".join(_row_keys(form)),
        "may_enter": bool(desk.rights.may(Act.HAND_ON)),
        "may_write_texts": bool(desk.rights.may(Act.ANSWER)),
        "may_export": bool(desk.rights.may(Act.EXPORT)),
        "export_csv": f"{reverse('staff:export-csv')}?{query.urlencode()}",
        "export_xlsx": f"{reverse('staff:export-xlsx')}?{query.urlencode()}",
        "is_desk": desk.is_shown,
        "units": desk.units,
        "asks_for_second_factor": is_unprotected(request.user),
        "header_title": _("Staff desk"),
        "header_icon": "mail",
        "breadcrumbs_items": [{"url": "", "label": _("Staff desk")}],
    }
    return render(request, "servicedesk/staff/inbox.html", context, status=200 if asked_rightly else 400)


def _page(form):
    """The Page that a valid address asks for."""
    tab, data = form.shown_tab, form.cleaned_data
    letters = with_news(form.in_tab(tab).select_related("unit", "assignee"), form.desk.user)
    # Those of other units are few, and in no order of theirs.
    units = None if tab is SHOWN_TAB else [data["unit"].pk] if data["unit"] else form.desk.unit_ids
    return page_of(letters, tab.order, units, before=data["before"], after=data["after"])


def _bulk_verbs(form):
    """What one may do with many of these letters at once."""
    if form.shown_tab is SHOWN_TAB:
        return []
    return [verb for verb in BulkJob.Verb if form.desk.rights.may(ACTS[verb])]


def _row_keys(form):
    """«a:assign/»: what a key opens for the letter of the row that has the focus, of the verbs that one may do."""
    if form.shown_tab is not SHOWN_TAB:
        for verb in VERBS:
            if verb.shortcut and form.desk.rights.may(verb.act):
                yield f"{verb.shortcut}:{verb.name}/#verb"
        if form.desk.rights.may(Act.ANSWER):
            yield "r:#answer"


def _tabs(form):
    """[{"tab", "count", "is_more"}]: how many letters stand in each. A tab for which there is never anything is left
    out."""
    counts = _bounded_counts(form)
    tabs = [
        {"tab": tab, "count": min(counts[tab.name], MOST_COUNTED), "is_more": counts[tab.name] > MOST_COUNTED}
        for tab in form.tabs.values()
    ]
    return [one for one in tabs if one["count"] or one["tab"] is not SHOWN_TAB or form.shown_tab is SHOWN_TAB]


def _bounded_counts(form):
    """{tab's name: count}, in one statement; none counts much further than it says."""
    tabs = form.tabs.values()
    me = User.objects.filter(pk=form.desk.user.pk)
    counts = me.values_list(*(CountedRows(form.in_tab(tab)) for tab in tabs)).get()
    return {tab.name: count for tab, count in zip(tabs, counts, strict=True)}
