"""The calendar of the desk in the admin: holidays by Jalali year, weekly hours, closures.

With Wagtail's own views, since none of it is a secret."""

from itertools import groupby

import jdatetime
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from servicedesk.models import Closure, DeskSettings, Holiday, WeeklyHours
from servicedesk.models.weekly_hours import WEEKDAYS
from servicedesk.persian import ascii_digits, in_language, jalali, jalali_date, jalali_long

MOST_SHOWN = 100


class DeskSettingsPolicy(ModelPermissionPolicy):
    """Whoever may change the settings of the desk may do everything with these."""

    def __init__(self, model):
        super().__init__(model, auth_model=DeskSettings)

    def user_has_permission(self, user, action):
        return super().user_has_permission(user, "change")

    def users_with_any_permission(self, actions):
        return super().users_with_any_permission(["change"])


for _model in (Holiday, WeeklyHours, Closure):
    register_permission_policy(_model, DeskSettingsPolicy(_model))


class CalendarViewSet(ModelViewSet):
    copy_view_enabled = False
    list_per_page = MOST_SHOWN

    def get_permissions_to_register(self):
        """No rights of their own, so none to be given to a group."""
        return Permission.objects.none()


def _office(row):
    return row.unit or _("The whole organisation")


# --- Holidays --------------------------------------------------------------------------------------------------------


class HolidayIndexView(generic.IndexView):
    """One Jalali year at a time, this year first."""

    template_name = "servicedesk/staff/holidays.html"

    @cached_property
    def years(self):
        """The Jalali years of the table, and this one."""
        ends = Holiday.objects.order_by("date").values_list("date", flat=True)
        years = {jalali(timezone.localdate()).year}
        if ends:
            years.update(range(jalali(ends[0]).year, jalali(ends[len(ends) - 1]).year + 1))
        return sorted(years)

    @cached_property
    def year(self):
        """The one that is asked for; this year, where the table has no such year."""
        asked = ascii_digits(self.request.GET.get("year", ""))
        this_year = jalali(timezone.localdate()).year
        return next((year for year in self.years if str(year) == asked), this_year)

    def get_base_queryset(self):
        first = jdatetime.date(self.year, 1, 1).togregorian()
        end = jdatetime.date(self.year + 1, 1, 1).togregorian()
        return Holiday.objects.filter(date__gte=first, date__lt=end)

    def get_context_data(self, *args, **kwargs):
        return {**super().get_context_data(*args, **kwargs), "year": self.year, "years": self.years}


class HolidayDeleteView(generic.DeleteView):
    """What somebody takes out of the list stays out."""

    @property
    def confirmation_message(self):
        return _("This day becomes a working day, also when the official list is read again. Letters keep their dates.")

    def delete_action(self):
        with transaction.atomic():
            log(instance=self.object, action="wagtail.delete", user=self.request.user, deleted=True)
            self.object.remove()


def _certainty(holiday):
    return format_html('<span class="desk-mark">{}</span>', _("estimated")) if holiday.is_estimated else _("certain")


class HolidayViewSet(CalendarViewSet):
    model = Holiday
    name = "holidays"
    icon = "calendar-alt"
    menu_label = gettext_lazy("Holidays")
    index_view_class = HolidayIndexView
    delete_view_class = HolidayDeleteView
    list_display = [
        "name",
        Column("day", label=gettext_lazy("Day"), accessor=lambda holiday: jalali_long(holiday.date), sort_key="date"),
        Column(
            "certainty",
            label=gettext_lazy("Certainty"),
            accessor=_certainty,
        ),
        Column("origin", label=gettext_lazy("source"), accessor="get_source_display"),
    ]


# --- Weekly hours ----------------------------------------------------------------------------------------------------


def week_in_words(hours):
    """«شنبه تا چهارشنبه ۷:۳۰ تا ۱۴:۳۰»: days that follow each other with the same hours are told together."""
    parts = []
    for opened, days in groupby(zip(hours.days, WEEKDAYS, strict=True), key=lambda pair: pair[0]):
        names = [str(label) for _hours, (_name, label) in days]
        if opened:
            span = names[0] if len(names) == 1 else _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
            clock = _("%(opens)s to %(closes)s") % {"opens": _clock(opened.opens), "closes": _clock(opened.closes)}
            parts.append(f"{span} {clock}")
    return _(", ").join(parts)


def _clock(moment):
    return in_language(f"{moment.hour}:{moment.minute:02d}")


class WeeklyHoursIndexView(generic.IndexView):
    def get_base_queryset(self):
        """Each with ``is_replaced``: whether other hours of the same office, which began later, hold today."""
        today = timezone.localdate()
        others = WeeklyHours.objects.annotate(office=Coalesce("unit", 0)).filter(
            Q(last_day=None) | Q(last_day__gte=today),
            office=OuterRef("office"),
            first_day__gt=OuterRef("first_day"),
            first_day__lte=today,
        )
        rows = WeeklyHours.objects.select_related("unit").annotate(office=Coalesce("unit", 0))
        return rows.annotate(is_replaced=Exists(others))


def _state(hours):
    today = timezone.localdate()
    if hours.first_day > today:
        return _("not yet")
    if hours.is_replaced or (hours.last_day and hours.last_day < today):
        return _("not any more")
    return _("now")


class WeeklyHoursViewSet(CalendarViewSet):
    model = WeeklyHours
    name = "weekly-hours"
    icon = "time"
    menu_label = gettext_lazy("Weekly hours")
    copy_view_enabled = True
    index_view_class = WeeklyHoursIndexView
    list_display = [
        "__str__",
        Column(
            "last_day",
            label=gettext_lazy("holds until"),
            accessor=lambda hours: jalali_date(hours.last_day) if hours.last_day else "–",
        ),
        Column("state", label=gettext_lazy("Holds"), accessor=_state),
        Column("week", label=gettext_lazy("Hours of the week"), accessor=week_in_words),
    ]


# --- Closures --------------------------------------------------------------------------------------------------------


class ClosureIndexView(generic.IndexView):
    def get_base_queryset(self):
        return Closure.objects.select_related("unit")


class ClosureViewSet(CalendarViewSet):
    model = Closure
    name = "closures"
    icon = "cross"
    menu_label = gettext_lazy("Closures")
    index_view_class = ClosureIndexView
    list_display = [
        "reason",
        Column("office", label=gettext_lazy("unit"), accessor=_office),
        Column("first_day", label=gettext_lazy("first day"), accessor=lambda closure: jalali_long(closure.first_day)),
        Column("last_day", label=gettext_lazy("last day"), accessor=lambda closure: jalali_long(closure.last_day)),
    ]


class CalendarGroup(ViewSetGroup):
    """«تقویم کاری» in the menu."""

    items = (HolidayViewSet, WeeklyHoursViewSet, ClosureViewSet)
    menu_label = gettext_lazy("Working calendar")
    menu_name = "working-calendar"
    menu_icon = "calendar-alt"
    menu_order = 62
