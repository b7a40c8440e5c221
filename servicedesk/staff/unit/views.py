"""/admin/desk/unit/…: the units that one manages, one of them, and one of its people."""

from django import forms
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from servicedesk import persian
from servicedesk.models import DeskSettings, NumberingRule, StandIn, Unit, User
from servicedesk.models.leading import OnlyHead, OwnRole
from servicedesk.persian import in_language
from servicedesk.roles import Role
from servicedesk.staff.own_desk import OwnDesk
from servicedesk.staff.unit.acts import UnitPage
from servicedesk.staff.unit.forms import AddForm, ApprovalForm, NumberingForm, RoleForm, StandInForm
from servicedesk.staff.unit.people import members_of, without_mail
from servicedesk.staff.unit.who import led_units, may_reset, numbers_all

EVENTS_A_PAGE = 20


@require_safe
def units(request):
    """The units that one leads; for the registry and superusers all of them."""
    rights = OwnDesk.of(request).rights
    found, title = Unit.objects.order_by("sort_key"), _("Units and their numbers")
    if not numbers_all(rights):
        found, title = found.filter(pk__in=led_units(rights)), _("My units")
    if not found:
        raise Http404
    context = {
        "units": found,
        "header_title": title,
        "header_icon": "group",
        "breadcrumbs_items": [{"url": "", "label": title}],
    }
    return render(request, "servicedesk/staff/unit/units.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unit(request, pk):
    return _Unit(request, pk).respond()


@require_http_methods(["GET", "HEAD", "POST"])
def member(request, pk, member):
    return _Member(request, pk, member).respond()


class _Unit(UnitPage):
    """The unit itself: its people, its settings, what happened. For the registry only how it is numbered."""

    acts = {"add": "add", "approval": "set_approval", "number": "set_numbering", "number-no-more": "end_numbering"}

    def is_open(self):
        return self.leads or self.numbers

    def add(self):
        self._require_lead()
        form = AddForm(self.request.POST, unit=self.unit, by=self.request.user)
        if form.is_valid():
            person = form.cleaned_data["who"]
            self.leading.add(person, form.cleaned_data["role"])
            return form, _("%(name)s is a member of the unit now.") % {"name": person.display_name}
        return form, None

    def set_approval(self):
        self._require_lead()
        form = ApprovalForm(self.request.POST, unit=self.unit)
        form.full_clean()
        self.leading.ask_for_approval(form.cleaned_data["needs_approval"])
        return form, _("The settings of the unit are saved.")

    def set_numbering(self):
        form = NumberingForm(self.request.POST, rule=self._rule() or NumberingRule(unit=self.unit))
        if form.is_valid():
            self.leading.number_by(form.cleaned_data["pattern"], form.cleaned_data["on_arrival"])
        return form, _("The settings of the unit are saved.")

    def end_numbering(self):
        self.leading.number_no_more()
        return None, _("The rule is taken away. The numbers that were given stay.")

    def _require_lead(self):
        if not self.leads:
            raise Http404

    def _rule(self):
        return NumberingRule.objects.filter(unit=self.unit).first()

    def page(self, status):
        rule = self._rule()
        number_form = self.form("number", NumberingForm(rule=rule or NumberingRule(unit=self.unit)))
        year, number = NumberingRule(unit=self.unit).next_place(timezone.now())
        context = {
            "unit": self.unit,
            "failed": next(iter(self.failed.values()), None),
            "leads": self.leads,
            "rule": rule,
            "number_form": number_form,
            "next_year": year,
            "next_number": number,
            "example": (rule or NumberingRule()).filled(year, number) if "number" not in self.failed else "",
            "header_title": self.unit,
            "header_icon": "group",
            "breadcrumbs_items": [
                {"url": reverse("staff:inbox"), "label": _("Staff desk")},
                {"url": "", "label": self.unit},
            ],
        }
        if self.leads:
            context |= self._of_heads()
        return render(self.request, "servicedesk/staff/unit/unit.html", context, status=status)

    def _of_heads(self):
        pages = Paginator(self.unit.events.with_names(), EVENTS_A_PAGE)
        members = members_of(self.unit)
        return {
            "members": members,
            "without_mail": without_mail(members) if DeskSettings.load(self.request).morning_digest else [],
            "add_form": self.form("add", AddForm(unit=self.unit, by=self.request.user)),
            "approval_form": ApprovalForm(unit=self.unit),
            "page_obj": pages.get_page(persian.ascii_digits(self.request.GET.get("page", "1"))),
            "page_anchor": "#trace",
        }


class _Member(UnitPage):
    """One of its people: what he is, who does his part while he is away, his second factor, his leaving."""

    acts = {
        "role": "change_role",
        "stand-in": "let_stand_in",
        "end-stand-in": "end_stand_in",
        "take-out": "take_out",
    }

    def __init__(self, request, pk, member):
        super().__init__(request, pk)
        self.member_pk, self.is_gone = member, False

    def is_open(self):
        if not self.leads:
            return False
        self.members = members_of(self.unit)
        self.member = next((one for one in self.members if one.pk == self.member_pk), None)
        return self.member is not None

    @property
    def person(self):
        return self.member.user

    def change_role(self):
        form = RoleForm(self.request.POST, membership=self.member)
        if form.is_valid():
            role = form.cleaned_data["role"]
            self._try(form, lambda: self.leading.change_role(self.member, role))
        names = {"name": self.person.display_name, "role": self.member.get_role_display()}
        return form, _("%(name)s is %(role)s in this unit now.") % names

    def let_stand_in(self):
        form = self._stand_in_form(self.request.POST)
        if not form.is_valid():
            return form, None
        self.leading.let_stand_in(self.member, **form.cleaned_data)
        names = {"substitute": form.cleaned_data["substitute"].display_name, "person": self.person.display_name}
        return form, _("%(substitute)s stands in for %(person)s in these days.") % names

    def end_stand_in(self):
        number = persian.only_digits(self.request.POST.get("stand_in", ""))
        found = StandIn.objects.filter(membership=self.member, pk=int(number) if number.isdecimal() else None)
        stand_in = found.select_related("substitute", "membership__user").first()
        if stand_in:
            self.leading.end_stand_in(stand_in)
        return None, _("The standing in is ended.")

    def take_out(self):
        form = forms.Form({})
        letters = self._try(form, lambda: self.leading.take_out(self.member))
        if form.errors:
            return form, None
        self.is_gone = True
        names = {"name": self.person.display_name, "letters": in_language(letters)}
        if not letters:
            return form, _("%(name)s is no longer a member of the unit.") % names
        return form, ngettext(
            "%(name)s is no longer a member of the unit; %(letters)s letter is nobody's now.",
            "%(name)s is no longer a member of the unit; %(letters)s letters are nobody's now.",
            letters,
        ) % names

    def _try(self, form, act):
        try:
            return act()
        except (OnlyHead, OwnRole) as refusal:
            form.full_clean()
            form.add_error(None, self._in_words(type(refusal)))

    def _in_words(self, refusal):
        if refusal is OwnRole:
            return _("You stand in for the head. What you are yourself a head has to change.")
        if self.person == self.request.user:
            return _("You are the only head of this unit. Make a colleague the head first.")
        names = {"name": self.person.display_name}
        return _("%(name)s is the only head of this unit. Make a colleague the head first.") % names

    def _stand_in_form(self, data=None):
        """Nobody stands in for himself; and who leads for a time does not give himself more of it."""
        people = [one.user_id for one in self.members if one != self.member and one.user.is_active]
        led = {one.user_id for one in self.members if one.role == Role.HEAD}
        me = self.request.user
        if me.pk not in led and not me.is_superuser:
            people = [pk for pk in people if pk != me.pk]
        colleagues = User.objects.filter(pk__in=people).order_by("last_name", "first_name", "username")
        return StandInForm(data, membership=self.member, colleagues=colleagues)

    def way_on(self):
        if self.is_gone or super().way_on() != reverse("staff:unit", args=[self.unit.pk]):
            return super().way_on()
        return reverse("staff:unit-member", args=[self.unit.pk, self.member.pk])

    def page(self, status):
        context = {
            "unit": self.unit,
            "member": self.member,
            "person": self.person,
            "failed": next(iter(self.failed.values()), None),
            "role_form": self.form("role", RoleForm(membership=self.member)),
            "stand_in_form": self.form("stand-in", self._stand_in_form()),
            "has_colleagues": len(self.members) > 1,
            "may_reset": may_reset(self.request.user, self.person),
            "is_only_head": self.leading.is_only_head(self.member),
            "header_title": self.person.display_name,
            "header_icon": "user",
            "breadcrumbs_items": [
                {"url": reverse("staff:inbox"), "label": _("Staff desk")},
                {"url": reverse("staff:unit", args=[self.unit.pk]), "label": self.unit},
                {"url": "", "label": self.person.display_name},
            ],
        }
        return render(self.request, "servicedesk/staff/unit/member.html", context, status=status)
