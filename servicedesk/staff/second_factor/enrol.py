"""Taking up a second factor: a picture for the app, one code to prove that it arrived, ten recovery codes."""

import time
from base64 import b32encode

import segno
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex
from wagtail.admin import messages

from servicedesk.middleware import BEGAN, LISTED
from servicedesk.models import User, UserSession
from servicedesk.models.user_session import MINUTE
from servicedesk.staff.second_factor import recovery
from servicedesk.staff.second_factor.challenge import mark_passed, way_on
from servicedesk.staff.second_factor.forms import EnrolForm, EnrolForPasswordForm, PasswordForm
from servicedesk.staff.second_factor.policy import authenticator_of, has_passed

KEY = "second_factor_key"
KEY_BYTES = 20
# Seconds after the sign-in in which a first app asks for no second password: time to find an app and install it.
PASSWORD_IS_FRESH = 10 * MINUTE


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request):
    """The first authenticator, or another one in its place. The second needs a passed session and the password; so
    does the first in an older session, which need not be in its owner's hands any more."""
    replaces = authenticator_of(request.user) is not None
    if request.method != "POST":
        request.session.setdefault(KEY, random_hex(KEY_BYTES))
    key = request.session.get(KEY)
    if key is None:
        return redirect(request.get_full_path())
    form = _form(request, replaces or not _password_is_fresh(request))
    if request.method == "POST" and form.is_valid():
        device = _confirmed(request.user, key, form.cleaned_data["code"])
        if device is None:
            form.add_error("code", _("This code does not match. Is the telephone's clock right? Try the next code."))
        elif not _take_up(request, device):
            messages.error(request, _("Meanwhile another app was taken up for your account."))
            return redirect("second-factor:mine")
        else:
            del request.session[KEY]
            mark_passed(request, device)
            return codes_page(request, recovery.renew(request.user), way_on(request))
    device = TOTPDevice(user=request.user, key=key)
    context = {
        "form": form,
        "replaces": replaces,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "qr_svg": _picture(device.config_url),
        "app_link": device.config_url,
        "secret": _in_groups(b32encode(device.bin_key).decode()),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/staff/second_factor/enrol.html", context, status=status)


def _form(request, wants_password):
    data = request.POST if request.method == "POST" else None
    return EnrolForPasswordForm(data, request=request) if wants_password else EnrolForm(data)


def _password_is_fresh(request):
    return time.time() - request.session[BEGAN] < PASSWORD_IS_FRESH


def _confirmed(user, key, code):
    """A TOTPDevice, not saved, if ``code`` is one of its key now; that code is spent with it."""
    device = TOTPDevice(user=user, name="authenticator", key=key)
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time()
    if not totp.verify(int(code), device.tolerance):
        return None
    device.last_t, device.drift = totp.t(), totp.drift
    return device


def _take_up(request, device):
    """Puts the new device in the place of all others; of two at once only the first does, and none whose session was
    ended meanwhile."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=request.user.pk)
        if not UserSession.is_on(request.user, request.session.get(LISTED)):
            return False
        if authenticator_of(request.user) is not None and not has_passed(request.user):
            return False
        TOTPDevice.objects.filter(user=request.user).delete()
        device.save()
    return True


def codes_page(request, codes, way):
    """The recovery codes, this once: shown in the answer itself, kept nowhere in plain."""
    context = {"codes": codes, "way_on": way}
    return render(request, "servicedesk/staff/second_factor/codes.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request):
    """One's own second factor: on or off, codes left; new codes for the password."""
    device = authenticator_of(request.user)
    form = PasswordForm(request.POST or None, request=request)
    if request.method == "POST" and device and form.is_valid():
        return codes_page(request, recovery.renew(request.user), request.path)
    context = {
        "device": device,
        "codes_left": recovery.left(request.user),
        "form": form,
        "header_title": _("Second factor"),
        "header_icon": "key",
        "breadcrumbs_items": [{"url": "", "label": _("Second factor")}],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/staff/second_factor/mine.html", context, status=status)


def _picture(address):
    svg = segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#16202b", light="#fff", omitsize=True)
    # The markup is segno's own; the address is only drawn.
    return mark_safe(svg)


def _in_groups(secret):
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
