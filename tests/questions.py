"""Forms of services for tests, as an editor's panel would store them."""

import uuid

from servicedesk.models import Answer, FormVersion
from servicedesk.questions.register import TYPES, type_of
from tests.factories import make_letter, make_service

DEFAULTS = {
    "file": {"kinds": ["pdf", "png", "jpg"], "kilobytes": 1024, "most": 1},
    "money": {"currency": "rial"},
    "jalali_date": {"when": "any"},
    "address": {"with_postal_code": True},
    "note": {"text": "متن یادداشت"},
}


def question(kind, label, *, id=None, rules=(), match="all", **value):
    """One question. ``rules``: its condition, as [(earlier question, operator, value)]."""
    value = {"label": label, "required": True, **DEFAULTS.get(kind, {}), **value}
    if "choices" in value:
        value["choices"] = [
            {"type": "item", "value": words, "id": choice} for choice, words in _with_ids(value["choices"])
        ]
    value["condition"] = condition(*rules, match=match)
    assert kind in TYPES
    return {"type": kind, "value": value, "id": id or str(uuid.uuid4())}


def _with_ids(choices):
    """``choices`` are words, or {id: words}."""
    return choices.items() if isinstance(choices, dict) else [(str(uuid.uuid4()), words) for words in choices]


def condition(*rules, match="all"):
    def plain(asked, operator, value=""):
        return {"question": asked if isinstance(asked, str) else asked["id"], "operator": operator, "value": value}

    rules = [{"type": "item", "value": plain(*rule), "id": str(uuid.uuid4())} for rule in rules]
    return {"match": match, "rules": rules}


def section(*questions, title="", rules=(), help="", match="all"):
    value = {"title": title, "help": help, "questions": list(questions), "condition": condition(*rules, match=match)}
    return {"type": "section", "value": value, "id": str(uuid.uuid4())}


def step(title):
    return {"type": "step", "value": {"title": title}, "id": str(uuid.uuid4())}


def route(unit, *rules, match="all"):
    """Letters whose answers fit the rules go to this unit."""
    value = {"unit": unit.pk, "condition": condition(*rules, match=match)}
    return {"type": "route", "value": value, "id": str(uuid.uuid4())}


def make_form_service(*blocks, **values):
    """A live service with these sections and steps."""
    return make_service(form=list(blocks), **{"title": "درخواست پروانه", "slug": "permit", **values})


def name(question):
    """The name of its field."""
    return f"q-{question['id']}"


def answered_letter(citizen, unit, service, questions, answers, **letter):
    """A letter of a service with a form. ``questions`` are its questions by any key, ``answers`` what is kept of the
    answers ({key: stored value}); those left out were left empty."""
    version = FormVersion.current(service)
    given = {asked["id"]: answers.get(key) for key, asked in questions.items()}
    return make_letter(citizen, unit, service=service, version=version, answers=answers_to(version, given), **letter)


def answers_to(version, given):
    """The unsaved answers of whoever was asked what ``given`` ({question id: stored value}) names."""
    asked = [question for question in version.outline.asked if question.id in given]
    return tuple(
        Answer.given(question, given[question.id], type_of(question).shown(question, given[question.id]), position)
        for position, question in enumerate(asked)
    )


def many(count):
    """Questions of all types in turn, in sections of ten; each fifth depends on an earlier one."""
    kinds = [name for name in TYPES if name != "note"]
    switch = question("yes_no", "آیا این بخش به شما مربوط است؟")
    made = [switch]
    for number in range(1, count):
        kind = kinds[number % len(kinds)]
        more = {"choices": [f"گزینه {each} از پرسش {number}" for each in range(4)]} if "choice" in kind else {}
        rules = [(switch, "is", "yes")] if number % 5 == 0 else ()
        label, help = f"پرسش شماره {number} درباره کسب‌وکار شما", f"اگر درباره پرسش {number} مطمئن نیستید، خالی بگذارید."
        made.append(question(kind, label, required=False, help=help, rules=rules, **more))
    return [section(*made[start : start + 10], title=f"بخش {start}") for start in range(0, count, 10)]
