"""Whatever services editors make and whatever citizens type: what is hidden is ignored, what is shown is demanded, no
answer is lost or moved, and conditions that wait for each other never come out.

Services, answers and conditions are generated; the browser's own rules (js/conditions.js) are tried against the same in
``test_conditions_in_browser.py``.
"""

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicedesk.models import DeskSettings, FormVersion, ServicePage
from servicedesk.questions.conditions import UNREADABLE, Condition, Rule
from servicedesk.questions.outline import Outline, Section, StandardField, Step
from servicedesk.questions.problems import problems_of
from servicedesk.questions.question import Question
from servicedesk.questions.register import type_of
from servicedesk.service_form import ServiceForm

pytestmark = pytest.mark.django_db
usual = settings(
    max_examples=50,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CHOICES = [["a", "نخست"], ["b", "دوم"], ["c", "سوم"]]
# What a citizen might type into each type: right, wrong and nothing.
TYPED = {
    "yes_no": [["yes"], ["no"], [], ["maybe"]],
    "choice": [["a"], ["b"], ["c"], [], ["gone"]],
    "choices": [["a"], ["a", "c"], [], ["gone"]],
    "number": [["۵"], ["7"], ["٩"], [""], ["نه"], ["-3"]],
    "short_text": [["متن"], [""], ["x" * 300]],
    "national_id": [["۰۰۸۴۵۷۵۹۴۸"], ["0084575947"], [""]],
    "declaration": [["on"], []],
    "jalali_date": [
        *(["۱۴۰۵/۲/۳"], ["14050302"], ["١٤٠٤-١٢-٢٩"], ["شنبه ۳ اردیبهشت ۱۴۰۵"], ["1 Tir 1405"]),
        *(["۱۴۰۴/۱۲/۳۰"], ["1405/2"], ["۱۳۹۹/۱/۱"], ["2026/4/23"], ["۳ اردی ۱۴۰۵"], ["نه"], [""]),
    ],
}
RULES = {
    "yes_no": [("is", "yes"), ("is", "no"), ("filled", ""), ("empty", "")],
    "choice": [("is", "a"), ("is-not", "b"), ("filled", ""), ("empty", "")],
    "choices": [("has", "a"), ("has-not", "c"), ("filled", ""), ("empty", "")],
    "number": [("is", "5"), ("at-least", "6"), ("at-most", "7"), ("empty", "")],
    "short_text": [("filled", ""), ("empty", "")],
    "national_id": [("filled", "")],
    "declaration": [("filled", ""), ("empty", "")],
    # 1405/2/3 and its neighbours.
    "jalali_date": [
        ("on", "2026-04-23"),
        ("on-or-after", "2026-04-23"),
        ("on-or-after", "2026-04-24"),
        ("on-or-before", "2026-04-23"),
        ("on-or-before", "2026-04-22"),
        ("filled", ""),
        ("empty", ""),
    ],
}
OPTIONS = {
    "choice": {"choices": CHOICES},
    "choices": {"choices": CHOICES},
    # Some of what is typed lies before.
    "jalali_date": {"when": "any", "earliest": "2026-01-01"},
}
STANDARD = {
    "sender_name": StandardField("نام", "none"),
    "subject": StandardField("موضوع"),
    "unit": StandardField("واحد"),
    "body_file": StandardField("فایل", "none"),
}


@st.composite
def conditions(draw, earlier):
    if not earlier or draw(st.booleans()):
        return Condition()
    asked = draw(st.lists(st.sampled_from(earlier), min_size=1, max_size=3))
    rules = tuple(Rule(each.id, *draw(st.sampled_from(RULES[each.type]))) for each in asked)
    return Condition(rules, draw(st.sampled_from(["all", "any"])))


@st.composite
def outlines(draw):
    """Forms of up to three steps, whose conditions ask about earlier questions alone."""
    earlier, steps = [], []
    for number in range(draw(st.integers(1, 3))):
        sections = []
        for _ in range(draw(st.integers(1, 3))):
            condition, questions = draw(conditions(tuple(earlier))), []
            for _ in range(draw(st.integers(1, 4))):
                kind = draw(st.sampled_from(sorted(TYPED)))
                question = Question(
                    id=str(uuid.uuid4()),
                    type=kind,
                    label=f"پرسش {len(earlier)}",
                    required=draw(st.booleans()),
                    condition=draw(conditions(tuple(earlier))),
                    options=OPTIONS.get(kind, {}),
                )
                earlier.append(question)
                questions.append(question)
            sections.append(Section(str(uuid.uuid4()), condition=condition, questions=tuple(questions)))
        steps.append(Step(f"گام {number}", tuple(sections)))
    return Outline(STANDARD, tuple(steps))


@st.composite
def filled(draw):
    """(a form, what was typed into it)."""
    outline = draw(outlines())
    typed = {each.field_name: draw(st.sampled_from(TYPED[each.type])) for each in outline.questions}
    return outline, typed


def form_of(outline, typed, unit):
    version = FormVersion(content=outline.as_json(), digest="d" * 64)
    usual = {"form_key": [str(uuid.uuid4())], "subject": ["موضوع"], "unit": [str(unit.pk)]}
    return ServiceForm({**usual, **typed}, service=ServicePage(), version=version, desk=DeskSettings.load())


def worth(question, typed):
    """What a question's answer is worth, asked of its field alone: (stored value or None, whether it will do)."""
    kind = type_of(question)
    field = kind.form_field(question)
    several = question.type == "choices"
    given_now = typed[question.field_name] if several else (typed[question.field_name] or [""])[0]
    if question.type == "declaration":
        given_now = bool(typed[question.field_name])
    try:
        return kind.stored(field.clean(given_now)), True
    except ValidationError as refusal:
        is_typed = refusal.error_list[0].code != "required" and question.type not in ("choice", "choices", "yes_no")
        return UNREADABLE if is_typed else None, False


def by_the_book(outline, typed):
    """A second reading of the rules, written apart from the form's: ({id: stored} of what is asked, {ids that are
    refused})."""
    asked, refused = {}, set()
    for step in outline.steps:
        for section in step.sections:
            for question in section.questions:
                shown = all(
                    not condition.rules
                    or (all if condition.match == "all" else any)(
                        holds(rule, asked.get(rule.question)) for rule in condition.rules
                    )
                    for condition in (section.condition, question.condition)
                )
                if shown:
                    asked[question.id], will_do = worth(question, typed)
                    refused |= set() if will_do else {question.id}
    return asked, refused


def holds(rule, answer):
    if answer is None or answer is UNREADABLE:
        return rule.operator == ("empty" if answer is None else "filled")
    return {
        "filled": lambda: True,
        "empty": lambda: False,
        "is": lambda: answer == rule.value,
        "is-not": lambda: answer != rule.value,
        "has": lambda: rule.value in answer,
        "has-not": lambda: rule.value not in answer,
        "at-least": lambda: float(answer) >= float(rule.value),
        "at-most": lambda: float(answer) <= float(rule.value),
        "on": lambda: date.fromisoformat(answer) == date.fromisoformat(rule.value),
        "on-or-after": lambda: date.fromisoformat(answer) >= date.fromisoformat(rule.value),
        "on-or-before": lambda: date.fromisoformat(answer) <= date.fromisoformat(rule.value),
    }[rule.operator]()


@usual
@given(made=filled())
def test_what_is_hidden_is_ignored_and_what_is_shown_is_demanded(made, water):
    outline, typed = made
    asked, refused = by_the_book(outline, typed)
    form = form_of(outline, typed, water)
    form.judge()
    assert form.asked == set(asked)
    assert {name for name in form.errors if name.startswith("q-")} == {f"q-{each}" for each in refused}


@usual
@given(made=filled())
def test_no_answer_is_lost_or_moved(made, water):
    outline, typed = made
    asked, refused = by_the_book(outline, typed)
    form = form_of(outline, typed, water)
    if not form.judge():
        # Refused, it shows all that was typed, hidden or not.
        for question in outline.questions:
            assert _on_page(question, form) == typed[question.field_name]
        return
    answers = form.content().answers
    assert [answer.question for answer in answers] == [each.id for each in outline.questions if each.id in asked]
    assert {answer.question: answer.value for answer in answers} == asked
    assert [answer.position for answer in answers] == sorted(answer.position for answer in answers)


@usual
@given(made=filled())
def test_a_form_in_steps_judges_as_one_on_a_page(made, water):
    outline, typed = made
    form = form_of(outline, typed, water)
    whole = set(form.errors) if not form.judge() else set()
    by_step = set()
    for number in range(1, len(outline.steps) + 1):
        again = form_of(outline, typed, water)
        again.judge(number)
        by_step |= set(again.errors)
    assert by_step == whole


@usual
@given(outline=outlines())
def test_a_form_is_the_same_after_it_was_kept(outline):
    assert Outline.from_json(outline.as_json()) == outline
    assert problems_of(outline) == []


@usual
@given(outline=outlines(), data=st.data())
def test_a_loop_is_named_and_refused(outline, data):
    """Some questions are made to wait for each other in a ring."""
    askable = [each for each in outline.questions if "filled" in type_of(each).operators]
    ring = data.draw(st.lists(st.sampled_from(askable), min_size=1, max_size=4, unique_by=lambda each: each.id))
    waits = {each.id: ring[number - 1].id for number, each in enumerate(ring)}

    def waiting(question):
        if question.id not in waits:
            return question
        rules = (*question.condition.rules, Rule(waits[question.id], "filled"))
        return Question(**{**_plain(question), "condition": Condition(rules)})

    steps = tuple(
        Step(
            step.title,
            tuple(
                Section(each.id, each.title, each.help, each.condition, tuple(map(waiting, each.questions)))
                for each in step.sections
            ),
        )
        for step in outline.steps
    )
    found = problems_of(Outline(STANDARD, steps))
    loops = [sentence for sentence in found if " ← " in sentence]
    assert loops
    assert any(f"«{each.label}»" in sentence for each in ring for sentence in loops)
    for sentence in loops:
        named = sentence.rpartition(": ")[2].split(" ← ")
        assert named[0] == named[-1]


def _on_page(question, form):
    """What stands in a question's field, as it would be sent again."""
    value = form[question.field_name].value()
    if question.type == "choices":
        return value
    if question.type == "declaration":
        return ["on"] if value else []
    return [] if value is None else [value]


def _plain(question):
    names = ("id", "type", "label", "help", "example", "required", "searchable", "condition", "options")
    return {name: getattr(question, name) for name in names}
