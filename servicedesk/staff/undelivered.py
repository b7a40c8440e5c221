"""«پیام‌های نرسیده»: what reached nobody, why, and sending it again. For superusers."""

import logging

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from servicedesk import persian
from servicedesk.delivery.reasons import explain
from servicedesk.digest import is_digest
from servicedesk.models import Letter, OutgoingMessage
from servicedesk.models.outbox import Channel, State

log = logging.getLogger(__name__)

PAGE_SIZE = 25
OPEN_TAB, ALL_TAB = "open", "all"
TABS = {OPEN_TAB: gettext_lazy("To be looked at"), ALL_TAB: gettext_lazy("All")}


@require_http_methods(["GET", "HEAD", "POST"])
def undelivered(request):
    """/admin/desk/messages/: a list; a POST sends those ticked again, or sets them aside."""
    if not request.user.is_superuser:
        raise PermissionDenied
    if request.method == "POST":
        _act(request)
        return redirect(request.get_full_path())
    tab = ALL_TAB if request.GET.get("tab") == ALL_TAB else OPEN_TAB
    rows = OutgoingMessage.objects.undelivered() if tab == ALL_TAB else OutgoingMessage.objects.unattended()
    rows = rows.select_related("letter", "resent_by").order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(persian.ascii_digits(request.GET.get("page", "1")))
    visible = set(
        Letter.objects.visible_to(request.user)
        .filter(pk__in=[row.letter_id for row in page.object_list])
        .values_list("pk", flat=True)
    )
    context = {
        "tab": tab,
        "tabs": TABS.items(),
        "page_obj": page,
        "messages_shown": [_with_words(row, visible) for row in page.object_list],
        "header_title": _("Undelivered messages"),
        "header_icon": "warning",
        "breadcrumbs_items": [{"url": "", "label": _("Undelivered messages")}],
    }
    return render(request, "servicedesk/staff/undelivered.html", context)


def _act(request):
    """What the button says, with the messages that are ticked."""
    chosen = [int(pk) for pk in request.POST.getlist("message")[:PAGE_SIZE] if pk.isascii() and pk.isdigit()]
    if chosen:
        act_on(request, chosen)
    else:
        messages.warning(request, _("No message is ticked, so nothing was done."))


def act_on(request, chosen):
    """Sends these messages (ids) again or sets them aside, as the button says, and tells how many."""
    if request.POST.get("do") == "resend":
        count = OutgoingMessage.resend(chosen, by=request.user)
        log.info("messages %s: %s of them sent again by staff %s", chosen, count, request.user.pk)
        said = ngettext("%(count)s message is on its way again.", "%(count)s messages are on their way again.", count)
        (messages.success if count else messages.warning)(request, said % {"count": persian.in_language(count)})
    elif request.POST.get("do") == "set-aside":
        count = OutgoingMessage.set_aside(chosen)
        log.info("messages %s: %s of them set aside by staff %s", chosen, count, request.user.pk)
        said = ngettext("%(count)s message is set aside.", "%(count)s messages are set aside.", count)
        messages.success(request, said % {"count": persian.in_language(count)})


def with_reason(row):
    """The row with why it did not arrive, as far as anybody knows."""
    row.why = explain(row.last_error) if row.last_error else ""
    row.may_be_there = row.state == State.UNKNOWN
    return row


def _with_words(row, visible):
    """The row with what the list says of it."""
    with_reason(row)
    row.what = _what(row)
    row.to = masked(row)
    row.shown_letter = row.letter if row.letter_id in visible else None
    row.is_asked_anew = row.kind in (OutgoingMessage.Kind.CODE, OutgoingMessage.Kind.LINK)
    row.can_be_resent = bool(row.text) and not row.is_asked_anew
    return row


def _what(row):
    if row.kind == OutgoingMessage.Kind.LINK:
        return _("E-mail with a link to a new password")
    if is_digest(row):
        return _("Morning digest of a head")
    if row.channel == Channel.EMAIL:
        return _("E-mail about an alarm")
    return _("Sign-in code") if row.kind == OutgoingMessage.Kind.CODE else _("SMS about a letter")


def masked(row):
    """Whom it was for, as far as it takes to tell two apart: ``0912 ••• ••89``, ``a•••@example.ir``."""
    if row.channel == Channel.EMAIL:
        name, _at, host = row.recipient.partition("@")
        return f"{name[:1]}•••@{host}"
    whole = persian.mobile_for_people(row.recipient)
    return f"{whole[:4]} ••• ••{whole[-2:]}"
