"""What may be chosen and ticked, and what may not, judged by the form: each with its own sentence."""

import uuid

import pytest
from django.utils import translation

from servicedesk.questions.outline import Outline, Section, Step
from servicedesk.questions.question import Question
from tests.servicedesk.filling.test_properties import CHOICES, STANDARD, form_of

pytestmark = pytest.mark.django_db
THREE = {"choices": CHOICES}
# So many that they come as a list.
MANY = {"choices": [[f"c{number}", f"گزینهٔ {number}"] for number in range(12)]}
LIMITED = {**THREE, "fewest": 2, "most": 2}
GONE = "این گزینه دیگر نیست. گزینهٔ دیگری انتخاب کنید."
ONE = "یکی از این‌ها را انتخاب کنید."
NEITHER = "این پاسخ نه «بله» است و نه «خیر». یکی از این دو را انتخاب کنید."
SOME = "دست‌کم یکی از این‌ها را انتخاب کنید."
ONE_GONE = "یکی از گزینه‌های شما دیگر نیست. دوباره انتخاب کنید."
TICK = "برای ادامه، این خانه را تیک بزنید."


def judged(unit, kind, options, posted, required):
    """(the answer, the sentences beside it) of a form that was posted with these values."""
    asked = Question(str(uuid.uuid4()), kind, "پرسش", required=required, options=options)
    outline = Outline(STANDARD, (Step("", (Section("one", questions=(asked,)),)),))
    form = form_of(outline, {asked.field_name: posted}, unit)
    form.judge()
    return form.answers.get(asked.id), list(form.errors.get(asked.field_name, []))


GOOD = [
    ("choice", THREE, ["a"], "a"),
    ("choice", THREE, ["c"], "c"),
    ("choice", MANY, ["c11"], "c11"),
    # A browser sends one of them; of several the last counts.
    ("choice", THREE, ["a", "b"], "b"),
    ("choices", THREE, ["b"], ["b"]),
    ("choices", THREE, ["a", "b", "c"], ["a", "b", "c"]),
    ("choices", THREE, ["a", "a"], ["a"]),
    ("choices", LIMITED, ["a", "c"], ["a", "c"]),
    ("yes_no", {}, ["yes"], "yes"),
    ("yes_no", {}, ["no"], "no"),
    ("declaration", {}, ["on"], True),
    ("declaration", {}, ["true"], True),
]
LEFT_EMPTY = [
    ("choice", THREE, []),
    ("choice", THREE, [""]),
    ("choice", MANY, [""]),
    ("choices", THREE, []),
    # Who chooses none of what is optional need not choose two.
    ("choices", LIMITED, []),
    ("yes_no", {}, []),
    ("yes_no", {}, [""]),
]
BAD = [
    ("choice", THREE, ["d"], GONE),
    ("choice", THREE, ["نخست"], GONE),
    ("choice", THREE, ["A"], GONE),
    ("choice", MANY, ["c12"], GONE),
    ("choice", MANY, ["c۱۱"], GONE),
    ("choice", MANY, ["c١١"], GONE),
    ("choices", THREE, ["d"], ONE_GONE),
    ("choices", THREE, ["a", "d"], ONE_GONE),
    ("choices", THREE, ["a,b"], ONE_GONE),
    ("choices", LIMITED, ["a"], "دست‌کم ۲ گزینه انتخاب کنید."),
    ("choices", LIMITED, ["a", "a"], "دست‌کم ۲ گزینه انتخاب کنید."),
    ("choices", LIMITED, ["a", "b", "c"], "حداکثر ۲ گزینه انتخاب کنید."),
    ("yes_no", {}, ["maybe"], NEITHER),
    ("yes_no", {}, ["بله"], NEITHER),
    ("yes_no", {}, ["1"], NEITHER),
    ("yes_no", {}, ["YES"], NEITHER),
]
MISSING = [
    ("choice", THREE, [], ONE),
    ("choice", THREE, [""], ONE),
    ("choice", MANY, [""], ONE),
    ("choices", THREE, [], SOME),
    ("choices", LIMITED, [], SOME),
    ("yes_no", {}, [], "بله یا خیر را انتخاب کنید."),
    ("yes_no", {}, [""], "بله یا خیر را انتخاب کنید."),
    ("declaration", {}, [], TICK),
    ("declaration", {}, [""], TICK),
    ("declaration", {}, ["false"], TICK),
]


@pytest.mark.parametrize(("kind", "options", "posted", "stored"), GOOD)
@pytest.mark.parametrize("required", [True, False])
def test_what_is_taken(water, kind, options, posted, stored, required):
    assert judged(water, kind, options, posted, required) == (stored, [])


@pytest.mark.parametrize(("kind", "options", "posted"), LEFT_EMPTY)
def test_what_may_be_left_empty(water, kind, options, posted):
    assert judged(water, kind, options, posted, False) == (None, [])


@pytest.mark.parametrize(("kind", "options", "posted", "sentence"), BAD)
@pytest.mark.parametrize("required", [True, False])
def test_what_is_refused(water, kind, options, posted, sentence, required):
    assert judged(water, kind, options, posted, required) == (None, [sentence])


@pytest.mark.parametrize(("kind", "options", "posted", "sentence"), MISSING)
def test_what_is_missing(water, kind, options, posted, sentence):
    assert judged(water, kind, options, posted, True) == (None, [sentence])


def test_each_refusal_of_a_type_is_said_in_its_own_words(water):
    """In both languages; two refusals of one question never sound alike."""
    for language in ("fa", "en"):
        with translation.override(language):
            said = {}
            for kind, options, posted, sentence in [*BAD, *MISSING]:
                _answer, [words] = judged(water, kind, options, posted, True)
                said.setdefault((kind, sentence), set()).add(words)
            assert all(len(words) == 1 for words in said.values())
            for kind in {kind for kind, _sentence in said}:
                own = [words for (of, _sentence), [words] in said.items() if of == kind]
                assert len(set(own)) == len(own)
