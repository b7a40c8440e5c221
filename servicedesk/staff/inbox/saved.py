"""Filters that a person keeps under a name."""

from urllib.parse import parse_qsl, urlencode

from django import forms
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from servicedesk.fields.text import LineField
from servicedesk.models import SavedFilter
from servicedesk.models.saved_filter import LONGEST_NAME, LONGEST_QUERY, MOST_FILTERS
from servicedesk.persian import in_language

# What is a place in a list, and no filter.
_PLACES = ("after", "before")


class SavedFilterForm(forms.Form):
    name = LineField(
        label=gettext_lazy("Name of this filter"),
        longest=LONGEST_NAME,
        error_messages={"required": gettext_lazy("Give the filter a name.")},
    )
    query = forms.CharField(required=False, max_length=LONGEST_QUERY)

    def clean_query(self):
        """The address without places in the list."""
        return urlencode([pair for pair in parse_qsl(self.cleaned_data["query"]) if pair[0] not in _PLACES])


@require_POST
def save(request):
    """Keeps the address of the inbox under a name; one of the same name is replaced."""
    form = SavedFilterForm(request.POST)
    query = form.cleaned_data.get("query", "") if form.is_valid() else request.POST.get("query", "")
    back = redirect(f"{reverse('staff:inbox')}?{query}")
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return back
    name, own = form.cleaned_data["name"], SavedFilter.objects.filter(user=request.user)
    if own.exclude(name=name).count() >= MOST_FILTERS:
        most = in_language(MOST_FILTERS)
        messages.error(request, _("You have %(most)s saved filters. Remove one first.") % {"most": most})
        return back
    SavedFilter.objects.update_or_create(user=request.user, name=name, defaults={"query": query})
    messages.success(request, _("The filter “%(name)s” is saved.") % {"name": name})
    return back


@require_POST
def remove(request, pk):
    """Forgets one of one's own filters."""
    if SavedFilter.objects.filter(user=request.user, pk=pk).delete()[0]:
        messages.success(request, _("The filter is removed."))
    return redirect("staff:inbox")
