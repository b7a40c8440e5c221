"""Handing a letter on: to a unit, a person, for information, for an opinion, to its service; notes and its number."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicedesk import persian
from servicedesk.fields.jalali_date import JalaliDateField
from servicedesk.fields.text import LineField, ParagraphField
from servicedesk.models import NumberingRule, Opinion, ServicePage, Unit, User
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.numbering import LONGEST_NUMBER
from servicedesk.roles import Act
from servicedesk.staff.verbs.form import CAME_INCOMPLETE, LONGEST_REMARK, VerbForm, unit_field


def other_units(letter):
    """Those that a letter may go to from its own."""
    return Unit.objects.receiving().exclude(pk=letter.unit_id)


class ForwardForm(VerbForm):
    name, act, icon = "forward", Act.HAND_ON, "forwarded"
    shortcut = "f"
    title, button = gettext_lazy("Forward to another unit"), gettext_lazy("Forward")
    hint = gettext_lazy(
        "The citizen sees in the timeline which unit has the letter now; the reason stays inside. No SMS is sent."
    )
    reason = ParagraphField(
        label=gettext_lazy("Reason, for colleagues only"),
        longest=LONGEST_REMARK,
        rows=3,
        error_messages={"required": gettext_lazy("Say in a few words why the letter belongs there.")},
    )

    def prepare(self):
        self.fields["unit"] = unit_field(other_units(self.letter), label=gettext_lazy("Forward to"))
        self.order_fields(["form_key", "unit", "reason"])

    @classmethod
    def said(cls, event):
        names = {"reference": persian.in_language(event.letter.reference), "unit": event.unit}
        return _("The letter %(reference)s went to %(unit)s.") % names

    def send(self, letter, by):
        data = self.cleaned_data
        return letter.forward(by=by, to=data["unit"], reason=data["reason"], form_key=self.key)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.display_name


class AssignForm(VerbForm):
    """To a person, or, left empty, to nobody."""

    name, act, icon = "assign", Act.HAND_ON, "person"
    shortcut = "a"
    title, button = gettext_lazy("Give it to a person"), gettext_lazy("Give it")

    def prepare(self):
        self.fields["person"] = PersonField(
            User.objects.answering_in([self.letter.unit_id]),
            label=gettext_lazy("Who sees to it"),
            required=False,
            empty_label=gettext_lazy("Nobody yet"),
            error_messages={"invalid_choice": gettext_lazy("This person is not in the unit. Choose another one.")},
            initial=self.letter.assignee_id,
        )

    @classmethod
    def said(cls, event):
        if event is None:
            return _("It was so already.")
        if event.kind == EventKind.RELEASED:
            return _("The letter is nobody's now.")
        return _("The letter is with %(person)s now.") % {"person": event.person.display_name}

    def send(self, letter, by):
        return letter.assign(by=by, to=self.cleaned_data["person"], form_key=self.key)


class TakeForm(VerbForm):
    """One click: it is mine."""

    name, act, panel = "take", Act.HAND_ON, "head"

    @classmethod
    def said(cls, event):
        return _("The letter is yours now.")

    def send(self, letter, by):
        return letter.assign(by=by, to=by, form_key=self.key)


class NoteForm(VerbForm):
    name, act, icon = "note", Act.NOTE, "letter"
    shortcut = "n"
    title, button = gettext_lazy("Write an internal note"), gettext_lazy("Write the note")
    hint = gettext_lazy("Only colleagues see it; the citizen is told nothing.")
    text = ParagraphField(
        label=gettext_lazy("Note for colleagues"),
        longest=LONGEST_REMARK,
        rows=3,
        error_messages={"required": gettext_lazy("Write the note.")},
    )

    @classmethod
    def is_offered(cls, letter):
        return True

    @classmethod
    def said(cls, event):
        return _("The note is written.")

    def send(self, letter, by):
        return letter.note(by=by, text=self.cleaned_data["text"], form_key=self.key)


class CopyForm(VerbForm):
    name, act, icon = "copy", Act.HAND_ON, "copy"
    title, button = gettext_lazy("Send a copy for information"), gettext_lazy("Send the copy")
    hint = gettext_lazy("The other unit can read the letter from then on; it stays yours.")
    remark = ParagraphField(
        label=gettext_lazy("A word to the colleagues (not required)"),
        longest=LONGEST_REMARK,
        rows=2,
        required=False,
    )

    def prepare(self):
        self.fields["unit"] = unit_field(other_units(self.letter), label=gettext_lazy("Unit that gets the copy"))
        self.order_fields(["form_key", "unit", "remark"])

    @classmethod
    def is_offered(cls, letter):
        return True

    @classmethod
    def said(cls, event):
        if event is None:
            return _("This unit has a copy already.")
        return _("%(unit)s can read the letter now.") % {"unit": event.unit}

    def send(self, letter, by):
        data = self.cleaned_data
        return letter.send_copy(by=by, to=data["unit"], remark=data["remark"], form_key=self.key)


class ConsultForm(VerbForm):
    name, act, icon = "consult", Act.HAND_ON, "info"
    title, button = gettext_lazy("Ask another unit for its opinion"), gettext_lazy("Ask for the opinion")
    hint = gettext_lazy("It can read the letter from then on. The citizen is told nothing, and the letter stays yours.")
    question = ParagraphField(
        label=gettext_lazy("What you want to know"),
        longest=LONGEST_REMARK,
        rows=3,
        error_messages={"required": gettext_lazy("Write what you want to know.")},
    )

    def prepare(self):
        self.fields["unit"] = unit_field(other_units(self.letter), label=gettext_lazy("Unit that is asked"))
        today = timezone.localdate()
        self.fields["day"] = JalaliDateField(
            label=gettext_lazy("By when (not required)"),
            required=False,
            earliest=today,
            latest=today + datetime.timedelta(days=365),
        )
        self.order_fields(["form_key", "unit", "question", "day"])

    def clean_unit(self):
        unit = self.cleaned_data["unit"]
        if Opinion.objects.filter(letter=self.letter, unit=unit, given_at=None).exists():
            raise ValidationError(_("This unit was asked already and has not answered yet."))
        return unit

    @classmethod
    def said(cls, event):
        return _("%(unit)s was asked for its opinion.") % {"unit": event.unit}

    def send(self, letter, by):
        data = self.cleaned_data
        details = {"unit": data["unit"], "question": data["question"], "due_on": data["day"]}
        return letter.consult(by=by, form_key=self.key, **details)


class AdviseForm(VerbForm):
    """The opinion, by somebody of the unit that was asked."""

    name, act, panel = "advise", Act.NOTE, "opinions"
    opinion = forms.ModelChoiceField(
        Opinion.objects.none(),
        widget=forms.HiddenInput,
        error_messages={
            "required": CAME_INCOMPLETE,
            "invalid_choice": gettext_lazy("This opinion was given meanwhile, or another unit was asked for it."),
        },
    )
    text = ParagraphField(
        label=gettext_lazy("Your unit's opinion, for colleagues only"),
        longest=LONGEST_REMARK,
        rows=4,
        error_messages={"required": gettext_lazy("Write the opinion.")},
    )

    def prepare(self):
        asked, units = self.letter.opinions.filter(given_at=None), self.rights.units_spoken_for()
        self.fields["opinion"].queryset = asked if units is None else asked.filter(unit__in=units)

    @classmethod
    def is_offered(cls, letter):
        return True

    @classmethod
    def said(cls, event):
        return _("Your opinion stands with the letter now.")

    def send(self, letter, by):
        data = self.cleaned_data
        return letter.advise(by=by, opinion=data["opinion"], text=data["text"], form_key=self.key)


class ServiceForm(VerbForm):
    """To which service the letter belongs, as it counts."""

    name, act, icon = "service", Act.HAND_ON, "refresh"
    title, button = gettext_lazy("Correct the service"), gettext_lazy("Correct it")
    hint = gettext_lazy("What the citizen saw and was promised stays; the letter counts with the other service.")

    def prepare(self):
        pages = ServicePage.objects.filter(locale__language_code=self.letter.language).exclude(
            pk=self.letter.service_id
        )
        self.fields["service"] = forms.ModelChoiceField(
            pages.order_by("title"),
            label=gettext_lazy("The right service"),
            empty_label=gettext_lazy("Choose a service"),
            error_messages={
                "required": gettext_lazy("Choose the service."),
                "invalid_choice": gettext_lazy("There is no such service. Choose another one."),
            },
        )

    @classmethod
    def said(cls, event):
        return _("The letter counts with the other service now.")

    def send(self, letter, by):
        return letter.correct_service(by=by, service=self.cleaned_data["service"], form_key=self.key)


class NumberForm(VerbForm):
    """The official number: the next one of the unit's rule, or as it stands in a book on paper."""

    name, act, icon = "number", Act.NUMBER, "letter"
    title, button = gettext_lazy("Official number"), gettext_lazy("Give the number")

    def prepare(self):
        self.rule = NumberingRule.objects.filter(unit=self.letter.unit_id).first()
        by_rule = self.rule is not None and not self.letter.official_number
        self.fields["official_number"] = LineField(
            label=gettext_lazy("Official number"),
            longest=LONGEST_NUMBER,
            required=not by_rule,
            help_text=gettext_lazy("Left empty, it gets the next number of the unit.") if by_rule else "",
            initial=self.letter.official_number,
            error_messages={"required": gettext_lazy("Write the number.")},
        )
        self.by_rule = by_rule

    def clean_official_number(self):
        return persian.ascii_digits(self.cleaned_data["official_number"])

    @classmethod
    def is_offered(cls, letter):
        return True

    @classmethod
    def said(cls, event):
        if event is None:
            return _("The letter has a number already.")
        return _("The letter has the number %(number)s now.") % {"number": persian.in_language(event.message)}

    def send(self, letter, by):
        typed = self.cleaned_data["official_number"]
        given = {"official_number": typed} if typed else {"rule": self.rule}
        return letter.number(by=by, form_key=self.key, **given)
