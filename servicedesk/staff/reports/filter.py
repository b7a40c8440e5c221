"""What the address of a report may ask for: a span and units. What does not exist is an error, never «all»."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from servicedesk.persian import in_language, jalali_short
from servicedesk.staff.inbox.filter import day_in_one_box
from servicedesk.staff.reports.spans import Span, usual_spans

USUAL = "last-30-days"
# Ten years; more would only be a slow page.
LONGEST = datetime.timedelta(days=3660)


class ReportFilter(forms.Form):
    unit = forms.MultipleChoiceField(label=gettext_lazy("Units"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, data, *, desk):
        """``desk``: the OwnDesk of whoever asks."""
        self.desk = desk
        self.today = timezone.localdate(timezone=timezone.get_default_timezone())
        super().__init__(self._with_days(data))
        self.fields["since"] = day_in_one_box(pgettext_lazy("a report", "From"))
        self.fields["until"] = day_in_one_box(pgettext_lazy("a report", "Until"))
        self.fields["unit"].choices = [(str(unit.pk), str(unit)) for unit in desk.units]
        self.fields["unit"].error_messages["invalid_choice"] = _("There is no such unit among yours.")

    def _with_days(self, data):
        """The address with its days in the digits of the language in use, or the usual ones where it asks for none."""
        days = {name: in_language(data.get(name, "")) for name in ("since", "until")}
        if not any(days.values()):
            usual = usual_spans(self.today)[USUAL]
            days = {"since": jalali_short(usual.first), "until": jalali_short(usual.last)}
        data = data.copy()
        data.update(days)
        return data

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        last = data["until"] or self.today
        first = data["since"] or usual_spans(last)[USUAL].first
        if last < first:
            self.add_error("until", _("The last day lies before the first one."))
        elif last - first > LONGEST:
            self.add_error("until", _("A report spans ten years at most."))
        else:
            data["span"] = Span(first, last)
        return data

    @property
    def span(self):
        """The Span of a valid address."""
        return self.cleaned_data["span"]

    @property
    def units(self):
        """The Units that are asked for: the ticked ones, or all of one's own."""
        asked = self.cleaned_data["unit"]
        return [unit for unit in self.desk.units if not asked or str(unit.pk) in asked]

    @property
    def unit_ids(self):
        """Their ids; None for all units of the organisation."""
        if self.desk.unit_ids is None and not self.cleaned_data["unit"]:
            return None
        return [unit.pk for unit in self.units]

    def sentences(self):
        """Each error as a sentence that names its field."""
        for name, errors in self.errors.items():
            for error in errors:
                yield f"{self.fields[name].label}: {error}"
