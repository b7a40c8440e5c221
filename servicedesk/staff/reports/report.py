"""The figures of one report: a span beside the one before, in total, by unit, service and clerk, over time, and by
weekday and hour. Reads the summary table alone, in as many questions for a million letters as for none."""

from dataclasses import dataclass

from django.db.models import Case, Count, TextField, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servicedesk.models import LetterFigure, ServicePage, User
from servicedesk.persian import sort_key
from servicedesk.staff.reports.measures import MEASURES, NOTHING, concerning, counted

_BEFORE = "before_"


@dataclass(frozen=True)
class Line:
    """One line of a table: {name: number} of the span (``now``) and of the one ``before``."""

    name: str
    now: dict
    before: dict

    def cells(self):
        """[(Measure, words of now, words of before)]"""
        return [(measure, measure.words(self.now), measure.words(self.before)) for measure in MEASURES]


class Report:
    def __init__(self, span, *, units, chosen, led):
        """``units``: the Units that are told apart; ``chosen``: their ids, or None for all there are; ``led``: the ids
        of those whose clerks may be told apart, or None for all."""
        self.span, self.before = span, span.before()
        self.units = units
        self.figures = LetterFigure.objects.in_units(chosen)
        self.figures_by_clerk = self.figures.in_units(led)

    @cached_property
    def total(self):
        """The Line of all letters."""
        numbers = self._concerned(self.figures).aggregate(**self._both())
        return _line(_("All letters"), numbers)

    @cached_property
    def by_unit(self):
        """Lines, by name; of each unit that was asked for."""
        rows = self._grouped(self.figures, "unit")
        return [_line(str(unit), rows.get(unit.pk)) for unit in self.units]

    @cached_property
    def by_service(self):
        """Lines, by name: a service is one in all languages, and once its page is gone it is what it was called."""
        gone = Case(When(service=None, then="service_title"), default=Value(""), output_field=TextField())
        figures = self._concerned(self.figures).annotate(title=gone)
        rows = figures.values("service__translation_key", "title").annotate(**self._both()).order_by()
        titles = _titles_of({row["service__translation_key"] for row in rows} - {None})
        lines = [_line(row["title"] or titles[row["service__translation_key"]], row) for row in rows]
        return sorted(lines, key=lambda line: sort_key(line.name))

    @cached_property
    def by_clerk(self):
        """Lines, by name; the letters that nobody had yet last."""
        rows = self._grouped(self.figures_by_clerk, "clerk")
        people = User.objects.in_bulk(set(rows) - {None})
        lines = [_line(people[pk].display_name, row) for pk, row in rows.items() if pk is not None]
        lines.sort(key=lambda line: sort_key(line.name))
        return lines + [_line(_("Nobody yet"), rows[None])] if None in rows else lines

    @cached_property
    def periods(self):
        """[(what it is called, Span, letters in, answered)], the earliest first."""
        came, answered = self._by_day("came_at"), self._by_day("answered_at")
        return [
            (name, span, _sum_within(span, came), _sum_within(span, answered)) for name, span in self.span.periods()
        ]

    @cached_property
    def by_hour(self):
        """{(weekday from 0 for Saturday, hour): how many came in}; what is missing is 0."""
        rows = self.figures.filter(**self.span.holding("came_at")).values_list("weekday", "hour")
        return {(weekday, hour): count for weekday, hour, count in rows.annotate(count=Count("pk")).order_by()}

    def _concerned(self, figures):
        """Those that either span counts."""
        return concerning(figures, type(self.span)(self.before.first, self.span.last))

    def _both(self):
        return counted(self.span) | {f"{_BEFORE}{name}": one for name, one in counted(self.before).items()}

    def _grouped(self, figures, name):
        """{id: numbers of both spans}"""
        rows = self._concerned(figures).values(name).annotate(**self._both()).order_by()
        return {row[name]: row for row in rows}

    def _by_day(self, moment):
        """{date: how many letters have this moment on it}"""
        day = TruncDate(moment, tzinfo=timezone.get_default_timezone())
        rows = self.figures.filter(**self.span.holding(moment)).annotate(day=day).values_list("day")
        return dict(rows.annotate(count=Count("pk")).order_by())


def _line(name, numbers):
    numbers = numbers or {}
    return Line(
        name,
        {key: numbers.get(key, nothing) for key, nothing in NOTHING.items()},
        {key: numbers.get(f"{_BEFORE}{key}", nothing) for key, nothing in NOTHING.items()},
    )


def _sum_within(span, days):
    return sum(count for day, count in days.items() if span.first <= day <= span.last)


def _titles_of(keys):
    """{translation key: title of a service}, in the language in use where there is such a page."""
    rows = ServicePage.objects.filter(translation_key__in=keys).order_by("-pk")
    rows = rows.values_list("translation_key", "title", "locale__language_code")
    return {key: title for key, title, _language in sorted(rows, key=lambda row: row[2] == get_language())}
