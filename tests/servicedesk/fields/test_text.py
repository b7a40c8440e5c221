"""One line and several, with lengths that are told."""

import pytest
from django import forms

from servicedesk.fields.text import LineField, ParagraphField
from tests.servicedesk.fields.tables import own_sentences, refusals, sentence

ZWNJ = "\u200c"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  علي\u200f كاظمي ", "علی کاظمی"),
        (f"می{ZWNJ}روم\tخانه", f"می{ZWNJ}روم خانه"),
        ("خیابان ۱۲ و ١٢ و 12", "خیابان ۱۲ و ١٢ و 12"),
        ("\u202eabc\u202c\u0000", "abc"),
        ("ا\nب", "ا ب"),
    ],
)
def test_a_line_is_kept_tidy(typed, kept):
    assert LineField(longest=50).clean(typed) == kept


LINES = [
    ("م" * 11, "max_length", "حداکثر ۱۰ کاراکتر بنویسید؛ اکنون ۱۱ کاراکتر است."),
    ("ab", "min_length", "دست‌کم ۳ کاراکتر بنویسید؛ اکنون ۲ کاراکتر است."),
    ("  \u200f\u200c ", "required", "این بخش نمی‌تواند خالی بماند؛ پاسخ خود را بنویسید."),
    ("", "required", "این بخش نمی‌تواند خالی بماند؛ پاسخ خود را بنویسید."),
    (None, "required", "این بخش نمی‌تواند خالی بماند؛ پاسخ خود را بنویسید."),
]


@pytest.mark.parametrize("field_class", [LineField, ParagraphField])
@pytest.mark.parametrize(("typed", "code", "said"), LINES)
def test_a_text_that_does_not_do(field_class, typed, code, said):
    (error,) = refusals(field_class(longest=10, shortest=3), typed)
    assert (error.code, sentence(error)) == (code, said)


@pytest.mark.parametrize("field_class", [LineField, ParagraphField])
def test_each_refusal_of_a_text_has_its_own_sentence(field_class):
    own_sentences(field_class, [code for _typed, code, _said in LINES])


@pytest.mark.parametrize("field_class", [LineField, ParagraphField])
def test_the_length_is_that_of_the_tidied_text(field_class):
    assert field_class(longest=5).clean("  ab\u200f   cd  ") == "ab cd"


@pytest.mark.parametrize("field_class", [LineField, ParagraphField])
def test_a_text_that_may_be_left_out(field_class):
    field = field_class(longest=10, shortest=3, required=False)
    assert field.clean("") == field.clean(None) == field.clean(" \u200c ") == ""
    assert refusals(field, "ab")[0].code == "min_length"


def test_several_lines_are_kept_with_one_empty_line_at_most():
    assert ParagraphField(longest=50).clean(" سلام\r\n\r\n\r\n\r\nكتاب \r\n") == "سلام\n\nکتاب"
    assert refusals(ParagraphField(longest=3), "ab\r\ncd")[0].params == {"limit": "۳", "length": "۵"}


def test_the_browser_hears_of_the_limit_and_cuts_nothing_off():
    class Texts(forms.Form):
        line = LineField(longest=7)
        story = ParagraphField(longest=9, rows=4)

    form = Texts()
    assert 'data-max-length="7"' in str(form["line"])
    assert 'data-max-length="9"' in str(form["story"])
    assert 'rows="4"' in str(form["story"])
    assert "maxlength" not in str(form["line"]) + str(form["story"])
    assert (form.fields["line"].max_length_said, form.fields["story"].max_length_said) == (7, 9)
