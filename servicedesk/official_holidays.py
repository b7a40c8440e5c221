"""The official holidays of Iran, as the package ``holidays`` has them: what the table of holidays is filled from.

Nothing else knows the package, and nothing is computed from it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import jdatetime
from holidays.countries import Iran

from servicedesk.persian import persian_digits

# How the package writes, and how we do.
_SPELLING = (
    ("عیدنوروز", "عید نوروز"),
    ("علیه السلام", "علیه‌السلام"),
    ("سلام الله علیها", "سلام‌الله علیها"),
    ("عجل الله تعالی فرجه", "عجل‌الله تعالی فرجه"),
)


@dataclass(frozen=True)
class OfficialDay:
    """``name`` is the package's own and tells this occasion again when its day has moved; ``title`` is for people. An
    estimated day follows the moon and may still move by a day or two."""

    date: date
    name: str
    is_estimated: bool

    @property
    def title(self):
        text = persian_digits(re.sub(r"؛\s*", "؛ ", self.name))
        for theirs, ours in _SPELLING:
            text = text.replace(theirs, ours)
        return text


def official_days(year):
    """The OfficialDays of a Jalali year in their order; two occasions on one day are two."""
    day = jdatetime.date(year, 1, 1).togregorian()
    end = jdatetime.date(year + 1, 1, 1).togregorian()
    years = {day.year, end.year}
    # Estimated is what is named otherwise where estimates are marked.
    plain = Iran(years=years, language="fa_IR", islamic_show_estimated=False)
    marked = Iran(years=years, language="fa_IR", islamic_show_estimated=True)
    found = []
    while day < end:
        certain = marked.get_list(day)
        found += [OfficialDay(day, name, name not in certain) for name in plain.get_list(day)]
        day += timedelta(days=1)
    return found
