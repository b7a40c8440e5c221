"""The text as people see it, with what was found marked in it."""

from collections import Counter

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from servicedesk.persian import quickly_folded

LENGTH = 190  # letters of a snippet
BEFORE = 50  # of them before the first hit
# Letters of a text that are looked through for a snippet: to take a text apart costs 3 µs for each, ten texts are shown
# for one search, and anybody may search as often as he likes.
LOOKED_THROUGH = 6000


def marked(text, query):
    """The whole text as HTML."""
    return _html(text, _joined(query.hits(text), text), 0, len(text))


def snippet(text, query):
    """The part of the text where most of the words stand together, as HTML; its beginning where none does. Of a very
    long text only the neighbourhood of its rarest word is looked through."""
    from_here = _near_rarest_word(text, query)
    part = text[from_here : from_here + LOOKED_THROUGH]
    hits = [(start + from_here, end + from_here, word) for start, end, word in sorted(query.hits(part))]
    start, end = _window(text, hits)
    shown = _html(text, _joined(hits, text), start, end)
    return format_html("{}{}{}", "… " if start else "", shown, " …" if end < len(text) else "")


def _near_rarest_word(text, query):
    """Where to begin to look; 0 for all texts of an ordinary length. The word that comes last for the first time is
    likely the rarest, and the others are near it sooner than it is near them."""
    if len(text) <= LOOKED_THROUGH:
        return 0
    string = quickly_folded(text)
    found = [string.find(query.words[place]) for place in query.asked]
    return max(max(found) - LOOKED_THROUGH // 2, 0)


def _joined(hits, text):
    """[(start, end)] without overlaps; parts of one word with nothing but a ZWNJ between them are one mark."""
    spans = []
    for start, end, _word in sorted(hits):
        if spans and not text[spans[-1][1] : start].strip("\u200c"):
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _window(text, hits):
    """(start, end) of the snippet, at the edges of words."""
    start = max(_best_start(hits) - BEFORE, 0)
    if start + LENGTH > len(text):
        start = max(len(text) - LENGTH, 0)
    end = min(start + LENGTH, len(text))
    if start:
        start = _space(text, start, end) + 1
    if end < len(text):
        end = max(text.rfind(" ", start, end), text.rfind("\n", start, end), 0) or end
    return start, max(start, end)


def _space(text, start, end):
    """The first gap between words from ``start``, near enough not to swallow a hit; else the place before it."""
    found = min(
        (place for place in (text.find(" ", start, end), text.find("\n", start, end)) if place >= 0), default=-1
    )
    return found if 0 <= found - start < BEFORE else start - 1


def _best_start(hits):
    """Where the window begins that holds the most different words, then the most hits."""
    best, best_start = (0, 0), 0
    window, last = Counter(), 0
    for start, _end, word in hits:
        window[word] += 1
        while hits[last][0] < start - (LENGTH - 2 * BEFORE):
            window[hits[last][2]] -= 1
            last += 1
        found = (len(+window), window.total())
        if found > best:
            best, best_start = found, hits[last][0]
    return best_start


def _html(text, spans, start, end):
    pieces, at = [], start
    for first, last in spans:
        if last <= start or first >= end:
            continue
        first, last = max(first, start), min(last, end)
        pieces += [_words(text[at:first]), f"<mark>{_words(text[first:last])}</mark>"]
        at = last
    pieces.append(_words(text[at:end]))
    return mark_safe("".join(pieces))


def _words(text):
    """Escaped; paragraphs are told apart."""
    return escape(text).replace("\n", " · ")
