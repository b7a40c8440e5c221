"""What a report measures, each thing once: how PostgreSQL counts it, what it is called, and how it is written."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Aggregate, Count, FloatField, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from servicedesk import persian


class Percentile(Aggregate):
    """The value below which a share (0 to 1) of all values lies; between two values, as far between them. NULL without
    values."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)%(filter)s"
    output_field = FloatField()

    def __init__(self, expression, share, **extra):
        super().__init__(expression, share=share, **extra)


@dataclass(frozen=True)
class Measure:
    """One column of the tables. ``value`` of a row {name: number} is an int, a Decimal or None; ``words`` writes it."""

    name: str
    label: Promise

    def value(self, row):
        return row[self.name]

    def words(self, row):
        value = self.value(row)
        return "–" if value is None else persian.number_for_people(value)


class Hours(Measure):
    """Minutes of opening hours, shown as hours."""

    def value(self, row):
        minutes = row[self.name]
        if minutes is None:
            return None
        hours = Decimal(minutes) / 60
        # A tenth of an hour says nothing of a week.
        return round(hours, 1) if hours < 100 else Decimal(round(hours))


class Share(Measure):
    """Of the answers to letters with a promised day, how many came by it: in percent."""

    def value(self, row):
        return round(100 * row["in_time"] / row["promised"]) if row["promised"] else None

    def words(self, row):
        value = self.value(row)
        return "–" if value is None else _("%(count)s%%") % {"count": persian.number_for_people(value)}


MEASURES = (
    Measure("came", pgettext_lazy("letters", "Came in")),
    Measure("answered", pgettext_lazy("letters", "Answered")),
    Measure("closed", gettext_lazy("Closed without an answer")),
    Measure("withdrawn", gettext_lazy("Taken back by their senders")),
    Measure("open", gettext_lazy("Open at the end")),
    Measure("overdue", gettext_lazy("of these overdue")),
    Hours("reaction_median", gettext_lazy("First reaction, median (working hours)")),
    Hours("reaction_most", gettext_lazy("First reaction, 90th percentile (working hours)")),
    Hours("answer_median", gettext_lazy("Final answer, median (working hours)")),
    Hours("answer_most", gettext_lazy("Final answer, 90th percentile (working hours)")),
    Share("in_time_share", gettext_lazy("Answered in time")),
)
_COUNTS = ["came", "answered", "closed", "withdrawn", "open", "overdue", "promised", "in_time"]
NOTHING = dict.fromkeys(_COUNTS, 0) | dict.fromkeys(
    ["reaction_median", "reaction_most", "answer_median", "answer_most"]
)


def concerning(figures, span):
    """The LetterFigures that a span may count: what came before its end and did not end before its beginning."""
    return figures.filter(Q(ended_at=None) | Q(ended_at__gte=span.begin), came_at__lt=span.end)


def counted(span):
    """{name: aggregate} over LetterFigures, all that MEASURES need of a span."""
    reacted, answered = Q(**span.holding("reacted_at")), Q(**span.holding("answered_at"))
    unanswered = Q(**span.holding("ended_at"), answered_at=None)
    is_open = Q(came_at__lt=span.end) & (Q(ended_at=None) | Q(ended_at__gte=span.end))
    # As the inbox said it on the last day: what waits for its citizen is not late.
    day = min(span.last, timezone.localdate(timezone=timezone.get_default_timezone()))
    is_late = Q(due_on__lt=day) & (Q(rests_since=None) | Q(rests_since__gte=span.end))
    return {
        "came": Count("pk", filter=Q(**span.holding("came_at"))),
        "answered": Count("pk", filter=answered),
        "closed": Count("pk", filter=unanswered & Q(is_withdrawn=False)),
        "withdrawn": Count("pk", filter=unanswered & Q(is_withdrawn=True)),
        "open": Count("pk", filter=is_open),
        "overdue": Count("pk", filter=is_open & is_late),
        "reaction_median": Percentile("reaction_minutes", 0.5, filter=reacted),
        "reaction_most": Percentile("reaction_minutes", 0.9, filter=reacted),
        "answer_median": Percentile("answer_minutes", 0.5, filter=answered),
        "answer_most": Percentile("answer_minutes", 0.9, filter=answered),
        "promised": Count("pk", filter=answered & Q(is_in_time__isnull=False)),
        "in_time": Count("pk", filter=answered & Q(is_in_time=True)),
    }
