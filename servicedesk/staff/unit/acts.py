"""Who may ask for the page of a unit, and what is done on one: one act, under the lock of the unit."""

from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin import messages

from servicedesk.models import Leading, Rights, Unit
from servicedesk.staff.own_desk import OwnDesk
from servicedesk.staff.unit.who import leads, numbers_all


class UnitPage:
    """A page about a unit that holds several forms. ``acts``: {what a POST names in ``do``: the method that does it};
    each takes nothing and gives (its form, what was done in words). A form with errors stands there again."""

    acts = {}

    def __init__(self, request, pk):
        self.request, self.pk = request, pk
        self.failed = {}

    def respond(self):
        if self.request.method != "POST":
            self._find(Unit.objects.all(), lambda: OwnDesk.of(self.request).rights)
            return self.page(200)
        with transaction.atomic():
            self._find(Leading.locked(), lambda: Rights(self.request.user))
            do = self.request.POST.get("do", "")
            if do not in self.acts:
                raise BadRequest("no such act")
            form, said = getattr(self, self.acts[do])()
        if form is not None and form.errors:
            self.failed[do] = form
            return self.page(422)
        messages.success(self.request, said)
        return redirect(self.way_on())

    def _find(self, units, rights):
        """Raises Http404 where this unit is nothing to the person."""
        self.unit = get_object_or_404(units, pk=self.pk)
        # Only now, under the lock if there is one: who was a head a moment ago changes nothing any more.
        self.rights = rights()
        if not self.is_open():
            raise Http404

    @cached_property
    def leads(self):
        return leads(self.rights, self.unit.pk)

    @cached_property
    def numbers(self):
        return self.leads or numbers_all(self.rights)

    @property
    def leading(self):
        return Leading(self.unit, self.request.user)

    def form(self, do, fresh):
        """The form of an act: the one that failed, else a fresh one."""
        return self.failed.get(do) or fresh

    def is_open(self):
        """Whether the person may be here. Looks for what else the page is about."""
        raise NotImplementedError

    def page(self, status):
        raise NotImplementedError

    def way_on(self):
        """Where it goes after an act: to the unit, or away from it where one has just stepped down."""
        still_leads = leads(Rights(self.request.user), self.unit.pk) or self.numbers and not self.leads
        return reverse("staff:unit", args=[self.unit.pk]) if still_leads else reverse("wagtailadmin_home")
