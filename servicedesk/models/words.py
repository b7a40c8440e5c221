"""Words as staff look for them: folded and taken apart by us, since PostgreSQL's own parser goes by the locale of the
database; kept as tsvectors, so that an index finds them however many rows there are."""

import re

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Value

from servicedesk.persian import fold

# PostgreSQL's index of words takes none of more than two kilobytes.
LONGEST_WORD = 100


def folded_words(text):
    """The words and numbers of a text, folded, none longer than the index takes. Of letters, digits and underscores
    alone, so that nothing in them means anything to PostgreSQL."""
    return [word[:LONGEST_WORD] for word in re.findall(r"\w+", fold(text))]


def parts_of(text):
    """The words of a text and all their endings: whatever part of a word somebody looks for, one of these begins with
    it."""
    return {word[start:] for word in folded_words(text) for start in range(len(word))}


def vector(words):
    """A tsvector, as text, of folded words."""
    return " ".join(f"'{word}'" for word in sorted(words))


class FoldedWords(Func):
    """The words of a column that holds them with blanks between, as a tsvector."""

    template = "array_to_tsvector(array_remove(string_to_array(%(expressions)s, ' '), ''))"
    output_field = SearchVectorField()


class DigitParts(Func):
    """The last twelve digits of a column, such as 98 and a mobile number, and all their endings, as a tsvector."""

    _ENDINGS = ", ".join(f"right(%(expressions)s, {count})" for count in range(12, 0, -1))
    template = f"array_to_tsvector(ARRAY[{_ENDINGS}])"
    output_field = SearchVectorField()


def begins_words(column, *alternatives):
    """The condition that of one of ``alternatives``, lists of folded words, each word begins one of the tsvector
    ``column``. Each of them has words."""
    wanted = " | ".join("({})".format(" & ".join(f"'{word}':*" for word in words)) for words in alternatives)
    query = Func(Value(wanted), template="%(expressions)s::tsquery", output_field=models.TextField())
    vector = F(column) if isinstance(column, str) else column
    return Func(vector, query, template="%(expressions)s", arg_joiner=" @@ ", output_field=models.BooleanField())
