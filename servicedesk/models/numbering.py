"""Official numbers of letters (شماره اندیکاتور): how each unit counts, and counting without gaps or doubles."""

import re

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicedesk import persian
from servicedesk.models.unit import Unit

# What stands for the Jalali year and the running number, in either language.
PLACES = {"سال": "year", "شماره": "number", "year": "year", "number": "number"}
PLACE = re.compile(r"\{([^{}]*)\}")
LONGEST_NUMBER = 40


class NumberTaken(Exception):
    """Another letter of the unit has this official number."""


class NumberingRule(models.Model):
    """How a unit numbers its letters: from one on in each Jalali year, as ``pattern`` says."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="numbering_rule")
    pattern = models.CharField(
        gettext_lazy("pattern"),
        max_length=LONGEST_NUMBER - 10,
        default="{سال}/{شماره}",
        help_text=gettext_lazy("{year} and {number} are filled in; what stands around them stays."),
    )
    on_arrival = models.BooleanField(
        gettext_lazy("each letter as it comes"),
        default=False,
        help_text=gettext_lazy("Off: a letter gets its number when somebody presses the button for it."),
    )

    def __str__(self):
        return str(self.unit)

    def clean(self):
        super().clean()
        places = [PLACES.get(name.strip()) for name in PLACE.findall(self.pattern)]
        if None in places:
            raise ValidationError({"pattern": _("Only {year} and {number} are filled in.")})
        if "number" not in places or "year" not in places:
            raise ValidationError({"pattern": _("Both {year} and {number} are needed, or numbers come twice.")})

    def next_number(self, moment):
        """The next official number, for a letter numbered at ``moment``. Inside the caller's transaction: where that is
        undone, the number was never given; until it ends the next one waits."""
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("a number is given inside the transaction that uses it")
        year = persian.jalali_year(moment)
        NumberSeries.objects.bulk_create([NumberSeries(unit=self.unit, year=year)], ignore_conflicts=True)
        series = NumberSeries.objects.select_for_update().get(unit=self.unit, year=year)
        NumberSeries.objects.filter(pk=series.pk).update(last=F("last") + 1)
        return self.filled(year, series.last + 1)

    def next_place(self, moment):
        """(Jalali year, running number) that a letter numbered at ``moment`` would get; nothing is given by asking."""
        year = persian.jalali_year(moment)
        last = NumberSeries.objects.filter(unit=self.unit_id, year=year).values_list("last", flat=True).first()
        return year, (last or 0) + 1

    def filled(self, year, number):
        """The official number at such a place."""
        values = {"year": str(year), "number": str(number)}
        return PLACE.sub(lambda found: values[PLACES[found[1].strip()]], self.pattern)


class NumberSeries(models.Model):
    """The last running number that a unit has given in a Jalali year."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="one_series_per_unit_and_year")]

    def __str__(self):
        return f"{self.unit_id} {self.year}"
