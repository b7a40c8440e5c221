"""What the tests of «واحد من» have in common."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicedesk.models import StandIn, UnitMembership
from servicedesk.persian import jalali_date, jalali_short


def home_of(unit):
    return f"/admin/desk/unit/{unit.pk}/"


def part_of(person, unit):
    return UnitMembership.objects.get(user=person, unit=unit)


def page_about(person, unit):
    return f"{home_of(unit)}members/{part_of(person, unit).pk}/"


def role_of(person, unit):
    return part_of(person, unit).role


def trace(unit):
    """What happened, as it reads, the last first."""
    return [event.in_words() for event in unit.events.with_names()]


def give(person, codename):
    person.user_permissions.add(Permission.objects.get(content_type__app_label="servicedesk", codename=codename))


def day(days=0):
    return jalali_short(timezone.localdate() + timedelta(days=days))


def stands_in(substitute, first=0, last=0):
    return {"do": "stand-in", "substitute": substitute.pk, "first_day": day(first), "last_day": day(last)}


def make_stand_in(person, unit, substitute, first=0, last=0):
    today = timezone.localdate()
    days = {"first_day": today + timedelta(days=first), "last_day": today + timedelta(days=last)}
    return StandIn.objects.create(membership=part_of(person, unit), substitute=substitute, **days)


def let_go_days(stand_in):
    """As if its last day had been yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    StandIn.objects.filter(pk=stand_in.pk).update(first_day=yesterday, last_day=yesterday)


def jalali_words(days):
    return jalali_date(timezone.localdate() + timedelta(days=days))


def reset_of(person):
    TOTPDevice.objects.get_or_create(user=person, defaults={"name": "authenticator"})
    return reverse("second-factor:reset", args=[person.pk])
