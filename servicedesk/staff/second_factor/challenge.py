"""The page between the password and the admin: one box for the app's code or a recovery code."""

import django_otp
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from servicedesk.persian import in_language, only_digits
from servicedesk.staff.second_factor import recovery
from servicedesk.staff.second_factor.forms import ChallengeForm, is_app_code
from servicedesk.staff.second_factor.policy import authenticator_of, has_passed
from servicedesk.views.access import way_back

FEW_LEFT = 3


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request):
    if has_passed(request.user) or authenticator_of(request.user) is None:
        return redirect(way_on(request))
    form = ChallengeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            passed, device = _verify(request.user, form.cleaned_data["code"])
            if passed:
                return let_in(request, passed)
            wait = seconds_to_wait(device)
            form.add_error("code", _wrong_code_in_words(wait))
            status = 429 if wait > 1 else 422
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "servicedesk/staff/second_factor/challenge.html", context, status=status)


def _verify(user, typed):
    """(the device that took the code or None, the device that was asked). The device is chosen by the form of the
    code, so that a wrong app code does not slow down the recovery codes."""
    if is_app_code(only_digits(typed)):
        device = authenticator_of(user)
        return django_otp.verify_token(user, device.persistent_id, only_digits(typed)), device
    return recovery.spend(user, typed), recovery.device_of(user)


def seconds_to_wait(device):
    """How long django-otp refuses to look at another code of this device: 1, 2, 4 … s after each wrong one."""
    if device is None:
        return 0
    device.refresh_from_db()
    allowed, why = device.verify_is_allowed()
    return 0 if allowed else max(1, round((why["locked_until"] - timezone.now()).total_seconds()))


def _wrong_code_in_words(wait):
    if wait <= 1:
        return _("This code is not right, or it was used already. Enter the one that the app shows now.")
    return ngettext(
        "This code was not accepted. After several wrong codes the next one counts in %(seconds)s second.",
        "This code was not accepted. After several wrong codes the next one counts in %(seconds)s seconds.",
        wait,
    ) % {"seconds": in_language(wait)}


def let_in(request, device):
    """Marks the session as having passed, under a new id, and goes on to where its owner wanted."""
    mark_passed(request, device)
    left = recovery.left(request.user)
    if left < FEW_LEFT:
        messages.warning(
            request,
            _("You have %(left)s unused recovery codes. Make new ones in your account.") % {"left": in_language(left)},
        )
    return redirect(way_on(request))


def mark_passed(request, device):
    django_otp.login(request, device)
    request.session.cycle_key()


def way_on(request):
    """``next`` of the form or the address, if it leads to this site; else the admin's home."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return way_back(request, wanted) or reverse("wagtailadmin_home")
