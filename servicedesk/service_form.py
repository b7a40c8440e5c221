"""The form of a service's letter, built from the version that its citizen sees.

It always holds what was typed so far, in all steps, and is judged only when that is asked for: so it shows half of a
letter, one step, or all of it before sending, by the same rules. Files are taken by views/uploading.py, which needs the
store; the form knows which are kept.
"""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from servicedesk.fields.text import LineField
from servicedesk.forms import FOUND_IN_FILE, FileSlot, UnitChoiceField
from servicedesk.models.answer import Answer
from servicedesk.models.unit import Unit
from servicedesk.models.verbs.arriving import LetterContent
from servicedesk.questions.conditions import UNREADABLE
from servicedesk.questions.register import type_of

NO_NAME, NO_SUBJECT = _("Enter your full name."), _("Say in a few words what your letter is about.")
NO_BODY_FILE = _("Choose the file of your letter.")
NO_FILE = _("Choose the file for this question.")
# What is typed into the usual fields, and where each stands.
ON_FIRST_STEP, ON_LAST_STEP = ("sender_name", "subject", "unit"), ("body_file",)
HIDDEN = ("form_key", "owner", "version")


def routes_to_units(routes):
    """[(condition, Unit)] of an outline's routes; none where some letter would find no unit, or one that receives none
    any more: the citizen then chooses, as in any other form, until an editor has mended it."""
    units = Unit.objects.receiving().in_bulk({route.unit for route in routes}) if routes else {}
    if not routes or routes[-1].condition or any(route.unit not in units for route in routes):
        return []
    return [(route.condition, units[route.unit]) for route in routes]


class ServiceForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    owner = forms.CharField(widget=forms.HiddenInput, required=False)  # Whose form it is: see views/late_posts.py.
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, typed, *, service, version, desk, kept=(), **options):
        """``typed``: {field name: [what was typed]}; ``version``: the FormVersion; ``desk``: the DeskSettings;
        ``kept``: the accepted Attachments of this form, newest first."""
        data = QueryDict(mutable=True)
        for name, values in typed.items():
            data.setlist(name, values)
        data["version"] = version.key
        super().__init__(data, **options)
        self.service, self.desk, self.outline = service, desk, version.outline
        self.form_version, self.kept = version, list(kept)
        self.answers, self.asked, self.seen = {}, set(), {}
        self.routes = routes_to_units(self.outline.routes)
        self._add_usual_fields()
        if "unit" in self.fields and "unit" not in typed and len(units := self.fields["unit"].units) == 1:
            # Nothing is left to choose. Who chose another, which is off now, is told.
            data["unit"] = str(units[0].pk)
        for question in self.outline.asked:
            self.fields[question.field_name] = type_of(question).form_field(question)
        # As they stand on the page, so that errors are named in that order.
        self.order_fields([name for name in self.fields if name not in ON_LAST_STEP])

    def _add_usual_fields(self):
        usual, length = self.outline.standard, self.desk.text_length
        makers = {
            "sender_name": lambda: LineField(longest=length, error_messages=self._missed("sender_name", NO_NAME)),
            "subject": lambda: LineField(longest=length, error_messages=self._missed("subject", NO_SUBJECT)),
            "unit": lambda: UnitChoiceField(
                self.service.receiving_units(),
                error_messages={
                    "required": _("Choose the unit that your letter goes to."),
                    "invalid_choice": _("This unit no longer receives letters. Choose another one."),
                },
            ),
            "body_file": lambda: forms.FileField(allow_empty_file=True),
        }
        for name, make in makers.items():
            if usual[name].asked == "none" or (name == "unit" and self.routes):
                continue
            self.fields[name] = field = make()
            field.label, field.required = usual[name].label, usual[name].asked == "required"
        for name, autocomplete in (("sender_name", "name"), ("subject", "off")):
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = autocomplete

    def _missed(self, name, sentence):
        """What is said of a usual field that was left empty. One that is called otherwise may ask for something else,
        and is missed in the words of any other question."""
        return {} if name in self.form_version.own_labels else {"required": sentence}

    # --- Judging ----------------------------------------------------------------------------------

    def _clean_fields(self):
        """From the top down: what a condition hides is not looked at, whatever was typed into it."""
        self.answers, self.asked, self.seen = {}, set(), {}
        for name in (*HIDDEN, *ON_FIRST_STEP):
            if name in self.fields:
                self._clean_one(name)
        for question in self.outline.questions:
            if self.outline.is_shown(question, self.seen):
                self.asked.add(question.id)
                kind = type_of(question)
                if kind.is_asked and not kind.takes_files:
                    self._take_answer(question, kind)

    def _take_answer(self, question, kind):
        stored = kind.stored(self._clean_one(question.field_name))
        if stored is not None:
            self.answers[question.id] = self.seen[question.id] = stored
            return
        is_typed = question.field_name in self._errors and not self.has_error(question.field_name, "required")
        if is_typed and kind.keeps_typed:
            self.seen[question.id] = UNREADABLE

    def _clean_one(self, name):
        bound = self[name]
        try:
            self.cleaned_data[name] = bound.field._clean_bound_field(bound)
        except forms.ValidationError as error:
            self.add_error(name, error)
        return self.cleaned_data.get(name)

    def judge(self, step=None):
        """Whether this step (counted from 1), or all of them, will do; its errors then stand by their fields."""
        self.is_valid()
        names = self.names_of(step)
        for slot in self.slots(step):
            if slot.field_name not in self._errors and (sentence := self._what_is_wrong_in(slot)):
                self.add_error(slot.field_name, sentence)
        for name in [name for name in self._errors if name not in names and name != "__all__"]:
            del self._errors[name]
        return not self._errors

    def _what_is_wrong_in(self, slot):
        files = self.files_in(slot)
        if any(file.is_removed for file in files):
            return FOUND_IN_FILE
        if slot.is_required and not files:
            return NO_FILE if slot.question or slot.is_renamed else NO_BODY_FILE
        return ""

    def leave_unjudged(self):
        """As it was filled, nothing said about it."""
        self.is_valid()
        self._errors.clear()
        return self

    def refuse_file(self, slot, sentence):
        """Says beside a place for files why a file was not taken."""
        self.add_error(slot.field_name, sentence)

    # --- Its unit -----------------------------------------------------------------------------------

    @property
    def can_start(self):
        """Whether there is a unit for its letter. Only what is offered comes here, so nothing else may be missing."""
        return bool(self.routes or self.fields["unit"].units)

    def unit(self):
        """The unit that the letter goes to: the one that was chosen, or the first whose route fits the answers. None
        where that is not known yet."""
        if not self.routes:
            return self.cleaned_data.get("unit")
        return next((unit for condition, unit in self.routes if condition.holds(self.seen)), None)

    # --- Its steps --------------------------------------------------------------------------------

    @property
    def last_step(self):
        return len(self.outline.steps)

    def names_of(self, step=None):
        """The names of the fields of a step, or of all, that are asked of this citizen."""
        usual = (ON_FIRST_STEP if step in (None, 1) else ()) + (ON_LAST_STEP if step in (None, self.last_step) else ())
        questions = self.outline.questions if step is None else self.outline.steps[step - 1].questions
        names = [*HIDDEN, *usual, *(question.field_name for question in questions if question.id in self.asked)]
        return {name for name in names if name in self.fields}

    def usual_fields(self, step):
        """The bound fields of a step that stand above its questions."""
        return [self[name] for name in ON_FIRST_STEP if name in self.fields] if step == 1 else []

    # --- Files ------------------------------------------------------------------------------------

    def slots(self, step=None):
        """The FileSlots of a step, or of all, that are asked of this citizen."""
        self.is_valid()
        questions = self.outline.questions if step is None else self.outline.steps[step - 1].questions
        found = [
            self.slot_of(question)
            for question in questions
            if question.id in self.asked and type_of(question).takes_files
        ]
        body = self.body_slot(step)
        return [*found, body] if body else found

    def slot_of(self, question):
        kind = type_of(question)
        return FileSlot(question.field_name, question.id, kind.rules(question), kind.most(question), question.required)

    def body_slot(self, step=None):
        """The place for the body file where it stands on this step, or at all; else None."""
        if step not in (None, self.last_step):
            return None
        asked = self.outline.standard["body_file"].asked
        if asked == "none":
            return None
        is_renamed = "body_file" in self.form_version.own_labels
        return FileSlot("body_file", None, self.service.file_rules(self.desk), 1, asked == "required", is_renamed)

    def files_in(self, slot):
        """The kept files of a place, newest first, no more than belong there."""
        mine = [file for file in self.kept if (str(file.question) if file.question else None) == slot.question]
        return mine[: slot.most]

    # --- Sending ----------------------------------------------------------------------------------

    def content(self):
        """The LetterContent of a form that was judged and will do."""
        body = self.body_slot()
        body_files = self.files_in(body) if body else []
        slots = [slot for slot in self.slots() if slot.question]
        return LetterContent(
            sender_name=self.cleaned_data.get("sender_name", ""),
            subject=self.cleaned_data["subject"],
            unit=self.unit(),
            body=body_files[0] if body_files else None,
            version=self.form_version,
            answers=tuple(self._answers_given()),
            files=tuple(file for slot in slots for file in self.files_in(slot)),
        )

    def _answers_given(self):
        asked = (question for question in self.outline.asked if question.id in self.asked)
        for position, question in enumerate(asked):
            kind = type_of(question)
            if kind.takes_files:
                value = kind.stored([file.name for file in self.files_in(self.slot_of(question))])
            else:
                value = self.answers.get(question.id)
            yield Answer.given(question, value, kind.shown(question, value), position)
