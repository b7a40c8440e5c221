"""Where gateways report what became of a message. The address is the secret.

Two forms: our JSON webhook's ``{"id", "state"}``, and Kavenegar's ``messageid`` and ``status`` (GET or form). What
names no message of ours is answered 200 all the same: a gateway would repeat it for an hour.
"""

import json

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from servicedesk.delivery.kavenegar import report_of
from servicedesk.delivery.message import Report
from servicedesk.models import OutgoingMessage

STATES = ("sent", "delivered", "failed")
LARGEST = 4096  # bytes
HIGHEST_ID = 2**63 - 1


@csrf_exempt
@require_http_methods(["GET", "POST"])
def sms_receipt(request, secret):
    if not constant_time_compare(secret, settings.SMS_CALLBACK_SECRET):
        raise Http404
    kavenegar = request.GET if request.method == "GET" else request.POST
    if "messageid" in kavenegar:
        return _take_kavenegars(kavenegar)
    return _take_ours(request) if request.method == "POST" else HttpResponse(status=400)


def _take_ours(request):
    try:
        receipt = json.loads(request.body[:LARGEST])
        message_id, state = str(receipt["id"]), receipt["state"]
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    if state not in STATES:
        return HttpResponse(status=400)
    _record(_by_our_id(message_id) or _by_gateway_id(message_id, "http"), Report(state))
    return HttpResponse(status=200)


def _take_kavenegars(data):
    report = report_of(data.get("status"))
    if report is not None:
        _record(_by_gateway_id(data["messageid"], "kavenegar"), report)
    return HttpResponse(status=200)


def _by_our_id(text):
    if not (text.isascii() and text.isdigit()) or not 0 < int(text) <= HIGHEST_ID:
        return None
    ours = Q(later_id=int(text)) | Q(pk=int(text), later_id=None)
    return OutgoingMessage.objects.filter(ours).values_list("pk", flat=True).first()


def _by_gateway_id(text, scheme):
    """The message that a gateway of ``scheme`` calls by this id. A NUL would trouble the database."""
    if not text.isprintable() or not text:
        return None
    named = OutgoingMessage.objects.filter(gateway_id=text, gateway__startswith=scheme)
    return named.order_by("-pk").values_list("pk", flat=True).first()


def _record(message, report):
    if message is not None:
        OutgoingMessage.receipt(message, report.state, report.reason)
