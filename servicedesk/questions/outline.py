"""The form as plain data: what a form version keeps, and what every page that shows a form or its answers reads.

``outline_of`` makes it from what an editor wrote; ``Outline.from_json`` from what was kept.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from servicedesk.questions.conditions import WITHOUT_VALUE, Condition, condition_of, in_words
from servicedesk.questions.question import Question
from servicedesk.questions.register import TYPES, type_of
from servicedesk.questions.routing import Route, routes_of

# How the JSON is built. Whoever changes it so that old rows read differently counts this up and reads both.
FORMAT = 1
# What the four fields that every letter has are called where the service calls them nothing else.
USUAL_LABELS = {
    "sender_name": _("Full name"),
    "subject": _("Subject of the request"),
    "unit": _("Receiving unit"),
    "body_file": _("Upload the letter's body file"),
}


@dataclass(frozen=True)
class StandardField:
    """One of the four fields that every letter has: what it is called, and whether it is asked ("required",
    "optional" or "none")."""

    label: str
    asked: str = "required"


@dataclass(frozen=True)
class Section:
    id: str
    title: str = ""
    help: str = ""
    condition: Condition = field(default_factory=Condition)
    questions: tuple[Question, ...] = ()
    # A shared set that is not there, or not published: only in drafts.
    is_missing: bool = False

    @classmethod
    def from_json(cls, data):
        questions = tuple(Question.from_json(question) for question in data["questions"])
        return cls(**{**data, "condition": Condition.from_json(data.get("condition")), "questions": questions})

    def as_json(self):
        plain = {**self.__dict__, "condition": self.condition.as_json()}
        plain["questions"] = [question.as_json() for question in self.questions]
        return {name: value for name, value in plain.items() if value or name in ("id", "questions")}


@dataclass(frozen=True)
class Step:
    title: str = ""
    sections: tuple[Section, ...] = ()

    @classmethod
    def from_json(cls, data):
        return cls(data["title"], tuple(Section.from_json(section) for section in data["sections"]))

    def as_json(self):
        return {"title": self.title, "sections": [section.as_json() for section in self.sections]}

    @property
    def questions(self):
        return [question for section in self.sections for question in section.questions]


@dataclass(frozen=True)
class Outline:
    """A whole form. ``standard`` maps sender_name, subject, unit and body_file to their StandardField; ``routes``: none
    where the citizen chooses the unit."""

    standard: dict[str, StandardField]
    steps: tuple[Step, ...]
    routes: tuple[Route, ...] = ()

    @classmethod
    def from_json(cls, data):
        standard = {name: StandardField(**each) for name, each in data["standard"].items()}
        steps = tuple(Step.from_json(step) for step in data["steps"])
        return cls(standard, steps, tuple(Route.from_json(route) for route in data.get("routes", ())))

    def as_json(self):
        plain = {
            "format": FORMAT,
            "standard": {name: dict(each.__dict__) for name, each in self.standard.items()},
            "steps": [step.as_json() for step in self.steps],
        }
        return {**plain, "routes": [route.as_json() for route in self.routes]} if self.routes else plain

    @cached_property
    def questions(self):
        """Every question in the order of the form."""
        return [question for step in self.steps for question in step.questions]

    @cached_property
    def by_id(self):
        return {question.id: question for question in self.questions}

    @property
    def asked(self):
        """Those that are answered: all but the notes."""
        return [question for question in self.questions if type_of(question).is_asked]

    @cached_property
    def conditions(self):
        """{question id: its section's condition and its own}."""
        sections = (section for step in self.steps for section in step.sections)
        return {
            question.id: (section.condition, question.condition)
            for section in sections
            for question in section.questions
        }

    def is_shown(self, question, answers):
        """Whether a question is asked of whoever gave ``answers`` ({id: stored}) to what stands before it."""
        return all(condition.holds(answers) for condition in self.conditions[question.id])

    def condition_in_words(self, condition):
        """«Answer this only if …», for who sees all questions at once."""

        def labels(rule):
            question = self.by_id.get(rule.question)
            if question is None or rule.operator in WITHOUT_VALUE:
                return question.label if question else "", rule.value
            return question.label, type_of(question).value_in_words(question, rule.value)

        return in_words(condition, labels)


def outline_of(form, standard, routing=(), sets=None):
    """The Outline of a form as an editor wrote it. ``form`` is the StreamValue of a FormField, ``routing`` of a
    RoutingField; ``sets``: {id: the QuestionSet to take instead of the published one}."""
    steps, title, sections = [], "", []
    for block in form:
        if block.block_type == "step":
            # A step without anything before it names the first.
            if sections or steps or title:
                steps.append(Step(title, tuple(sections)))
            title, sections = block.value["title"], []
        else:
            sections.append(_shared(block, sets or {}) if block.block_type == "shared" else _section_of(block))
    steps.append(Step(title, tuple(sections)))
    return _with_plain_values(Outline(standard, tuple(steps), routes_of(routing)))


def outline_of_set(questions, title):
    """The Outline of a shared question set alone, with nothing usual beside it."""
    section = Section(id="set", title=title, questions=tuple(_question_of(block) for block in questions))
    standard = {name: StandardField("", "none") for name in ("sender_name", "subject", "unit", "body_file")}
    return _with_plain_values(Outline(standard, (Step("", (section,)),)))


def _with_plain_values(outline):
    """The values of its rules in the form of stored answers; what cannot be one stays for ``problems_of`` to name."""

    def plain(rule):
        asked = outline.by_id.get(rule.question)
        try:
            return replace(rule, value=type_of(asked).rule_value(asked, rule.value)) if asked and rule.value else rule
        except ValidationError:
            return rule

    def of(condition):
        return replace(condition, rules=tuple(plain(rule) for rule in condition.rules))

    def of_section(section):
        questions = tuple(replace(question, condition=of(question.condition)) for question in section.questions)
        return replace(section, condition=of(section.condition), questions=questions)

    steps = (replace(step, sections=tuple(of_section(section) for section in step.sections)) for step in outline.steps)
    routes = (replace(route, condition=of(route.condition)) for route in outline.routes)
    return replace(outline, steps=tuple(steps), routes=tuple(routes))


def _section_of(block):
    value = block.value
    questions = tuple(_question_of(child) for child in value["questions"])
    title, help, condition = value["title"] or "", value["help"] or "", condition_of(value["condition"])
    return Section(block.id, title, help, condition, questions)


def _shared(block, sets):
    """A shared question set, as it is published, as a section."""
    chosen, condition = block.value["question_set"], condition_of(block.value["condition"])
    if chosen is not None:
        chosen = sets.get(chosen.pk) or chosen.localized
    if chosen is None or not chosen.live:
        return Section(block.id, chosen.title if chosen else "", condition=condition, is_missing=True)
    return Section(block.id, chosen.title, "", condition, tuple(_question_of(child) for child in chosen.questions))


def _question_of(block):
    value, kind = block.value, TYPES[block.block_type]
    usual = {name: value[name] or "" for name in ("label", "help", "example") if name not in kind.left_out}
    usual |= {name: bool(value[name]) for name in ("required", "searchable") if name not in kind.left_out}
    return Question(
        id=block.id,
        type=kind.name,
        **usual,
        condition=condition_of(value["condition"]),
        options=kind.options(value),
    )
