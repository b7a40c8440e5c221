"""The passwords with which editors close pages and folders of documents: nobody tries them by the thousand."""

from functools import wraps

from servicedesk.client_address import client_address
from servicedesk.models import LimitHit, LimitReached
from servicedesk.views.security_codes import too_many


def tries_counted(view):
    """For Wagtail's own views of such passwords, which count nothing. A right one is given back."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            with LimitHit.counted_or_refused():
                hit = LimitHit.take("page-password-from-address", client_address(request).host)
        except LimitReached as reached:
            return too_many(request, reached)
        response = view(request, *args, **kwargs)
        if response.has_header("Location"):
            hit.delete()
        return response

    return inner
