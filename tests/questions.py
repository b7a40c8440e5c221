"""Forms of services for tests, as an editor's panel would store them."""

import uuid

from servicedesk.questions.register import TYPES
from tests.factories import make_service

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


def make_form_service(*blocks, **values):
    """A live service with these sections and steps."""
    return make_service(form=list(blocks), **{"title": "درخواست پروانه", "slug": "permit", **values})


def name(question):
    """The name of its field."""
    return f"q-{question['id']}"
