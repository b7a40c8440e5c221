"""Blocks of the home page alone: the lead with its one button, the facts at a glance, the services."""

from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.text import HOME, LIVE, PREVIEW_TEXT, TEXT_FEATURES, Heading
from servicedesk.models import ServicePage


class LeadBlock(blocks.StructBlock):
    heading = Heading(help_text=_("What this place is, in a handful of words. It is the page's main heading."))
    text = blocks.TextBlock(label=_("Text"), rows=3, max_length=400)
    button = blocks.CharBlock(
        label=_("Words on the button"),
        max_length=60,
        default=_("Sign in and send a request"),
        help_text=_("The button leads to the desk, where people sign in and send their letter."),
    )
    track_link = blocks.CharBlock(
        label=_("Words of the link to tracking"),
        max_length=60,
        default=_("Track a request"),
    )

    class Meta:
        label = _("Lead")
        icon = "home"
        group = HOME
        description = _("The top of the home page: a heading, two sentences, and the one button.")
        template = "home/blocks/lead.html"
        preview_value = {
            "heading": "نامه‌تان را از خانه بفرستید",
            "text": "چند دقیقه کافی است؛ کد رهگیری را همان‌جا می‌گیرید.",
            "button": "ورود و ثبت درخواست",
            "track_link": "پیگیری درخواست",
        }


class FactBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=60)
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        label = _("Fact")
        icon = "tick-inverse"


class FactsBlock(blocks.StructBlock):
    heading = Heading()
    facts = blocks.ListBlock(FactBlock(), label=_("Facts"), min_num=1, max_num=4)

    class Meta:
        label = _("At a glance")
        icon = "grid"
        group = HOME
        description = _("Up to four short facts side by side: time, cost, what to have ready.")
        template = "home/blocks/facts.html"
        preview_value = {"heading": "در یک نگاه", "facts": [{"title": "هزینه", "text": PREVIEW_TEXT}]}


class ServicesBlock(blocks.StructBlock):
    heading = Heading()
    text = blocks.CharBlock(label=_("Text"), max_length=300, required=False)

    class Meta:
        label = _("Services")
        icon = "list-ul"
        group = LIVE
        description = _("The services that can be started now. The list follows the service pages by itself.")
        template = "home/blocks/services.html"
        preview_value = {"heading": "خدمت‌ها", "text": "خدمتی را که می‌خواهید انتخاب کنید."}

    def get_context(self, value, parent_context=None):
        """Adds ``services``: the offered ones as {title, summary, promised_days, time_needed, cost, url, language}; the
        last is {code, bidi} where a service speaks another language than the page, else None."""
        context = super().get_context(value, parent_context=parent_context)
        request = (parent_context or {}).get("request")
        context["services"] = [
            {
                "title": page.title,
                "summary": page.summary,
                "promised_days": page.promised_days,
                "time_needed": page.time_needed,
                "cost": page.cost,
                "url": page.get_url(request),
                "language": _other_language(page.locale.language_code),
            }
            for page in ServicePage.objects.offered().select_related("locale")
        ]
        return context


def _other_language(code):
    return None if code == get_language() else {"code": code, "bidi": get_language_info(code)["bidi"]}
