"""Whose second factor is on, and taking one away from somebody who lost it: superusers only, with a trace."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin import messages

from servicedesk.models import SecondFactorReset, User
from servicedesk.staff.second_factor.forms import ResetForm
from servicedesk.staff.second_factor.policy import authenticator_of

RESETS_SHOWN = 100


def _superusers_only(request):
    if not request.user.is_superuser:
        raise PermissionDenied


@require_safe
def people(request):
    """All staff with the state of their second factor, and the resets so far, newest first."""
    _superusers_only(request)
    enrolled = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    context = {
        "people": User.objects.annotate(
            is_enrolled=Exists(enrolled), codes_left=Count("staticdevice__token_set", distinct=True)
        ).order_by("username"),
        "resets": SecondFactorReset.objects.select_related("user", "by")[:RESETS_SHOWN],
        "header_title": _("Second factor of the staff"),
        "header_icon": "key",
        "breadcrumbs_items": [{"url": "", "label": _("Second factor of the staff")}],
    }
    return render(request, "servicedesk/staff/second_factor/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request, user_id):
    """Asks for the reason, then takes the authenticator and the recovery codes away."""
    _superusers_only(request)
    person = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=user_id)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _reset_once(person, request.user, form.cleaned_data["reason"])
        messages.success(
            request,
            _("The second factor of %(name)s is off. At the next sign-in it can be set up anew.")
            % {"name": person.display_name},
        )
        return redirect("second-factor:people")
    context = {
        "person": person,
        "is_enrolled": authenticator_of(person) is not None,
        "form": form,
        "header_title": _("Reset the second factor"),
        "header_icon": "key",
        "breadcrumbs_items": [
            {"url": reverse("second-factor:people"), "label": _("Second factor of the staff")},
            {"url": "", "label": person.display_name},
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/staff/second_factor/reset.html", context, status=status)


def _reset_once(person, by, reason):
    """A second click finds nothing to take away and leaves no second trace."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        has_codes = StaticToken.objects.filter(device__user=person).exists()
        if authenticator_of(person) is not None or has_codes:
            SecondFactorReset.reset(user=person, by=by, reason=reason)
