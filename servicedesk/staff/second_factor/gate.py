"""The gate before everything that belongs to staff."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import redirect
from django.urls import reverse

from servicedesk.staff.second_factor.policy import step_before

# What somebody with nothing but a password may use: the way in, the way out, and what those pages are drawn with.
OPEN = {
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_password_reset",
    "wagtailadmin_password_reset_done",
    "wagtailadmin_password_reset_confirm",
    "wagtailadmin_password_reset_complete",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
}


class SecondFactorGate:
    """Half signed in is not signed in: until the second factor is passed, a staff member is a stranger to every
    view, in the admin and outside of it (files, documents, previews). A new address is behind the gate by itself.

    Stands below OTPMiddleware. Inside the admin the way leads to the missing step and then back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        is_staff = user.is_authenticated and not user.is_citizen
        request.second_factor_step = step_before(user) if is_staff else None
        if request.second_factor_step:
            request.half_signed_in, request.user = user, AnonymousUser()
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        step = request.second_factor_step
        if step is None:
            return None
        name = request.resolver_match.view_name
        if name in OPEN or name == step.value:
            request.user = request.half_signed_in
        elif request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
            return redirect(f"{reverse(step.value)}?{urlencode({'next': request.get_full_path()})}")
        return None
