"""Whose second factor is on, and taking one away from somebody who lost it, with a trace."""

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

from servicedesk.models import Leading, Rights, SecondFactorReset, UnitMembership, User
from servicedesk.models.unit_event import Kind
from servicedesk.staff.second_factor.forms import ResetForm
from servicedesk.staff.second_factor.policy import authenticator_of
from servicedesk.staff.unit.who import leads, may_reset

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
    """Asks for the reason, then takes the authenticator and the recovery codes away: superusers and heads of units."""
    person = get_object_or_404(User.objects.exclude(pk=request.user.pk), pk=user_id)
    if not may_reset(request.user, person):
        raise PermissionDenied
    parts = _led_parts(request.user, person)
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _reset_once(person, request.user, form.cleaned_data["reason"])
        messages.success(
            request,
            _("The second factor of %(name)s is off. At the next sign-in it can be set up anew.")
            % {"name": person.display_name},
        )
        return redirect(*_way_back(request.user, parts))
    context = {
        "person": person,
        "is_enrolled": authenticator_of(person) is not None,
        "form": form,
        "header_title": _("Reset the second factor"),
        "header_icon": "key",
        "breadcrumbs_items": [
            _place_before(request.user, parts),
            {"url": "", "label": person.display_name},
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/staff/second_factor/reset.html", context, status=status)


def _led_parts(user, person):
    """What the person is in the units that ``user`` leads: UnitMemberships."""
    rights = Rights(user)
    return [
        part
        for part in UnitMembership.objects.filter(user=person).select_related("unit").order_by("unit__sort_key")
        if leads(rights, part.unit_id)
    ]


def _way_back(user, parts):
    """Where the page was come from: the list of all staff, or for a head the member of his unit."""
    if user.is_superuser:
        return ("second-factor:people",)
    return "staff:unit-member", parts[0].unit_id, parts[0].pk


def _place_before(user, parts):
    label = _("Second factor of the staff") if user.is_superuser else parts[0].unit
    way = _way_back(user, parts) if user.is_superuser else ("staff:unit", parts[0].unit_id)
    return {"url": reverse(way[0], args=way[1:]), "label": label}


def _reset_once(person, by, reason):
    """A second click finds nothing to take away and leaves no second trace."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        has_codes = StaticToken.objects.filter(device__user=person).exists()
        if authenticator_of(person) is not None or has_codes:
            SecondFactorReset.reset(user=person, by=by, reason=reason)
            for part in _led_parts(by, person):
                Leading(part.unit, by).tell(Kind.FACTOR_RESET, person)
