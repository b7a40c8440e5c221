"""Services as files in the admin: saved from a service's page, taken in below the home page as a draft."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from servicedesk.exchange import LARGEST, NotAService, exported, imported
from servicedesk.models import ServicePage
from servicedesk.ready_services import on_offer


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File of a service"),
        help_text=gettext_lazy("It ends in .json and was made by “Save as a file” on the page of a service."),
        error_messages={"required": gettext_lazy("Choose a file.")},
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )


@require_safe
def export(request, page_id):
    """The service as a file: its latest draft, as the editor who asks sees it."""
    page = get_object_or_404(ServicePage, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    page = page.get_latest_revision_as_object()
    response = HttpResponse(exported(page), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="service-{page.pk}.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def import_service(request, parent_id):
    """Takes a file in as a draft, or one of the ready services, and opens it for the editor."""
    parent = get_object_or_404(Page, pk=parent_id).specific
    if not takes_services(parent, request.user):
        raise PermissionDenied
    ready = on_offer(parent.locale.language_code)
    if request.method == "POST" and "ready" in request.POST:
        return _take_in(request, _named(ready, request.POST["ready"]).data, parent)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _take_in(request, form.cleaned_data["file"].read(LARGEST + 1), parent)
        except NotAService as refusal:
            form.add_error("file", str(refusal))
    context = {
        "form": form,
        "ready": ready,
        "header_title": _("Take in a service"),
        "header_icon": "upload",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_explore", args=[parent.pk]), "label": parent.title},
            {"url": "", "label": _("Take in a service")},
        ],
    }
    return render(request, "servicedesk/staff/import_service.html", context, status=422 if form.errors else 200)


def _take_in(request, data, parent):
    page = imported(data, parent=parent, owner=request.user)
    messages.success(request, _("The service is here as a draft. Look it over, choose its units, then publish it."))
    return redirect("wagtailadmin_pages:edit", page.pk)


def _named(ready, name):
    for service in ready:
        if service.name == name:
            return service
    raise Http404


def takes_services(page, user):
    """Whether this person may make services below this page."""
    return ServicePage.can_create_at(page) and page.permissions_for_user(user).can_add_subpage()


def buttons(page, user):
    """In the menu of a page: the file of a service, and below the home page the way in for one."""
    page = page.specific
    if isinstance(page, ServicePage) and page.permissions_for_user(user).can_edit():
        yield Button(_("Save as a file"), reverse("export-service", args=[page.pk]), icon_name="download", priority=70)
    if takes_services(page, user):
        yield Button(
            _("Take in a service from a file"),
            reverse("import-service", args=[page.pk]),
            icon_name="upload",
            priority=71,
        )
