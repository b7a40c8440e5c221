"""What a person of the staff has before him on the desk: his rights, his units, and how much is open there.

Asked once for each request: the menu, the home page and the inbox look at the same.
"""

from django.db.models import IntegerField, OuterRef, Subquery
from django.utils.functional import cached_property

from servicedesk.models import Letter, Rights, Unit, UnitMembership
from servicedesk.models.rights import sees_all
from servicedesk.roles import Act

# Counts stop here, so that they take as long for a million letters as for a thousand.
MOST_COUNTED = 1000


class CountedRows(Subquery):
    """How many rows a queryset has, at most MOST_COUNTED + 1, as a part of another one's statement."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, letters):
        super().__init__(letters.order_by().values("pk")[: MOST_COUNTED + 1])


class OwnDesk:
    def __init__(self, user):
        self.user = user

    @classmethod
    def of(cls, request):
        if not hasattr(request, "own_desk"):
            request.own_desk = cls(request.user)
        return request.own_desk

    @cached_property
    def _memberships(self):
        own = UnitMembership.objects.in_force_for(self.user).select_related("unit").order_by("unit__sort_key", "pk")
        return list(own.annotate(open_letters=CountedRows(Letter.objects.live().open().filter(unit=OuterRef("unit")))))

    @cached_property
    def rights(self):
        return Rights(self.user, self._memberships)

    @cached_property
    def sees_all(self):
        return sees_all(self.user)

    @cached_property
    def units(self):
        """The units whose letters stand in the inbox, by name."""
        if self.sees_all:
            return list(Unit.objects.order_by("sort_key"))
        return list({one.unit_id: one.unit for one in self._memberships}.values())

    @property
    def unit_ids(self):
        """Their ids; None for those of the whole organisation."""
        return None if self.sees_all else list(dict.fromkeys(one.unit_id for one in self._memberships))

    @property
    def letters(self):
        """The letters in one's own hands."""
        letters = Letter.objects.live()
        return letters if self.unit_ids is None else letters.filter(unit__in=self.unit_ids)

    @property
    def led_units(self):
        """The units that one leads, as a member or for one who is away, by name."""
        units = {one.unit_id: one.unit for one in self._memberships}
        return [units[pk] for pk in self.rights.own_units_for(Act.LEAD)]

    @property
    def speaks_for(self):
        """The ids of the units whose opinion one may say."""
        return self.rights.own_units_for(Act.NOTE)

    @property
    def is_shown(self):
        """Whether there is a desk for this person at all."""
        return self.sees_all or bool(self._memberships)

    @cached_property
    def open_letters(self):
        """How many are open; more than MOST_COUNTED are some number above it."""
        if self.sees_all:
            return len(Letter.objects.live().open().order_by().values_list("pk")[: MOST_COUNTED + 1])
        return sum({one.unit_id: one.open_letters for one in self._memberships}.values())
