"""Headers that tell the browser what an answer may do, beyond those that Django writes by itself."""

from functools import wraps

from django.conf import settings
from django.views.decorators.csp import csp_override

# Where Wagtail's own screens are not in the way: our pages inside the admin, and signing in.
STRICT_NAMESPACES = {"staff", "second-factor", "removals", "help"}
STRICT_NAMES = {
    "own-sessions",
    "wagtailadmin_login",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_confirm",
}


class BrowserPolicies:
    """Writes Permissions-Policy and Cross-Origin-Resource-Policy, for which Django has no setting; for static files,
    pictures and redirects the shortest and strictest Content-Security-Policy; and says shortly what must not be
    stored."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "no-store" in response.headers.get("Cache-Control", ""):
            # Django says it in five words and a date; each page of the way through the desk would carry them.
            response.headers["Cache-Control"] = "private, no-store"
            response.headers.pop("Expires", None)
        is_picture = response.headers.get("Content-Type", "").startswith("image/")
        if request.path_info.startswith(settings.STATIC_URL) or response.has_header("Location") or is_picture:
            # Neither a file of ours, a picture nor the way to another page needs anything itself; there are a dozen.
            response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        return response


def admin_policy(view):
    """For all views below the admin: the strict policy where citizens' words or passwords are, Wagtail's elsewhere."""
    strict, lenient = csp_override(settings.STAFF_CSP)(view), csp_override(settings.ADMIN_CSP)(view)

    @wraps(view)
    def inner(request, *args, **kwargs):
        match = request.resolver_match
        is_ours = STRICT_NAMESPACES.intersection(match.namespaces) or match.url_name in STRICT_NAMES
        return (strict if is_ours else lenient)(request, *args, **kwargs)

    return inner
