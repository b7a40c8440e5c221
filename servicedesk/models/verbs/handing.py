"""Into whose hands a letter goes: a unit, a person, a copy, an opinion, the right service; and its number."""

from django.db.models.functions import Now

from servicedesk import workflow
from servicedesk.models.event import Kind as EventKind
from servicedesk.models.letter_words import LetterWords
from servicedesk.models.numbering import NumberTaken
from servicedesk.models.opinion import LetterCopy, Opinion
from servicedesk.models.verbs.verb import verb


class Handing:
    """A part of Letter."""

    @verb
    def forward(self, *, by, to, reason, form_key=None):
        """Hands the letter to another unit, where it is nobody's at first; the reason is for staff only. Gives its
        Event."""
        self._require_open()
        self._set(unit=to, assignee=None)
        return self._tell(EventKind.FORWARDED, by, unit=to, remark=reason, form_key=form_key)

    @verb
    def assign(self, *, by, to, form_key=None):
        """Gives the letter to a person (``to``, a User), or with None to nobody. Gives its Event; None where it is so
        already."""
        self._require_open()
        if self.assignee_id == (to and to.pk):
            return None
        before = self.assignee
        self._set(assignee=to)
        kind = EventKind.ASSIGNED if to else EventKind.RELEASED
        return self._tell(kind, by, unit=self.unit, person=to or before, form_key=form_key)

    @verb
    def note(self, *, by, text, form_key=None):
        """Writes an internal note that no citizen sees. Gives its Event."""
        return self._tell(EventKind.NOTED, by, unit=self.unit, remark=text, form_key=form_key)

    @verb
    def send_copy(self, *, by, to, remark="", form_key=None):
        """Lets another unit read the letter, for information. Gives its Event; None where it has a copy already."""
        _copy, made = LetterCopy.objects.get_or_create(letter=self, unit=to)
        return self._tell(EventKind.COPIED, by, unit=to, remark=remark, form_key=form_key) if made else None

    @verb
    def consult(self, *, by, unit, question, due_on=None, form_key=None):
        """Asks another unit for its opinion, which no citizen sees. Gives its Event. Raises MoveNotAllowed where that
        unit was asked and has not answered."""
        self._require_open()
        if Opinion.objects.filter(letter=self, unit=unit, given_at=None).exists():
            raise workflow.MoveNotAllowed(self.status, self.status)
        Opinion.objects.create(letter=self, unit=unit, asked_by=by, question=question, due_on=due_on)
        return self._tell(EventKind.CONSULTED, by, unit=unit, remark=question, day=due_on, form_key=form_key)

    @verb
    def advise(self, *, by, opinion, text, form_key=None):
        """The opinion that was asked for. Gives its Event. Raises MoveNotAllowed where it was given already."""
        given = Opinion.objects.filter(pk=opinion.pk, letter=self, given_at=None)
        if not given.update(text=text, given_by=by, given_at=Now()):
            raise workflow.MoveNotAllowed(self.status, self.status)
        return self._tell(EventKind.ADVISED, by, unit=opinion.unit, remark=text, form_key=form_key)

    @verb
    def correct_service(self, *, by, service, form_key=None):
        """The letter belongs to another service (a ServicePage): as it counts, not what its citizen saw or was
        promised. Gives its Event; None where it is that one already."""
        if self.service_id == service.pk:
            return None
        self._set(service=service, service_title=service.title)
        return self._tell(EventKind.RESERVICED, by, unit=self.unit, message=service.title, form_key=form_key)

    @verb
    def number(self, *, by, rule=None, official_number="", form_key=None):
        """Gives the letter its official number: the next one of ``rule`` (a NumberingRule), or the one that was typed.
        Gives its Event; None where it has a number and ``rule`` would give one. Raises NumberTaken."""
        if rule:
            if self.official_number:
                return None
            self._take_number(rule)
        else:
            taken = type(self).objects.filter(numbered_by=self.unit_id, official_number=official_number)
            if taken.exclude(pk=self.pk).exists():
                raise NumberTaken
            self._set_number(official_number, self.unit)
        return self._tell(EventKind.NUMBERED, by, unit=self.unit, message=self.official_number, form_key=form_key)

    def _take_number(self, rule):
        """The next number of the rule that nobody wrote by hand before."""
        numbered = type(self).objects.filter(numbered_by=rule.unit_id)
        while True:
            number = rule.next_number(self.submitted_at)
            if not numbered.filter(official_number=number).exists():
                break
        self._set_number(number, rule.unit)

    def _set_number(self, number, unit):
        self._set(official_number=number, numbered_by=unit)
        LetterWords.keep(self)
