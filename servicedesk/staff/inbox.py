"""The inbox: the letters of one's units, what is open first and of that the oldest first."""

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from servicedesk import persian
from servicedesk.forms import UnitSelect
from servicedesk.models import Letter, LimitHit, LimitReached, Unit
from servicedesk.staff.answer_filter import ServiceFilter
from servicedesk.staff.search import found_by
from servicedesk.staff.second_factor.policy import is_unprotected
from servicedesk.views.security_codes import too_many
from servicedesk.workflow import OPEN, Status

PAGE_SIZE = 25
OPEN_TAB, ANSWERED_TAB, ALL_TAB = "open", "answered", "all"
TABS = {
    OPEN_TAB: gettext_lazy("Open"),
    ANSWERED_TAB: gettext_lazy("Answered"),
    ALL_TAB: gettext_lazy("All"),
}
IN_TAB = {
    OPEN_TAB: Q(status__in=OPEN),
    ANSWERED_TAB: Q(status=Status.ANSWERED),
    ALL_TAB: Q(),
}
ORDER = {
    OPEN_TAB: ("submitted_at", "pk"),
    ANSWERED_TAB: ("-answered_at", "-pk"),
    ALL_TAB: ("-submitted_at", "-pk"),
}
# «منتظر شما» is said to citizens; a clerk waits for them.
STATUS_WORDS = dict(Status.choices) | {Status.WAITING: gettext_lazy("Waiting for the citizen")}


class InboxFilter(ServiceFilter):
    """What the address may ask for. A value that does not exist is an error and never "no filter"."""

    tab = forms.ChoiceField(choices=TABS.items(), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Unit"),
        widget=UnitSelect,
        required=False,
        empty_label=gettext_lazy("All units"),
        error_messages={"invalid_choice": gettext_lazy("There is no such unit among yours.")},
    )
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Code, name, subject, mobile number or answer"), required=False, max_length=100
    )

    def __init__(self, data, *, units, letters):
        super().__init__(data)
        self.fields["unit"].queryset = units
        self.fields["status"].choices = [("", _("All statuses")), *STATUS_WORDS.items()]
        self.fields["status"].error_messages["invalid_choice"] = _("There is no such status.")
        self.fields["tab"].error_messages["invalid_choice"] = _("There is no such tab.")
        self.take_services(letters)

    @property
    def is_narrowing(self):
        """Whether the address asks for less than all letters of a tab."""
        return any(self.data.get(name) for name in ("unit", "status", "q", "service")) or bool(self.asked_names())

    def narrowed_by(self):
        """What a valid address narrows by, in words: never what was typed, which may name people."""
        data = self.cleaned_data
        usual = [str(data["unit"])] if data["unit"] else []
        usual += [str(STATUS_WORDS[Status(data["status"])])] if data["status"] else []
        usual += [_("search words")] if data["q"] else []
        return [*usual, *(one.label for one in self.filters if one.is_used(data))]

    @property
    def is_searching(self):
        """Whether texts have to be read to answer it."""
        return bool(self.cleaned_data["q"] or self.asked_names())

    def apply(self, letters):
        """Those of ``letters`` that all filters but the tab let through."""
        data = self.cleaned_data
        if data["unit"]:
            letters = letters.filter(unit=data["unit"])
        if data["status"]:
            letters = letters.filter(status=data["status"])
        return found_by(self.narrowed(letters), data["q"])


def units_of(user):
    """The units whose letters this person sees."""
    return Unit.objects.all() if user.is_superuser else Unit.objects.of(user)


@require_safe
def inbox(request):
    """/admin/desk/: tabs, filters and pages, all in the address."""
    return inbox_page(request, filter_of(request))


def filter_of(request):
    """The InboxFilter of an address, for its reader."""
    letters = Letter.objects.visible_to(request.user)
    return InboxFilter(request.GET, units=units_of(request.user), letters=letters)


def inbox_page(request, form):
    """The list, or 400 and what is wrong with the address. ``form`` is its InboxFilter."""
    asked_rightly = form.is_valid()
    if asked_rightly and form.is_searching:
        try:
            LimitHit.take_for_reading(("search-by-staff", request.user.pk))
        except LimitReached as reached:
            return too_many(request, reached)
    tab = form.cleaned_data.get("tab") or OPEN_TAB
    letters = Letter.objects.visible_to(request.user)
    letters = form.apply(letters) if asked_rightly else letters.none()
    counts = letters.aggregate(**{name: Count("pk", filter=condition) for name, condition in IN_TAB.items()})
    rows = letters.filter(IN_TAB[tab]).select_related("unit").order_by(*ORDER[tab])
    paginator = Paginator(rows, PAGE_SIZE)
    paginator.count = counts[tab]  # counted just above
    page = paginator.get_page(persian.ascii_digits(request.GET.get("page", "1")))
    context = {
        "form": form,
        "filtered": form.is_narrowing,
        "filtered_by_answers": bool(form.asked_names()),
        "tab": tab,
        "tabs": [{"name": name, "label": label, "count": counts[name]} for name, label in TABS.items()],
        "page_obj": page,
        "letters": [with_words(letter) for letter in page.object_list],
        "export_csv": f"{reverse('staff:export-csv')}?{request.GET.urlencode()}",
        "export_xlsx": f"{reverse('staff:export-xlsx')}?{request.GET.urlencode()}",
        "units": list(units_of(request.user)),
        "asks_for_second_factor": is_unprotected(request.user),
        "header_title": _("Staff desk"),
        "header_icon": "mail",
        "breadcrumbs_items": [{"url": "", "label": _("Staff desk")}],
    }
    return render(request, "servicedesk/staff/inbox.html", context, status=200 if asked_rightly else 400)


def with_words(letter):
    """The letter with what a row says of it: ``age`` and ``status_words``."""
    letter.age = age_in_words(letter.submitted_at)
    letter.status_words = STATUS_WORDS[Status(letter.status)]
    return letter


def age_in_words(moment):
    """«امروز», «۳ روز»: whole days of the calendar here."""
    days = (timezone.localdate() - timezone.localdate(moment)).days
    if days < 1:
        return _("today")
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": persian.in_language(days)}
