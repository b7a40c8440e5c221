"""Who may come in: the one decorator of every page that belongs to a signed-in citizen."""

from functools import wraps
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers


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
