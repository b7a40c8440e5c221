"""/admin/desk/texts/: the saved texts of one's units, and writing them."""

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from servicedesk.fields.text import LineField, ParagraphField
from servicedesk.models import SavedText, ServicePage, Unit
from servicedesk.models.saved_text import LONGEST_TEXT, LONGEST_TITLE, unknown_places
from servicedesk.roles import Act
from servicedesk.staff.own_desk import OwnDesk

FOR_ALL = "all"


def may_write_for_all(user):
    return user.has_perm("servicedesk.change_savedtext")


def writable_by(request):
    """The saved texts that a person may change: those of the units in which he answers."""
    units = OwnDesk.of(request).rights.units_for(Act.ANSWER)
    if units is None:
        return SavedText.objects.all()
    own = Q(unit__in=units)
    return SavedText.objects.filter(own | Q(unit=None) if may_write_for_all(request.user) else own)


class SavedTextForm(forms.Form):
    title = LineField(
        label=gettext_lazy("Title, by which you find it"),
        longest=LONGEST_TITLE,
        error_messages={"required": gettext_lazy("Give it a title.")},
    )
    text = ParagraphField(
        label=gettext_lazy("Text"),
        longest=LONGEST_TEXT,
        rows=8,
        error_messages={"required": gettext_lazy("Write the text.")},
        help_text=gettext_lazy(
            "{name}, {code}, {subject}, {service}, {unit}, {date} (on which it was sent), {today} and {number} (the "
            "official one) are filled in from the letter."
        ),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"))
    service = forms.ModelChoiceField(
        ServicePage.objects.none(),
        label=gettext_lazy("Service"),
        required=False,
        empty_label=gettext_lazy("All services"),
        error_messages={"invalid_choice": gettext_lazy("There is no such service. Choose another one.")},
    )

    def __init__(self, data=None, *, request, instance=None):
        given = {name: getattr(instance, name) for name in ("title", "text", "service")} if instance else {}
        super().__init__(data, initial=given | {"unit": instance and (instance.unit_id or FOR_ALL)})
        units = Unit.objects.order_by("sort_key")
        own = OwnDesk.of(request).rights.units_for(Act.ANSWER)
        choices = [(str(unit.pk), str(unit)) for unit in (units if own is None else units.filter(pk__in=own))]
        if own is None or may_write_for_all(request.user):
            choices.insert(0, (FOR_ALL, _("All units")))
        self.fields["unit"].choices = choices
        pages = ServicePage.objects.filter(locale__language_code=get_language())
        if instance and instance.service_id:
            pages = pages | ServicePage.objects.filter(pk=instance.service_id)
        self.fields["service"].queryset = pages.order_by("title")

    def clean_unit(self):
        """The unit's id; None for all units."""
        return None if self.cleaned_data["unit"] == FOR_ALL else int(self.cleaned_data["unit"])

    def clean_text(self):
        text = self.cleaned_data["text"]
        if unknown := unknown_places(text):
            raise ValidationError(unknown)
        return text


def _require_writer(request):
    if not OwnDesk.of(request).rights.may(Act.ANSWER):
        raise PermissionDenied


@require_safe
def saved_texts(request):
    """Those that one may change, by unit; and those for all units, which all may use."""
    _require_writer(request)
    writable = set(writable_by(request).values_list("pk", flat=True))
    rows = SavedText.objects.filter(Q(pk__in=writable) | Q(unit=None)).select_related("unit", "service", "changed_by")
    rows = sorted(rows, key=lambda row: (row.unit is not None, row.unit.sort_key if row.unit else "", row.title))
    context = {
        "texts": [{"row": row, "is_writable": row.pk in writable} for row in rows],
        **_frame(_("Saved texts")),
    }
    return render(request, "servicedesk/staff/saved_texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk=None):
    """A new one, or one that may be changed."""
    _require_writer(request)
    found = get_object_or_404(writable_by(request), pk=pk) if pk else None
    form = SavedTextForm(request.POST if request.method == "POST" else None, request=request, instance=found)
    if form.is_valid():
        data = form.cleaned_data
        values = {"title": data["title"], "text": data["text"], "unit_id": data["unit"], "service": data["service"]}
        values |= {"changed_by": request.user, "changed_at": timezone.now()}
        SavedText.objects.update_or_create(pk=pk, defaults=values)
        messages.success(request, _("The text “%(title)s” is saved.") % {"title": data["title"]})
        return redirect("staff:saved-texts")
    title = _("Change the saved text") if found else _("New saved text")
    context = {"form": form, "found": found, **_frame(title, (_("Saved texts"), reverse("staff:saved-texts")))}
    return render(request, "servicedesk/staff/saved_text.html", context, status=422 if form.is_bound else 200)


@require_POST
def remove(request, pk):
    _require_writer(request)
    gone, _rows = writable_by(request).filter(pk=pk).delete()
    if not gone:
        raise Http404
    messages.success(request, _("The text is removed. Answers that were written with it stay as they are."))
    return redirect("staff:saved-texts")


def _frame(title, above=None):
    crumbs = [{"url": reverse("staff:inbox"), "label": _("Staff desk")}]
    crumbs += [{"url": above[1], "label": above[0]}] if above else []
    return {
        "header_title": title,
        "header_icon": "doc-full-inverse",
        "breadcrumbs_items": [*crumbs, {"url": "", "label": title}],
    }
