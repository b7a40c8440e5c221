"""The ends of sessions, addresses that nobody has, and the answer after a form was sent."""

import time

from django.contrib.auth import SESSION_KEY, logout
from django.http import Http404

from servicedesk.browsers import kind_of
from servicedesk.models import UserSession
from servicedesk.models.user_session import CITIZEN_ENDS, HOUR, MINUTE, STAFF_ENDS

BEGAN, SEEN = "session_began", "session_seen"
# The id of the session's row in the list of its owner.
LISTED = "session_listed"
# What a stranger's session holds, a form posted too late or a sign-in half done, is of no use after that.
STRANGERS_SESSION = 2 * HOUR


class SessionEnds:
    """Ends a session that was idle for too long, is too old or was ended by its owner, before any view sees it; and
    keeps the list in which the owner finds it.

    A request after the end goes on as one of a stranger; ``request.session_ended`` lets a view say so.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.session_ended = False
        if request.user.is_authenticated:
            self._judge(request)
        elif SESSION_KEY in request.session:
            # The account was closed. Should it be opened again, this session is not.
            request.session.flush()
        listed = request.session.get(LISTED)
        response = self.get_response(request)
        self._keep_list(request, listed)
        return response

    def _judge(self, request):
        now = int(time.time())
        idle, whole = CITIZEN_ENDS if request.user.is_citizen else STAFF_ENDS
        began = request.session.setdefault(BEGAN, now)
        seen = request.session.setdefault(SEEN, now)
        if now - seen > idle or now - began > whole or self._was_ended(request, now - seen > MINUTE):
            logout(request)
            request.session_ended = True
        elif now - seen > MINUTE:
            request.session[SEEN] = now

    def _was_ended(self, request, is_news):
        pk = request.session.get(LISTED)
        return pk is not None and not UserSession.is_on(request.user, pk, is_news)

    def _keep_list(self, request, listed):
        """After the view: a session that has begun gets its row, one that was left loses it."""
        # Not request.user: to views, whoever has given only a password is a stranger.
        if SESSION_KEY not in request.session:
            if request.session.modified and not request.session.is_empty():
                request.session.set_expiry(STRANGERS_SESSION)
        elif LISTED not in request.session:
            list_session(request)
        # Left, or emptied by the sign-in of somebody else.
        if listed and request.session.get(LISTED) != listed:
            UserSession.objects.filter(pk=listed).delete()


def list_session(request):
    """Gives a session that has just begun its row in the list of its owner."""
    kind = kind_of(request.headers.get("User-Agent", ""))
    request.session[LISTED] = UserSession.begin(request.session[SESSION_KEY], kind).pk
    if request.session.get("_session_expiry") == STRANGERS_SESSION:
        request.session.set_expiry(None)


class NoNul:
    """Knows no address with a NUL in it: the database takes none, and anybody could ring the operator's alarm with
    the error page that follows. Form fields refuse it by themselves."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)


class SeeOtherAfterPost:
    """Says 303 where a view answered a POST with a plain redirect, in the desk and in the admin alike: whatever the
    browser, the next request is a GET, so reloading it sends nothing twice. A script that sends a form asks by
    ``X-Way-On`` for the address alone: it could not see a redirect without fetching the page that it leads to."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == 302:
            response.status_code = 200 if "X-Way-On" in request.headers else 303
        return response
