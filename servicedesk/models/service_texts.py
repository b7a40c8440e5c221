"""What a service says beside its page: above its form, on the receipt and by SMS."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from servicedesk.models.message_text import LONGEST_SMS

FEATURES = ["bold", "ol", "ul", "link", "document-link"]


class ServiceTexts(models.Model):
    form_intro = RichTextField(
        _("above the form"), features=FEATURES, blank=True, help_text=_("What one must know before filling it in.")
    )
    receipt_text = RichTextField(
        _("on the receipt"),
        features=FEATURES,
        blank=True,
        help_text=_("What happens next, and what the citizen does meanwhile. Receipts of earlier letters keep theirs."),
    )
    sms_submitted = models.TextField(_("SMS when a letter has come"), max_length=LONGEST_SMS, blank=True)
    sms_interim = models.TextField(_("SMS when there is news"), max_length=LONGEST_SMS, blank=True)
    sms_answered = models.TextField(_("SMS when the answer is there"), max_length=LONGEST_SMS, blank=True)

    text_panels = [
        FieldPanel("form_intro"),
        FieldPanel("receipt_text"),
        MultiFieldPanel(
            [FieldPanel("sms_submitted"), FieldPanel("sms_interim"), FieldPanel("sms_answered")],
            heading=_("SMS texts"),
            help_text=_(
                "Left empty, the desk's usual words go out. Write {code} where the tracking code shall stand; "
                "{organisation}, {service} and {site} are filled in as well. The preview shows each with its cost in "
                "parts."
            ),
        ),
    ]

    class Meta:
        abstract = True
