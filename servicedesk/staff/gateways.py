"""«درگاه‌های پیامک»: the last hour, gateway by gateway. For superusers."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Now
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servicedesk import persian
from servicedesk.delivery.gateways import gateways_for
from servicedesk.delivery.message import BLOCKED_BY_RECIPIENT
from servicedesk.models import GatewayState, OutgoingMessage
from servicedesk.models.outbox import Channel, State
from servicedesk.models.sms_budget import SmsBudget

HOUR = timedelta(hours=1)
# What was owed longer ago is not looked at: it bounds the query, and nothing is tried for so long without an alarm.
LOOKED_AT = timedelta(days=1)


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)%(filter)s"
    output_field = DurationField()


@require_safe
def gateways(request):
    """/admin/desk/gateways/: a handful of queries, however much was sent."""
    if not request.user.is_superuser:
        raise PermissionDenied
    names = [gateway.name for channel in Channel for gateway in gateways_for(channel)]
    figures = {row["gateway"]: row for row in _figures()}
    states = {state.name: state for state in GatewayState.objects.filter(failing_since__isnull=False)}
    waiting = dict(
        OutgoingMessage.objects.filter(state__in=[State.QUEUED, State.CLAIMED, State.UNKNOWN], flagged_at=None)
        .values_list("gateway")
        .annotate(Count("pk"))
        .order_by()
    )
    # Those that left the list of settings lately still have figures.
    former = sorted((figures.keys() | waiting.keys()) - set(names) - {""})
    rows = [
        {
            "name": name,
            "state": states.get(name),
            "is_former": name in former,
            "waiting": waiting.get(name, 0),
            **_in_words(figures.get(name, {})),
        }
        for name in [*names, *former]
    ]
    context = {
        "gateways": rows,
        "untried": waiting.get("", 0),
        "is_quiet": not any(row["sent"] or row["waiting"] or row["dead"] for row in rows) and not waiting.get(""),
        "budget": _budget(),
        "header_title": _("SMS gateways"),
        "header_icon": "globe",
        "breadcrumbs_items": [{"url": "", "label": _("SMS gateways")}],
    }
    return render(request, "servicedesk/staff/gateways.html", context)


def _budget():
    """(words, used, allowed) of what codes by SMS may cost, for the last minute and the last day."""
    budget = SmsBudget()
    used = budget.usage()
    return [(_("In the last minute"), used.minute, budget.minute), (_("In the last day"), used.day, budget.day)]


def _figures():
    """One row a gateway: what happened within the last hour."""
    hour = Now() - HOUR
    sent, arrived = Q(sent_at__gt=hour), Q(delivered_at__gt=hour)
    to_sent, to_arrival = (
        ExpressionWrapper(F(moment) - F("created_at"), DurationField()) for moment in ("sent_at", "delivered_at")
    )
    ended = Q(final_at__gt=hour) | Q(flagged_at__gt=hour)
    blocked = Q(state=State.FAILED, last_error=BLOCKED_BY_RECIPIENT)
    return (
        OutgoingMessage.objects.filter(created_at__gt=Now() - LOOKED_AT)
        .values("gateway")
        .annotate(
            sent=Count("pk", filter=sent),
            delivered=Count("pk", filter=arrived),
            dead=Count("pk", filter=ended & (Q(state=State.DEAD) | Q(state=State.UNKNOWN, flagged_at__isnull=False))),
            refused=Count("pk", filter=ended & Q(state=State.FAILED) & ~blocked),
            blocked=Count("pk", filter=ended & blocked),
            median_sent=Median(to_sent, filter=sent),
            median_delivered=Median(to_arrival, filter=arrived),
        )
        .order_by()
    )


def _in_words(row):
    counts = {name: row.get(name, 0) for name in ("sent", "delivered", "dead", "refused", "blocked")}
    return counts | {name: seconds_in_words(row.get(name)) for name in ("median_sent", "median_delivered")}


def seconds_in_words(duration):
    """«۲٫۴ ثانیه», «۳ دقیقه»; empty for None."""
    if duration is None:
        return ""
    seconds = duration.total_seconds()
    if seconds >= 60:
        return _("%(count)s min") % {"count": persian.in_language(round(seconds / 60))}
    return _("%(count)s s") % {"count": persian.in_language(f"{seconds:.1f}").replace(".", _decimal_point())}


def _decimal_point():
    return "٫" if get_language() == "fa" else "."
