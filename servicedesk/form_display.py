"""A ServiceForm as its pages show it: the parts of a step, and all of it to look over before sending."""

import json
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField

from servicedesk.forms import FileSlot
from servicedesk.questions.conditions import OF_DAYS, WITHOUT_VALUE
from servicedesk.questions.outline import Section
from servicedesk.questions.question import Question
from servicedesk.questions.register import type_of


@dataclass(frozen=True)
class Row:
    """A question as the page shows it. ``slot`` and ``kept_files`` are those of a question for files."""

    question: Question
    template: str
    field: BoundField | None
    is_on: bool
    condition: str
    only_if: str
    slot: FileSlot | None
    kept_files: list


@dataclass(frozen=True)
class Part:
    """A section as the page shows it."""

    section: Section
    is_on: bool
    condition: str
    only_if: str
    rows: list[Row]


def parts_of(form, step, here=None):
    """The Parts of a step. ``here``: the ids of the questions on the page, where these are more than the step's."""
    form.is_valid()
    here = here or {question.id for question in form.outline.steps[step - 1].questions}
    return [_part(form, section, here) for section in form.outline.steps[step - 1].sections]


def scripts_of(form, step):
    """The script elements that this step needs, beside the form's own."""
    sections = form.outline.steps[step - 1].sections
    questions = [question for section in sections for question in section.questions]
    rules = [rule for each in (*sections, *questions) for rule in each.condition.rules]
    scripts = ["js/typed-dates.js"] if any(rule.operator in OF_DAYS for rule in rules) else []
    needed = forms.Media(js=[*scripts, "js/conditions.js"] if rules else [])
    for question in questions:
        if question.field_name in form.fields:
            needed += form.fields[question.field_name].widget.media
    return needed.render_js(attrs={"defer": True})


def overview_of(form):
    """What was filled in, to look over before sending: [{"number", "title", "rows"}] by step; a row is
    {"label", "text", "files", "field", "errors"}."""
    form.is_valid()
    return [
        {"number": number, "title": step.title, "rows": _rows_to_check(form, number, step)}
        for number, step in enumerate(form.outline.steps, 1)
    ]


def _part(form, section, here):
    return Part(
        section=section,
        is_on=section.condition.holds(form.seen),
        condition=_for_browser(form, section.condition, here),
        only_if=_only_if(form, section.condition, here),
        rows=[_row(form, question, here) for question in section.questions],
    )


def _row(form, question, here):
    kind = type_of(question)
    slot = form.slot_of(question) if kind.takes_files else None
    return Row(
        question=question,
        template=kind.template,
        field=form[question.field_name] if kind.is_asked else None,
        is_on=question.condition.holds(form.seen),
        condition=_for_browser(form, question.condition, here),
        only_if=_only_if(form, question.condition, here),
        slot=slot,
        kept_files=form.files_in(slot) if slot else [],
    )


def _only_if(form, condition, here):
    """A condition in words for whoever sees everything; "" where other steps alone have decided it."""
    return form.outline.condition_in_words(condition) if here.intersection(condition.questions) else ""


def _for_browser(form, condition, here):
    """A condition for conditions.js: [match, rule, …]; a rule is [field, operator, value], or its outcome where it
    asks about another step. "" where there is none."""
    if not condition:
        return ""
    rules = [
        _compared(form, rule) if rule.question in here else rule.holds(form.seen.get(rule.question))
        for rule in condition.rules
    ]
    return json.dumps([condition.match, *rules], ensure_ascii=False, separators=(",", ":"))


def _compared(form, rule):
    asked = form.outline.by_id[rule.question]
    value = [] if rule.operator in WITHOUT_VALUE else [type_of(asked).value_for_browser(rule.value)]
    return [asked.field_name, rule.operator, *value]


def _rows_to_check(form, number, step):
    rows = [_row_to_check(bound, _usual_text(form, bound)) for bound in form.usual_fields(number)]
    if number == 1 and form.routes and not form.errors:
        rows.append({"label": form.outline.standard["unit"].label, "text": form.unit().in_language("name")})
    for question in step.questions:
        kind = type_of(question)
        if question.id in form.asked and kind.is_asked:
            files = form.files_in(form.slot_of(question)) if kind.takes_files else []
            text = kind.shown(question, form.answers.get(question.id))
            rows.append(_row_to_check(form[question.field_name], text, files))
    if slot := form.body_slot(number):
        rows.append(_row_to_check(form["body_file"], "", form.files_in(slot)))
    return rows


def _row_to_check(bound, text, files=()):
    return {"label": bound.label, "text": text, "files": files, "field": bound, "errors": bound.errors}


def _usual_text(form, bound):
    value = form.cleaned_data.get(bound.name, "")
    return value.in_language("name") if bound.name == "unit" and value else value
