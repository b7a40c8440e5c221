"""The geometry of a report's pictures, for SVG templates: plain numbers in units of the view box.

Time and bars go the way the page is read: from right to left in Persian. Each picture stands above the table of the
same figures, so nothing in it is said there alone.
"""

import math
from dataclasses import dataclass, field

from django.utils.translation import get_language_bidi

from servicedesk import persian

WIDTH = 720


@dataclass(frozen=True)
class Box:
    """A rectangle. ``kind`` chooses its colour; ``label``, where there is one, is written in its middle."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: str = ""

    @property
    def middle_x(self):
        return self.x + self.width / 2

    @property
    def middle_y(self):
        return self.y + self.height / 2


@dataclass(frozen=True)
class Words:
    """A text and where it is anchored: "start" is its left end, "end" its right one."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Rule:
    """A line across the picture at ``y``."""

    y: float
    begin: float
    end: float


@dataclass(frozen=True)
class Picture:
    height: float
    boxes: list = field(default_factory=list)
    words: list = field(default_factory=list)
    rules: list = field(default_factory=list)
    width: float = WIDTH

    def mirrored(self):
        """The same from right to left."""
        turned = {"start": "end", "end": "start", "middle": "middle"}
        return Picture(
            self.height,
            [Box(self.width - b.x - b.width, b.y, b.width, b.height, b.kind, b.label) for b in self.boxes],
            [Words(self.width - w.x, w.y, w.text, turned[w.anchor]) for w in self.words],
            [Rule(r.y, self.width - r.end, self.width - r.begin) for r in self.rules],
            self.width,
        )


def _read_the_way_of_the_page(picture):
    return picture.mirrored() if get_language_bidi() else picture


def round_top(highest):
    """The end of an axis and its steps: [0, …, a round number not below ``highest``]."""
    step = 10 ** max(0, math.floor(math.log10(max(highest, 1) / 4)))
    step = next(step * factor for factor in (1, 2, 5, 10) if step * factor * 4 >= highest)
    return [step * number for number in range(5)]


def columns(periods):
    """What came in and what was answered, side by side. ``periods``: [(name, came, answered)]."""
    left, top, bottom = 48, 12, 212
    steps = round_top(max((max(came, answered) for _name, came, answered in periods), default=0))
    scale, room = (bottom - top) / steps[-1], (WIDTH - left) / max(1, len(periods))
    boxes, words = [], []
    thick = min(room * 0.38, 28)
    every = math.ceil(len(periods) / 16)
    for number, (name, came, answered) in enumerate(periods):
        middle = left + room * (number + 0.5)
        for kind, count, x in (("came", came, middle - thick), ("answered", answered, middle)):
            boxes.append(Box(x + 0.5, bottom - count * scale, thick - 1, count * scale, kind))
        if number % every == 0:
            words.append(Words(middle, bottom + 20, name))
    for step in steps:
        words.append(Words(left - 8, bottom - step * scale + 4, persian.number_for_people(step), "end"))
    rules = [Rule(bottom - step * scale, left, WIDTH) for step in steps]
    return _read_the_way_of_the_page(Picture(bottom + 32, boxes, words, rules))


def bars(lines):
    """Where it hurts: open letters, those that are late first. ``lines``: [(name, open, overdue)]."""
    left, row, thick = 230, 30, 18
    most = max((count for _name, count, _late in lines), default=0) or 1
    scale = (WIDTH - left - 60) / most
    boxes, words = [], []
    for number, (name, count, late) in enumerate(lines):
        y = number * row + (row - thick) / 2
        boxes.append(Box(left, y, late * scale, thick, "late"))
        boxes.append(Box(left + late * scale, y, (count - late) * scale, thick, "open"))
        words.append(Words(left - 10, y + thick - 4, _shortened(name), "end"))
        words.append(Words(left + count * scale + 8, y + thick - 4, persian.number_for_people(count), "start"))
    return _read_the_way_of_the_page(Picture(len(lines) * row, boxes, words))


def heat(counts, weekdays, hours):
    """When letters come. ``counts``: {(weekday, hour): number}; ``weekdays``: names, Saturday's first; ``hours``: those
    that are shown, one after the other."""
    left, top, row = 92, 24, 30
    most = max(counts.values(), default=0) or 1
    room = (WIDTH - left) / len(hours)
    boxes, words = [], [Words(left + room * (n + 0.5), 15, persian.in_language(hour)) for n, hour in enumerate(hours)]
    for weekday, name in enumerate(weekdays):
        y = top + weekday * row
        words.append(Words(left - 10, y + row / 2 + 5, str(name), "end"))
        for place, hour in enumerate(hours):
            count = counts.get((weekday, hour), 0)
            kind = f"heat-{math.ceil(count / most * 5)}"
            label = persian.number_for_people(count) if count else ""
            boxes.append(Box(left + room * place + 1, y + 1, room - 2, row - 2, kind, label))
    return _read_the_way_of_the_page(Picture(top + row * len(weekdays), boxes, words))


def _shortened(name, most=28):
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
