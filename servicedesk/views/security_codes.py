"""What stands beside the sign-in form: the picture, its spoken version, a fresh one, and the puzzle instead of it."""

import re
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from servicedesk import proof_of_work, security_code, spoken_code
from servicedesk.client_address import client_address
from servicedesk.known_browser import KnownBrowser
from servicedesk.models import LimitHit, LimitReached
from servicedesk.views.access import personal


def fresh_key(request):
    """The key of a new security code. Raises LimitReached when very many were taken."""
    with transaction.atomic():
        for name, subject in _limits_of_pictures(request):
            LimitHit.take(name, subject)
        return security_code.fresh()


def _limits_of_pictures(request):
    """(name, subject), …: of the address; in a known browser its own, which strangers there cannot use up."""
    browser = KnownBrowser.of(request)
    if not browser.number:
        return [("security-picture-from-address", client_address(request).host)]
    return [("picture-known-browser", browser.name), ("picture-known-browsers-of-number", browser.number)]


def addresses(key, wanted=""):
    """Where the parts of one security code are: ``picture_url``, ``sound_url``, ``fresh_url``, ``challenge_url``."""
    fresh_url = reverse("desk:sign-in-fresh")
    return {
        "picture_url": reverse("desk:sign-in-picture", args=[key]),
        "sound_url": reverse("desk:sign-in-sound", args=[key]),
        "fresh_url": f"{fresh_url}?{urlencode({'next': wanted})}" if wanted else fresh_url,
        "challenge_url": reverse("desk:sign-in-challenge"),
    }


def too_many(request, reached):
    """The page for an address that took all that it may."""
    return come_back(render(request, "429.html", status=429), reached)


def come_back(response, reached):
    """The response with the time after which a program may try again; people read it in the page."""
    response["Retry-After"] = str(reached.retry_after)
    return response


@require_safe
@personal
def fresh(request):
    """A new security code as JSON ``{"key", "picture_url", "sound_url"}``; to a plain click, the page with one."""
    if request.get_preferred_type(["text/html", "application/json"]) != "application/json":
        wanted = request.GET.get("next")
        query = f"?{urlencode({'next': wanted})}" if wanted else ""
        return HttpResponseRedirect(reverse("desk:sign-in") + query)
    try:
        key = fresh_key(request)
    except LimitReached as reached:
        return too_many(request, reached)
    parts = addresses(key)
    return JsonResponse({"key": key, "picture_url": parts["picture_url"], "sound_url": parts["sound_url"]})


@require_safe
@personal
def picture(request, key):
    return security_code.picture(request, key)


@require_safe
@personal
def sound(request, key):
    """The digits spoken in Persian, as WAV. Safari plays no sound that cannot be had in pieces."""
    digits = security_code.digits_of(key)
    if digits is None:
        return HttpResponse(status=410)
    return _piece(request, spoken_code.speak(digits, key))


def _piece(request, content):
    """The part of ``content`` that a simple Range header asks for (RFC 9110), else the whole."""
    asked = re.fullmatch(r"bytes=([0-9]{1,9})-([0-9]{0,9})", request.headers.get("Range", ""))
    first, last = (int(asked[1]), int(asked[2] or len(content) - 1)) if asked else (0, -1)
    if not asked or last < first or first >= len(content):
        return HttpResponse(content, content_type="audio/wav", headers={"Accept-Ranges": "bytes"})
    last = min(last, len(content) - 1)
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return HttpResponse(content[first : last + 1], status=206, content_type="audio/wav", headers=headers)


@require_safe
@personal
def challenge(request):
    """A puzzle for the browser instead of the picture."""
    return JsonResponse(proof_of_work.puzzle())
