"""Finding letters by what a clerk remembers: code, name, subject, mobile number, answers to questions that are marked
for it; in any script and spelling."""

from functools import cache

from django.db.models import Exists, F, Func, OuterRef, Q, TextField, Value

from servicedesk import persian
from servicedesk.models import Answer
from servicedesk.models.answer import folded_words

# The blocks in which letters and digits have a second form: Arabic, and what travels invisibly beside them.
_BLOCKS = (range(0x0600, 0x0700), range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070), [0xAD, 0xFEFF])
_ZWNJ = "\u200c"


@cache
def _tables():
    """(from, to) for PostgreSQL's translate(), made from ``persian.fold`` itself: characters with a one-letter
    counterpart stand first, those that fold to nothing after them."""
    folded = {chr(code): persian.fold(chr(code)) for block in _BLOCKS for code in block if chr(code) != _ZWNJ}
    pairs = {char: to for char, to in folded.items() if len(to) == 1 and to != char} | {_ZWNJ: " "}
    gone = [char for char, to in folded.items() if to == "" and not char.isspace()]
    return "".join(pairs) + "".join(gone), "".join(pairs.values())


def folded(column):
    """A column as ``persian.fold`` would give it, except for presentation forms and double spaces."""
    before, after = _tables()
    lowered = Func(F(column), function="lower", output_field=TextField())
    return Func(lowered, Value(before), Value(after), function="translate", output_field=TextField())


def answered_with(*words, **question):
    """The condition that one answer of a letter has words that begin with these (folded)."""
    return Q(Exists(Answer.objects.filter(letter=OuterRef("pk"), **question).with_words(words)))


def found_by(letters, query):
    """Those of ``letters`` (a queryset) in which each word of ``query`` occurs, or which have its number.

    A number in any script and grouping is looked for in the tracking code, in the mobile number and in answers. Of
    answers, words are found by their beginnings.
    """
    words = persian.fold(query).split()
    if not words:
        return letters
    letters = letters.alias(folded_subject=folded("subject"), folded_name=folded("sender_name"))
    everywhere = Q()
    for word in words:
        here = Q(folded_subject__contains=word) | Q(folded_name__contains=word) | Q(reference__contains=word)
        everywhere &= here | answered_with(*folded_words(word))
    digits = persian.only_digits(query).removeprefix("+")
    if digits.isascii() and digits.isdigit():
        # Written with or without 0, 98 or 0098 in front, a mobile number ends in the same digits.
        tail = (persian.mobile(query) or digits.removeprefix("0")).removeprefix("+98")
        everywhere |= Q(reference__contains=digits) | Q(citizen__mobile__contains=tail)
        everywhere |= answered_with(digits) | answered_with(f"0{tail}")
    return letters.filter(everywhere)
