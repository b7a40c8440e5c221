"""What is typed in any spelling finds what is written in any other, and the mark lies on what is written."""

import re

import pytest

from home.search.marking import marked, snippet
from home.search.words import Query, folded, lexemes, vector
from servicedesk.persian import fold

# Each line: spellings of one thing.
SPELLINGS = [
    ["علی", "علي", "على"],
    ["کتاب", "كتاب"],
    ["نامهٔ", "نامۀ", "نامة", "نامه"],
    ["۱۴۰۵", "١٤٠٥", "1405"],
    ["می‌روم", "می روم", "میروم", "مي‌روم", "مي روم"],
    ["نامه‌ها", "نامه ها", "نامهها"],
    ["نامه‌های", "نامه هاى", "نامههای"],
    ["مسئول", "مسیول", "مسئــول", "مَسئول"],
    ["آیین‌نامه", "آئین نامه", "ایین‌نامه", "آیین نامه"],
    ["پیش‌خوان", "پیشخوان", "پیش خوان"],
    ["Desk", "desk", "DESK"],
    ["ﻛﺘﺎﺏ", "کتاب"],
]
PAIRS = [(typed, written) for line in SPELLINGS for typed in line for written in line]


def mark_of(text, typed):
    """What is marked, the marks joined by |."""
    html = marked(text, Query.of(typed))
    return "|".join(piece.partition("</mark>")[0] for piece in html.split("<mark>")[1:])


@pytest.mark.parametrize(("typed", "written"), PAIRS)
def test_each_spelling_marks_each_other(typed, written):
    assert mark_of(f"حرفی: {written}، و باقی", typed) == written


@pytest.mark.django_db
@pytest.mark.parametrize("line", SPELLINGS, ids=lambda line: line[0])
def test_each_spelling_finds_each_other(line, find, write):
    for number, written in enumerate(line):
        write(f"صفحهٔ {number}", f"<p>چیزی {written} است</p>", slug=f"spelling-{number}")
    written = {f"/spelling-{number}/" for number in range(len(line))}
    missing = {typed: found for typed in line if (found := written - set(find(typed).addresses))}
    assert missing == {}


@pytest.mark.parametrize(
    "text",
    [
        "نامهٔ آقایِ علي‌پور",
        "e\u0301tude ﷺ ½",
        "ا\u0653ب",
        "ک\u200c\u200cتاب",
        "‏راست‎",
        "م\u0651\u064eد",
        "",
        "😀 ی\ufeffک",
        "ـــ",
    ],
)
def test_letters_fold_as_everywhere_else_and_know_where_they_come_from(text):
    string, starts, ends = folded(text)
    assert len(starts) == len(ends) == len(string)
    assert fold(string) == fold(text).replace("\u0653", "")
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))
    assert starts == sorted(starts)
    for lexeme in lexemes(text):
        assert text[lexeme.start : lexeme.end].strip()


def test_mark_covers_dropped_signs_and_keeps_them():
    assert marked("شمارهٔ مُهر: ۱۲۳‌٤", Query.of("مهر 1234")) == "شمارهٔ <mark>مُهر</mark>: <mark>۱۲۳‌٤</mark>"


def test_a_short_word_is_not_marked_inside_another():
    assert mark_of("کد را کدام واحد داد", "کد") == "کد"
    assert mark_of("کدها", "کد") == "کدها"


def test_two_words_beside_each_other_are_no_beginning_of_a_third():
    """«که را» is not «کهربا», nor the other way round."""
    assert mark_of("کسی که را دید", "کهر") == ""


@pytest.mark.parametrize("text", ["<b>کد</b>", "کد & <script>alert(1)</script>", "کد \"در\" 'این'", "کد &lt;"])
def test_text_of_editors_is_escaped(text):
    for html in (marked(text, Query.of("کد script")), snippet(text, Query.of("کد script"))):
        assert "<" not in html.replace("<mark>", "").replace("</mark>", "")
        assert "&" in html or '"' not in text


def test_snippet_shows_where_most_words_stand_together():
    filler = "حرف‌های دیگر که مهم نیست. " * 40
    text = f"پرداخت. {filler}پرداخت عوارض شهرداری با کارت بانکی. {filler}"
    html = snippet(text, Query.of("عوارض پرداخت کارت"))
    assert "<mark>پرداخت</mark> <mark>عوارض</mark> شهرداری با <mark>کارت</mark>" in html
    assert html.startswith("… ")
    assert html.endswith(" …")
    assert len(html) < 300


@pytest.mark.parametrize("hit_at", [0, 1, 30, 120, 190, 400, 980])
def test_snippet_never_loses_the_hit(hit_at):
    text = ("ب" * 7 + " ") * 125
    text = text[:hit_at] + " کلید " + text[hit_at:]
    assert "<mark>کلید</mark>" in snippet(text, Query.of("کلید"))
    glued = "ب" * hit_at + " کلید " + "پ" * 400
    assert "<mark>کلید</mark>" in snippet(glued, Query.of("کلید"))


@pytest.mark.parametrize("typed", ["", " ", "‌", "؟!«»", "\x00", "ـ", "_"])
def test_no_word_is_no_query(typed):
    assert Query.of(typed) is None


def test_query_is_bounded():
    assert len(Query.of("و" * 5000).words[0]) == 60
    assert len(Query.of("آب نان " * 500).words) == 10


def test_little_words_are_asked_for_only_where_they_stand_alone():
    assert [Query.of("نامه و کتاب").words[place] for place in Query.of("نامه و کتاب").asked] == ["نامه", "کتاب"]
    assert Query.of("که را").asked == (0, 1)


def test_vector_is_made_of_letters_and_digits_only():
    """It is written as text: a quote or a backslash in it would be somebody's way into it."""
    written = vector(("it's \\ 'a':1A & | ! <-> ( ) 'x", "A"), ("«علی‌پور»; DROP", "D"))
    assert all(re.fullmatch(r"'\+?\w+':\d+[AD](,\d+[AD])*", lexeme) for lexeme in written.split(" "))
    assert "'علیپور':" in written
