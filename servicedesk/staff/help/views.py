"""/admin/help/: the list of questions, and a page for each. For everybody who may open the admin."""

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servicedesk.staff.help.topics import TOPICS
from servicedesk.staff.own_desk import OwnDesk


@require_safe
def index(request):
    context = {
        "topics": TOPICS,
        "header_title": _("Help"),
        "header_icon": "help",
        "breadcrumbs_items": [{"url": "", "label": _("Help")}],
    }
    return render(request, "servicedesk/staff/help/index.html", context)


@require_safe
def topic(request, slug):
    number = next((number for number, topic in enumerate(TOPICS) if topic.slug == slug), None)
    if number is None:
        raise Http404
    topic = TOPICS[number]
    context = {
        "topic": topic,
        "screens": list(_screens_for(topic, OwnDesk.of(request).rights)),
        "next": TOPICS[(number + 1) % len(TOPICS)],
        "header_title": topic.title,
        "header_icon": topic.icon,
        "breadcrumbs_items": [
            {"url": reverse("help:index"), "label": _("Help")},
            {"url": "", "label": topic.title},
        ],
    }
    return render(request, "servicedesk/staff/help/topic.html", context)


def _screens_for(topic, rights):
    """(label, address) of the topic's screens that are for this person."""
    for screen in topic.screens:
        if screen.act is None or rights.may(screen.act):
            yield screen.label, reverse(screen.view, args=screen.arguments)
