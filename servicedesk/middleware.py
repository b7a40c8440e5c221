"""The ends of sessions, addresses that nobody has, and the answer after a form was sent."""

import time

from django.contrib.auth import logout
from django.http import Http404

MINUTE, HOUR = 60, 3600
# Seconds idle, seconds in all.
CITIZEN_ENDS = (20 * MINUTE, 4 * HOUR)
STAFF_ENDS = (30 * MINUTE, 10 * HOUR)
BEGAN, SEEN = "session_began", "session_seen"


class SessionEnds:
    """Ends a session that was idle for too long or is too old, before any view sees it.

    A request after the end goes on as one of a stranger; ``request.session_ended`` lets a view say so.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.session_ended = False
        if request.user.is_authenticated:
            self._judge(request)
        return self.get_response(request)

    def _judge(self, request):
        now = int(time.time())
        idle, whole = CITIZEN_ENDS if request.user.is_citizen else STAFF_ENDS
        began = request.session.setdefault(BEGAN, now)
        seen = request.session.setdefault(SEEN, now)
        if now - seen > idle or now - began > whole:
            logout(request)
            request.session_ended = True
        elif now - seen > MINUTE:
            request.session[SEEN] = now


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
    browser, the next request is a GET, so reloading it sends nothing twice."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == 302:
            response.status_code = 303
        return response
