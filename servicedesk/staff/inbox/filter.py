"""What the address of the inbox may ask for. A value that does not exist is an error and never «no filter»."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.forms.models import ModelChoiceIteratorValue
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from servicedesk.fields.jalali_date import JalaliDateField
from servicedesk.forms import UnitSelect
from servicedesk.models import Attachment, Letter, User
from servicedesk.models.opinion import LetterCopy, Opinion
from servicedesk.staff.answer_filter import ServiceFilter
from servicedesk.staff.inbox.matters import OPINION, matters_of
from servicedesk.staff.inbox.pages import read_place
from servicedesk.staff.inbox.tabs import OPEN_TAB, SHOWN_TAB, TABS
from servicedesk.staff.search import ids_found_by
from servicedesk.workflow import Status

# «منتظر شما» is said to citizens; a clerk waits for them.
STATUS_WORDS = dict(Status.choices) | {Status.WAITING: gettext_lazy("Waiting for the citizen")}
NOBODY, ME = "nobody", "me"
OLDEST_DAY = datetime.date(2000, 1, 1)
_NARROWING = ("unit", "status", "q", "service", "assignee", "since", "until", "files", "matter")


def day_in_one_box(label):
    """The field of a Jalali day that is not to come."""
    today = timezone.localdate()
    field = JalaliDateField(label=label, required=False, earliest=OLDEST_DAY, latest=today)
    # In one box: lists beside it would fill the page.
    field.widget = forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr", "inputmode": "numeric"})
    return field


class InboxFilter(ServiceFilter):
    tab = forms.CharField(required=False)
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), widget=UnitSelect, required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("With"), required=False)
    files = forms.ChoiceField(label=gettext_lazy("File"), required=False)
    matter = forms.ChoiceField(label=gettext_lazy("To be seen to"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Code, official number, name, subject, mobile number or answer"),
        required=False,
        # An address off a slip may be longer than any words.
        max_length=200,
        widget=forms.TextInput(attrs={"data-desk-key": "/"}),
    )
    # Where the page begins or ends; see pages.py.
    after = forms.CharField(required=False)
    before = forms.CharField(required=False)

    def __init__(self, data, *, desk):
        """``desk``: the OwnDesk of whoever asks."""
        super().__init__(data)
        self.desk = desk
        self.tabs = TABS if desk.sees_all else TABS | {SHOWN_TAB.name: SHOWN_TAB}
        units = [(ModelChoiceIteratorValue(unit.pk, unit), str(unit)) for unit in desk.units]
        self._offer("unit", _("All units"), units, _("There is no such unit among yours."))
        self.fields["since"] = day_in_one_box(pgettext_lazy("sent since a day", "Sent since"))
        self.fields["until"] = day_in_one_box(pgettext_lazy("sent until a day", "Sent until"))
        self._offer("status", _("All statuses"), STATUS_WORDS.items(), _("There is no such status."))
        files = [("yes", _("With a file")), ("no", _("Without a file"))]
        self._offer("files", _("With or without"), files, _("There is no such choice."))
        self.matters = matters_of(desk)
        matters = [(matter.name, matter.label) for matter in self.matters.values()]
        self._offer("matter", _("Anything"), matters, _("There is no such choice."))
        people = [(ME, _("Me")), (NOBODY, _("Nobody yet")), *self._colleagues()]
        self._offer("assignee", _("Anybody"), people, _("There is no such person in your units."))
        self.take_services(self.in_hand())

    def _offer(self, name, all_of_them, choices, refusal):
        self.fields[name].choices = [("", all_of_them), *choices]
        self.fields[name].error_messages["invalid_choice"] = refusal

    def _colleagues(self):
        people = User.objects.filter(is_active=True, mobile=None).exclude(pk=self.desk.user.pk)
        people = people.filter(memberships__unit__in=[unit.pk for unit in self.desk.units]).distinct()
        return [(str(one.pk), one.display_name) for one in people.order_by("last_name", "first_name", "username")]

    def clean_tab(self):
        name = self.cleaned_data["tab"] or OPEN_TAB
        if name not in self.tabs:
            raise ValidationError(_("There is no such tab."))
        return name

    def clean_unit(self):
        """The Unit, or None."""
        return next((unit for unit in self.desk.units if str(unit.pk) == self.cleaned_data["unit"]), None)

    def clean(self):
        data = super().clean()
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("The last day lies before the first one."))
        for name in ("after", "before"):
            if data.get(name):
                try:
                    data[name] = read_place(data[name], self.shown_tab.order)
                except ValidationError as error:
                    self.add_error(name, error)
        return data

    @property
    def shown_tab(self):
        """The Tab that the address names."""
        return self.tabs[self.cleaned_data.get("tab") or OPEN_TAB]

    @property
    def is_narrowing(self):
        """Whether the address asks for less than all letters of a tab."""
        return any(self.data.get(name) for name in _NARROWING) or bool(self.asked_names())

    @property
    def uses_more(self):
        """Whether one of the filters is in use that are folded away."""
        return any(self.data.get(name) for name in ("status", "since", "until", "files", "matter"))

    def narrowed_by(self):
        """What a valid address narrows by, in words: never what was typed, which may name people."""
        data = self.cleaned_data
        usual = [str(data["unit"])] if data["unit"] else []
        usual += [str(STATUS_WORDS[Status(data["status"])])] if data["status"] else []
        usual += [_("search words")] if data["q"] else []
        others = ("assignee", "since", "until", "files", "matter")
        usual += [str(self.fields[name].label) for name in others if data[name]]
        return [*usual, *(one.label for one in self.filters if one.is_used(data))]

    def in_hand(self):
        """The letters in one's own hands."""
        return self.desk.letters

    def shown(self):
        """The letters of other units that one's own were asked about or got a copy of."""
        given = (model.objects.filter(unit__in=self.desk.unit_ids).values("letter") for model in (Opinion, LetterCopy))
        letters = Letter.objects.live()
        # One unit of mine may have asked another one of mine.
        if self.cleaned_data["matter"] != OPINION:
            letters = letters.exclude(unit__in=self.desk.unit_ids)
        return letters.filter(Q(*(Q(pk__in=one) for one in given), _connector=Q.OR))

    def in_tab(self, tab):
        """The letters of a tab that all filters let through."""
        letters = self.shown() if tab is SHOWN_TAB else self.in_hand()
        return self.apply(letters.filter(tab.where(self.desk.user)))

    def apply(self, letters):
        """Those of ``letters`` that all filters but the tab let through."""
        data = self.cleaned_data
        plain = {
            "unit": data["unit"],
            "status": data["status"],
            "submitted_at__gte": data["since"] and _begin_of(data["since"]),
            "submitted_at__lt": data["until"] and _begin_of(data["until"] + datetime.timedelta(days=1)),
        }
        letters = letters.filter(**{name: value for name, value in plain.items() if value})
        if data["assignee"]:
            people = {ME: self.desk.user.pk, NOBODY: None}
            letters = letters.filter(assignee=people.get(data["assignee"], data["assignee"]))
        if data["files"]:
            has_file = Exists(Attachment.objects.filter(letter=OuterRef("pk"), reply=None))
            letters = letters.filter(has_file if data["files"] == "yes" else ~has_file)
        if data["matter"]:
            letters = letters.filter(self.matters[data["matter"]].where(self.desk))
        letters = self.narrowed(letters)
        return letters if self._found is None else letters.filter(pk__in=self._found)

    @cached_property
    def _found(self):
        """What the search found, for all tabs; see ids_found_by."""
        return ids_found_by(self.cleaned_data["q"])


def _begin_of(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
