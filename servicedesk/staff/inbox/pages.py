"""Pages of a list by keyset: each begins after a letter and not at a number, so the thousandth page takes as long as
the first, and a letter that comes meanwhile shifts nothing."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PAGE_SIZE = 25
_SEPARATOR, _LARGEST_ID = "~", 2**63 - 1


@dataclass(frozen=True)
class Page:
    """``letters`` of it; ``before`` and ``after``: the places that its neighbours end and begin with, or ""."""

    letters: list
    before: str = ""
    after: str = ""


def place_of(letter):
    """Where a letter stands in its order, as text for an address."""
    return f"{letter.place.isoformat()}{_SEPARATOR}{letter.pk}"


def read_place(text, order):
    """(value, id) of a place in an address. Raises ValidationError."""
    value, _sign, pk = text.partition(_SEPARATOR)
    try:
        place = order.read(value), int(pk)
        if place[1] > _LARGEST_ID:
            raise ValueError
        return place
    except ValueError:
        raise ValidationError(_("There is no such page. Begin at the first one.")) from None


def page_of(letters, order, units, *, before=None, after=None):
    """A Page of ``letters`` (a queryset) in an Order, after or before a place (value, id).

    ``units``: the ids of the units to which the letters belong, or None for any. Of each unit the index gives the next
    ones, so that no unit's letters have to be sorted.
    """
    way = order.turned() if before else order
    place = before or after
    if place:
        letters = way.after(letters, *place)
    rows = list(_first(letters, way, units, PAGE_SIZE + 1))
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    if before:
        rows.reverse()
    has_earlier, has_later = (more, True) if before else (bool(place), more)
    return Page(
        rows,
        before=place_of(rows[0]) if rows and has_earlier else "",
        after=place_of(rows[-1]) if rows and has_later else "",
    )


def _first(letters, order, units, count):
    """The first ``count`` of the letters, with what a row shows of each."""
    if units is not None and len(units) > 1:
        own, *others = (order.sorted(letters.filter(unit=unit)).values("pk")[:count] for unit in units)
        letters = letters.filter(pk__in=own.union(*others, all=True).values("pk"))
    elif units is not None:
        letters = letters.filter(unit__in=units)
    return order.sorted(letters)[:count]
