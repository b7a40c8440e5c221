"""The form in which a clerk enters a letter on paper."""

import uuid
from collections import defaultdict

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servicedesk import persian
from servicedesk.fields.identity import MobileField
from servicedesk.fields.text import LineField
from servicedesk.models import Letter, ServicePage, Unit
from servicedesk.models.verbs.arriving import PaperLetter
from servicedesk.roles import Act
from servicedesk.staff.verbs.form import KeyForm, unit_field

MOST_SCANS = 5


class CounterForm(KeyForm):
    """Knows the services and units that its clerk may enter letters for. Scans are taken by the view, which needs the
    store; ``kept``: the accepted ones, oldest first."""

    def __init__(self, data=None, *, rights, desk, kept=()):
        super().__init__(data, initial={"form_key": uuid.uuid4()}, auto_id="counter-%s")
        self.desk, self.kept = desk, list(kept)
        units = _units_of(rights)
        self.units_by_service = {
            service: taking
            for service, taking in receiving_units(ServicePage.objects.offered().select_related("locale")).items()
            if taking & {unit.pk for unit in units.units}
        }
        self._ask_who_writes_what()
        self._ask_where_it_goes(units)
        self.fields["scans"] = forms.FileField(label=gettext_lazy("Scans of the letter"), required=False)

    def _ask_who_writes_what(self):
        """The fields of what stands on the paper."""
        longest = self.desk.text_length
        self.fields["sender_name"] = LineField(
            label=gettext_lazy("Sender's full name"),
            longest=longest,
            error_messages={"required": gettext_lazy("Enter the name of the sender as it stands on the letter.")},
        )
        self.fields["mobile"] = MobileField(
            label=gettext_lazy("Sender's mobile number"),
            required=False,
            help_text=gettext_lazy(
                "The tracking code goes there by SMS, and the answer can be read on the site. Leave it empty if there "
                "is none."
            ),
        )
        self.fields["contact"] = LineField(
            label=gettext_lazy("Address or telephone"),
            longest=Letter._meta.get_field("contact").max_length,
            required=False,
            help_text=gettext_lazy("Without a mobile number the answer goes there."),
        )
        self.fields["subject"] = LineField(
            label=gettext_lazy("Subject of the request"),
            longest=longest,
            error_messages={"required": gettext_lazy("Say in a few words what the letter is about.")},
        )
        for name in ("sender_name", "mobile", "contact", "subject"):
            # What the clerk's browser remembers is another citizen's.
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def _ask_where_it_goes(self, units):
        """The fields of service and unit; where there is one only, it is chosen."""
        self.fields["service"] = forms.ChoiceField(
            label=gettext_lazy("Service"),
            choices=[("", _("Choose a service")), *((one.pk, one.title) for one in self.services)],
            error_messages={
                "required": gettext_lazy("Choose the service."),
                "invalid_choice": gettext_lazy("There is no such service. Choose another one."),
            },
        )
        self.fields["unit"] = units
        if len(self.services) == 1:
            self.initial["service"] = self.services[0].pk
        if len(units.units) == 1:
            self.initial["unit"] = units.units[0].pk

    @property
    def services(self):
        return sorted(self.units_by_service, key=lambda service: persian.sort_key(service.title))

    @property
    def can_start(self):
        """Whether there is any service and unit for the letters of this clerk."""
        return bool(self.units_by_service)

    def clean_service(self):
        return next(one for one in self.services if str(one.pk) == self.cleaned_data["service"])

    def clean(self):
        data = super().clean()
        if not data.get("mobile") and not data.get("contact") and not self.errors.keys() & {"mobile", "contact"}:
            self.add_error(
                "contact", _("Without a mobile number, enter an address or a telephone where the answer can go.")
            )
        service, unit = data.get("service"), data.get("unit")
        if service and unit and unit.pk not in self.units_by_service[service]:
            taking = [one for one in self.fields["unit"].units if one.pk in self.units_by_service[service]]
            names = persian.listed(map(str, taking))
            self.add_error("unit", _("Letters of this service go to: %(units)s") % {"units": names})
        return data

    # --- Scans --------------------------------------------------------------------------------------

    @property
    def rules(self):
        """Of the service, once one is chosen; else the desk's."""
        service = self.cleaned_data.get("service") if self.is_bound else None
        return service.file_rules(self.desk) if service else self.desk.body_file_rules

    @property
    def extensions(self):
        """What some service takes."""
        return sorted({one for service in self.services for one in service.file_rules(self.desk).extensions})

    @property
    def rules_differ(self):
        return len({service.file_rules(self.desk) for service in self.services}) > 1

    def judge_scans(self):
        """Once the scans are taken: says what is wrong with all of them together."""
        if not self.kept and not self.has_error("scans"):
            self.add_error("scans", _("Attach at least one scan or photo of the letter."))
        for scan in self.kept:
            if scan.kind not in self.rules.kinds or scan.size > self.rules.max_bytes:
                self.add_error(
                    "scans",
                    _("“%(name)s” does not fit the rules of this service. Remove it and attach another one.")
                    % {"name": isolated(scan.name)},
                )

    def paper(self):
        """The PaperLetter of a form that will do."""
        data = self.cleaned_data
        names = ("sender_name", "subject", "unit", "mobile", "contact")
        return PaperLetter(**{name: data[name] for name in names}, scans=tuple(self.kept))


def isolated(name):
    """A stranger's text within a sentence, whose direction it leaves alone."""
    return f"\u2068{name}\u2069"


def _units_of(rights):
    own = rights.units_for(Act.HAND_ON)
    units = Unit.objects.receiving()
    return unit_field(units if own is None else units.filter(pk__in=own), label=gettext_lazy("Unit"))


def receiving_units(services):
    """{service: the ids of the units that its letters may go to}: ``ServicePage.receiving_units`` of many at once."""
    services = list(services)
    active = set(Unit.objects.receiving().values_list("pk", flat=True))
    chosen = defaultdict(set)
    of_services = ServicePage.units.through.objects.filter(servicepage__in=services)
    for service, unit in of_services.values_list("servicepage_id", "unit_id"):
        chosen[service].add(unit)
    # As stored: made into blocks, the units of each service would be asked for by themselves.
    routed = {one.pk: {row["value"].get("unit") for row in one.routing.raw_data} for one in services}
    return {one: routed[one.pk] & active or chosen[one.pk] & active or active for one in services}
