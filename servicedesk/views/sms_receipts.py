"""Where gateways report what became of a message. The address is the secret."""

import json

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from servicedesk.models import OutgoingMessage

STATES = ("sent", "delivered", "failed")
LARGEST = 4096


@csrf_exempt
@require_POST
def sms_receipt(request, secret):
    """The JSON webhook's receipt ``{"id", "state"}``. Unknown ids are answered 200: a gateway would repeat
    them for an hour."""
    if not constant_time_compare(secret, settings.SMS_CALLBACK_SECRET):
        raise Http404
    try:
        receipt = json.loads(request.read(LARGEST))
        message_id, state = int(receipt["id"]), receipt["state"]
    except (ValueError, KeyError, TypeError):
        return HttpResponse(status=400)
    if state not in STATES:
        return HttpResponse(status=400)
    if 0 < message_id < 2**63:
        OutgoingMessage.receipt(message_id, state)
    return HttpResponse(status=200)
