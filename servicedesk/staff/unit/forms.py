"""What a head says about his unit."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicedesk import persian
from servicedesk.fields.jalali_date import JalaliDateField
from servicedesk.fields.text import LineField
from servicedesk.models import LimitHit, LimitReached, NumberingRule, User
from servicedesk.models.numbering import LONGEST_NUMBER
from servicedesk.roles import Role
from servicedesk.staff.verbs.handing import PersonField
from servicedesk.waiting import waiting_time

LONGEST_NAME = 254
# How far ahead somebody can be known to be away.
DAYS_AHEAD = 2 * 365


def role_field(**more):
    return forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=Role.choices,
        help_text=gettext_lazy("A reader reads, a clerk answers too, an approver lets answers out, a head manages."),
        error_messages={"invalid_choice": gettext_lazy("There is no such role. Choose another one.")},
        **more,
    )


class AddForm(forms.Form):
    """A colleague who has an account already. He is named exactly, since heads have no list of all staff."""

    who = LineField(
        label=gettext_lazy("User name or e-mail address"),
        longest=LONGEST_NAME,
        help_text=gettext_lazy("Exactly as in the colleague's account. New accounts are made by the administrator."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": gettext_lazy("Write the user name or the e-mail address of the colleague.")},
    )
    role = role_field(initial=Role.CLERK)

    def __init__(self, data=None, *, unit, by):
        super().__init__(data, auto_id="add-%s")
        self.unit, self.by = unit, by

    def clean_who(self):
        typed = self.cleaned_data["who"]
        try:
            LimitHit.take_for_reading(("add-member-by-head", self.by.pk))
        except LimitReached as reached:
            words = _("Too many tries. You can try again in %(wait)s.") % {"wait": waiting_time(reached.retry_after)}
            raise ValidationError(words) from reached
        found = list(User.objects.filter(Q(username=typed) | Q(email__iexact=typed), is_active=True)[:3])
        named = [person for person in found if person.username == typed] or found
        if not named:
            raise ValidationError(_("No colleague has exactly this user name or e-mail address."))
        if len(named) > 1:
            raise ValidationError(_("Several colleagues have this e-mail address. Write the user name instead."))
        if named[0].memberships.filter(unit=self.unit).exists():
            raise ValidationError(_("%(name)s is a member already.") % {"name": named[0].display_name})
        return named[0]


class RoleForm(forms.Form):
    role = role_field()

    def __init__(self, data=None, *, membership):
        super().__init__(data, auto_id="change-%s", initial={"role": membership.role})


class StandInForm(forms.Form):
    """A colleague of the same unit, from one day to another."""

    def __init__(self, data=None, *, membership, colleagues):
        """``colleagues``: the Users who may be chosen."""
        super().__init__(data, auto_id="stand-in-%s")
        today = timezone.localdate()
        days = {"earliest": today, "latest": today + datetime.timedelta(days=DAYS_AHEAD)}
        self.fields["substitute"] = PersonField(
            colleagues,
            label=gettext_lazy("Who stands in"),
            empty_label=gettext_lazy("Choose a colleague"),
            error_messages={
                "required": gettext_lazy("Choose the colleague."),
                "invalid_choice": gettext_lazy("This person is not in the unit. Choose another one."),
            },
        )
        self.fields["first_day"] = JalaliDateField(
            label=gettext_lazy("First day"), error_messages={"required": gettext_lazy("Enter the first day.")}, **days
        )
        self.fields["last_day"] = JalaliDateField(
            label=gettext_lazy("Last day"), error_messages={"required": gettext_lazy("Enter the last day.")}, **days
        )

    def clean(self):
        data = super().clean()
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first one."))
        return data


class ApprovalForm(forms.Form):
    needs_approval = forms.BooleanField(
        label=capfirst(gettext_lazy("answers need approval")),
        required=False,
        help_text=gettext_lazy("On: a clerk's answer waits until an approver or the head of the unit lets it out."),
    )

    def __init__(self, data=None, *, unit):
        super().__init__(data, auto_id="approval-%s", initial={"needs_approval": unit.needs_approval})


class NumberingForm(forms.ModelForm):
    """The pattern says itself what is wrong with it."""

    pattern = LineField(
        label=capfirst(gettext_lazy("pattern")),
        longest=LONGEST_NUMBER - 10,
        help_text=gettext_lazy("{year} and {number} are filled in; what stands around them stays."),
        error_messages={"required": gettext_lazy("Write the pattern, such as {year}/{number}.")},
    )

    class Meta:
        model = NumberingRule
        fields = ["pattern", "on_arrival"]

    def __init__(self, data=None, *, rule):
        super().__init__(data, auto_id="number-%s", instance=rule)

    def clean_pattern(self):
        return persian.ascii_digits(self.cleaned_data["pattern"])
