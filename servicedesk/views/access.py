"""Who may come in: the one decorator of every page that belongs to a signed-in citizen; and where one goes on to."""

from functools import wraps
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST_ADDRESS = 1000


def way_back(request, address):
    """``address`` as the place to go on to, if it is a path of ours that a browser takes; else nothing."""
    mine = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address if mine and address.startswith("/") and len(iri_to_uri(address)) <= LONGEST_ADDRESS else ""


def sign_in_first(request, to=None):
    """Sends a stranger to the sign-in page and afterwards back to ``to``, or to where he was."""
    query = urlencode({"next": to or request.get_full_path()})
    return redirect(f"{reverse('desk:sign-in')}?{query}")


def personal(view):
    """A page of one person: no cache keeps it."""

    @wraps(view)
    def private(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    return private


def citizen_only(view):
    """A page for signed-in citizens. Staff are strangers here: they have a world of their own."""

    @personal
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not (request.user.is_authenticated and request.user.is_citizen):
            return sign_in_first(request, None if request.method == "GET" else reverse("desk:home"))
        return view(request, *args, **kwargs)

    return guarded
