"""Words as the search compares them, and where each of them stands in the text that people see.

One word has many spellings: ي or ی, ك or ک, ة or ه, digits of three scripts, vowel signs, and parts that are joined,
written apart or separated by a ZWNJ. Both what is written and what is typed become *lexemes*, in which those are equal.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from servicedesk.persian import fold

ZWNJ = "\u200c"
LONGEST_WORD = 60
LONGEST_QUERY = 100
MOST_WORDS = 10
# PostgreSQL's own bound for a position, and as many places of a word as a rank can make use of.
LAST_POSITION, MOST_PLACES = 16_383, 50
# Parts of one word that may be joined: «نمی‌توانم‌شان» has three.
MOST_JOINED = 4
SHORT_WORD = 3
# Marks the lexeme of two words that stand beside each other: it is found whole, not by its beginning.
PAIR = "+"
# Not asked for where other words are: they stand everywhere, or somebody leaves them out.
LITTLE = frozenset(
    "و در به از که را با تا یا بر هر این آن برای چه است ها های هایی هایم هایش می نمی ام ات اش تر ترین ای "
    "a an and are for i in is my of on or the to".translate({ord("آ"): "ا"}).split()
)

_PART = re.compile(r"[^\W_]+")
_CHUNK = re.compile(rf"[^\W_]+(?:{ZWNJ}+[^\W_]+)*")


class Lexeme(NamedTuple):
    """``start`` and ``end`` are places in the text as it was given."""

    word: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def _folded_letter(letter):
    """One letter with its marks, folded; a ZWNJ stays, since it says where a word may be taken apart."""
    if letter == ZWNJ:
        return letter
    if letter[0].isspace():
        return " "
    return "".join(char for char in fold(letter) if not unicodedata.category(char).startswith("M"))


def folded(text):
    """(the text folded, starts, ends): the folded character ``i`` comes from ``text[starts[i]:ends[i]]``."""
    pieces, starts, ends = [], [], []
    for start, end in _letters(text):
        piece = _folded_letter(text[start:end])
        pieces.append(piece)
        starts += [start] * len(piece)
        ends += [end] * len(piece)
    return "".join(pieces), starts, ends


def _letters(text):
    """(start, end) of each character with the marks that follow it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.category(text[place]).startswith("M"):
            yield start, place
            start = place


def lexemes(text):
    """Every ``Lexeme`` of the text: each word, the parts of a word joined, and neighbours as one."""
    string, starts, ends = folded(text)

    def lexeme(word, first, last):
        return Lexeme(word[:LONGEST_WORD], starts[first.start()], ends[last.end() - 1])

    before = None
    for chunk in _CHUNK.finditer(string):
        parts = list(_PART.finditer(string, chunk.start(), chunk.end()))
        if before and not string[before.end() : chunk.start()].strip(f" {ZWNJ}"):
            yield lexeme(PAIR + before[0] + parts[0][0], before, parts[0])
        for place, part in enumerate(parts):
            for count in range(1, min(MOST_JOINED, len(parts) - place) + 1):
                joined = parts[place : place + count]
                yield lexeme("".join(one[0] for one in joined), part, joined[-1])
        before = parts[-1]


def vector(*weighted):
    """A tsvector, as text, of (text, weight) in the order of reading. Weights are PostgreSQL's, A to D."""
    places, position = {}, 0
    for text, weight in weighted:
        for lexeme in lexemes(text):
            position = min(position + 1, LAST_POSITION)
            found = places.setdefault(lexeme.word, [])
            if len(found) < MOST_PLACES:
                found.append(f"{position}{weight}")
    # A lexeme holds letters, digits and the sign of a pair: nothing that would have to be quoted.
    return " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())


class Wanted(NamedTuple):
    """A lexeme that would do; ``is_beginning``: longer ones that begin so do too."""

    word: str
    is_beginning: bool

    def fits(self, word):
        return word.startswith(self.word) if self.is_beginning else word == self.word

    def written(self, weight="", exactly=False):
        signs = ("*" if self.is_beginning and not exactly else "") + weight
        return f"'{self.word}'" + (f":{signs}" if signs else "")


@dataclass(frozen=True)
class Query:
    """What somebody typed, as words. ``words`` are all of them, folded; ``asked``: the places of those that must be
    found."""

    words: tuple[str, ...]
    asked: tuple[int, ...]

    @classmethod
    def of(cls, text):
        """The query of a typed text, or None where there is no word in it. What is too long is cut."""
        words = tuple(word[:LONGEST_WORD] for word in _PART.findall(folded(text[:LONGEST_QUERY])[0]))[:MOST_WORDS]
        large = tuple(place for place, word in enumerate(words) if word not in LITTLE)
        return cls(words, large or tuple(range(len(words)))) if words else None

    def wanted(self, place):
        """The ``Wanted`` of one word: itself, written apart, or as part of a word that was typed in two."""
        word = self.words[place]
        own = [Wanted(word, len(word) > 1), Wanted(PAIR + word, False)]
        neighbours = list(pairwise(self.words))
        for first, second in neighbours[max(place - 1, 0) : place + 1]:
            own += [Wanted(first + second, False), Wanted(PAIR + first + second, False)]
        return own

    def all_words(self, weight="", exactly=False):
        """A tsquery, as text: every asked word, in places of this weight."""
        return " & ".join(f"({self.one_word(place, weight, exactly)})" for place in self.asked)

    def any_word(self):
        return " | ".join(self.one_word(place) for place in self.asked)

    def one_word(self, place, weight="", exactly=False):
        return " | ".join(one.written(weight, exactly) for one in self.wanted(place))

    def hits(self, text):
        """[(start, end, place of the word)] of what is to be marked in ``text``, in its order."""
        found = list(lexemes(text))
        return [
            (lexeme.start, lexeme.end, place)
            for place in self.asked
            for one in self._marked(place, {lexeme.word for lexeme in found})
            for lexeme in found
            if one.fits(lexeme.word)
        ]

    def _marked(self, place, words):
        """A short word that stands there itself is not marked in longer ones: «کد» is not in «کدام»."""
        own, *others = self.wanted(place)
        is_there = len(own.word) <= SHORT_WORD and own.word in words
        return [own._replace(is_beginning=own.is_beginning and not is_there), *others]


def grams(word):
    """The trigrams of a folded word, its ends included: words that are spelled alike share most of them."""
    padded = f"  {word} "
    return sorted({padded[place : place + 3] for place in range(len(padded) - 2)})
