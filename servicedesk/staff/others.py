"""The citizen's other letters beside one, and which of them may say the same."""

from datetime import timedelta

from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servicedesk import references
from servicedesk.models import Attachment, Letter, LetterWords
from servicedesk.staff.inbox.rows import with_words
from servicedesk.staff.letter import mine

SHOWN = 10
# What came longer ago or later is no second copy of it.
SAME_SPAN = timedelta(days=90)


@require_safe
def others(request, reference):
    """A page of its own; with ``part`` in the address the list alone, for the letter's page."""
    letter = mine(request, reference, bare=True)
    context = {
        "letter": letter,
        "duplicates": [with_words(one) for one in likely_duplicates(letter, request.user)],
        "earlier": [with_words(one) for one in earlier_letters(letter, request.user)],
        "header_title": _("Other letters of this citizen"),
        "header_icon": "mail",
        "breadcrumbs_items": [
            {"url": reverse("staff:inbox"), "label": _("Staff desk")},
            {"url": reverse("staff:letter", args=[reference]), "label": references.grouped(reference)},
            {"url": "", "label": _("Other letters of this citizen")},
        ],
    }
    whole, part = "servicedesk/staff/others.html", "servicedesk/staff/others_list.html"
    return render(request, part if "part" in request.GET else whole, context)


def earlier_letters(letter, user):
    """The latest other letters of the same citizen that ``user`` may see. Of one without an account there are none: a
    name alone says nothing."""
    if letter.citizen_id is None:
        return Letter.objects.none()
    letters = Letter.objects.visible_to(user).filter(citizen=letter.citizen_id).exclude(pk=letter.pk)
    return letters.select_related("unit").order_by("-submitted_at", "-pk")[:SHOWN]


def likely_duplicates(letter, user):
    """Letters that ``user`` may see, of around the same time, that bring the same file, or have the same subject and
    the same citizen or name."""
    span = (letter.submitted_at - SAME_SPAN, letter.submitted_at + SAME_SPAN)
    letters = Letter.objects.visible_to(user).filter(submitted_at__range=span).exclude(pk=letter.pk)
    bodies = Attachment.objects.filter(reply=None).exclude(letter=None)
    same_file = bodies.filter(sha256__in=bodies.filter(letter=letter).values("sha256")).values("letter")
    same_person = Q(sender_name=letter.sender_name) if letter.sender_name else Q(pk=None)
    if letter.citizen_id:
        same_person |= Q(citizen=letter.citizen_id)
    same_words = LetterWords.objects.with_subject(letter.subject).values("letter")
    same_words = Letter.objects.filter(same_person, pk__in=same_words).values("pk")
    letters = letters.filter(pk__in=same_file.union(same_words))
    return letters.select_related("unit").order_by("-submitted_at", "-pk")[:SHOWN]
