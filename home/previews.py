"""Letting the page editor show a page in its preview panel."""

from functools import wraps

from django.utils.csp import CSP


def framed_by_editor(view):
    """For Wagtail's admin views. A preview has been through the site's own middleware and carries the strict
    policy, which stays; only its refusal of all frames gives way to the editor on this same site."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        policy = response.headers.get(str(CSP.HEADER_ENFORCE))
        if policy:
            response.headers[str(CSP.HEADER_ENFORCE)] = policy.replace(
                f"frame-ancestors {CSP.NONE}", f"frame-ancestors {CSP.SELF}"
            )
        return response

    return inner
