"""What a service says once a letter was sent, for the editor who writes it: the receipt, and each SMS with its cost."""

from django.shortcuts import render
from django.utils import timezone

from servicedesk.delivery.sms_text import parts
from servicedesk.models import Letter, ServicePage
from servicedesk.models.message_text import OWN_WORDS, problems_of_text, text_about, words_of_service
from servicedesk.models.office_calendar import promised_day

# No letter has it: the check digit is wrong.
EXAMPLE_CODE = "1405090210"


def install():
    """Pages ask for them; models know nothing of receipts and gateways."""
    ServicePage.previews["receipt"] = _receipt
    ServicePage.previews["messages"] = _messages


def _receipt(page, request):
    now, unit = timezone.now(), page.receiving_units().first()
    letter = Letter(
        reference=EXAMPLE_CODE,
        subject=page.title,
        unit=unit,
        submitted_at=now,
        due_on=promised_day(unit, page.promised_days, now) if unit else None,
        receipt_text=page.receipt_text,
    )
    return render(request, "servicedesk/receipt_preview.html", {"letter": letter})


def _messages(page, request):
    return render(request, "servicedesk/messages_preview.html", {"page": page, "texts": list(_each_text(page))})


def _each_text(page):
    for kind, field in OWN_WORDS.items():
        own = words_of_service(page, kind)
        text = text_about(kind, "sms", reference=EXAMPLE_CODE, service=page)
        yield {
            "title": page._meta.get_field(field).verbose_name,
            "words": text,
            "is_own": bool(own),
            "problems": problems_of_text(own),
            "length": len(text),
            "parts": parts(text),
        }
