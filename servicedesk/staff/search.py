"""Finding letters by what a clerk remembers: code, official number, name, subject, address, mobile number, answers to
questions that are marked for it; in any script and spelling, or by what a scanner reads off a slip. Indexes find them,
however many letters there are."""

from servicedesk import persian, references
from servicedesk.models import Letter, LetterWords, User
from servicedesk.models.words import folded_words

# Fewer digits than these stand in too many people's numbers.
SHORTEST_OF_MOBILE = 4
FEW = 200


def ids_found_by(query):
    """The ids of the letters in which each word of ``query`` occurs, or which have its number: in a list where they are
    few, else as a queryset. None where ``query`` asks for nothing.

    A number in any script and grouping is looked for in the tracking code, in the mobile number and in answers.
    """
    query = references.scanned(query)
    if not persian.fold(query):
        return None
    found = _found(query)
    # Told which letters they are, PostgreSQL need not guess. Where it guesses wrong it reads all there are, once for
    # each tab.
    few = list(found[: FEW + 1])
    return few if len(few) <= FEW else found


def _found(query):
    """The ids of all of them, as a queryset."""
    words, digits = folded_words(query), persian.only_digits(query).removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return LetterWords.objects.with_any(words).values_list("letter", flat=True)
    # Written with or without 0, 98 or 0098 in front, a mobile number ends in the same digits.
    tail = (persian.mobile(query) or digits.removeprefix("0")).removeprefix("+98")
    found = LetterWords.objects.with_any(words, [digits], [f"0{tail}"]).values_list("letter", flat=True)
    # The 0 in front may as well be one of the last four digits.
    parts = [part for part in dict.fromkeys((tail, digits)) if len(part) >= SHORTEST_OF_MOBILE]
    if not parts:
        return found
    theirs = Letter.objects.filter(citizen__in=User.citizens.with_digits(*parts)).order_by()
    return found.union(theirs.values_list("pk", flat=True))
