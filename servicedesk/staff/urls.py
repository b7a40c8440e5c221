"""The staff desk's addresses, below /admin/desk/."""

from django.urls import path

from servicedesk.staff import (
    exporting,
    gateways,
    letter,
    neighbours,
    saved_texts,
    undelivered,
    views_of_letter,
    writing,
)
from servicedesk.staff.forbidden import says_no
from servicedesk.staff.inbox import saved
from servicedesk.staff.inbox.views import inbox
from servicedesk.staff.verbs.register import VERBS
from servicedesk.staff.verbs.sending import view_of

app_name = "staff"


def page(route, view, name):
    """The path of a view of the desk; where it raises PermissionDenied, the answer is 403."""
    return path(route, says_no(view), name=name)


urlpatterns = [
    page("", inbox, name="inbox"),
    page("messages/", undelivered.undelivered, name="undelivered"),
    page("gateways/", gateways.gateways, name="gateways"),
    page("export/csv/", exporting.export_csv, name="export-csv"),
    page("export/xlsx/", exporting.export_xlsx, name="export-xlsx"),
    page("exports/", exporting.exports, name="exports"),
    page("filters/", saved.save, name="save-filter"),
    page("filters/<int:pk>/remove/", saved.remove, name="remove-filter"),
    page("texts/", saved_texts.saved_texts, name="saved-texts"),
    page("texts/new/", saved_texts.edit, name="new-text"),
    page("texts/<int:pk>/", saved_texts.edit, name="edit-text"),
    page("texts/<int:pk>/remove/", saved_texts.remove, name="remove-text"),
    page("<str:reference>/", letter.letter, name="letter"),
    page("<str:reference>/next/", neighbours.following, name="next"),
    page("<str:reference>/previous/", neighbours.preceding, name="previous"),
    page("<str:reference>/draft/", writing.keep, name="keep-draft"),
    page("<str:reference>/here/", writing.here, name="here"),
    page("<str:reference>/texts/", writing.texts, name="texts"),
    page("<str:reference>/preview/", writing.preview, name="preview-answer"),
    page("<str:reference>/files/<uuid:file_id>/", letter.file, name="file"),
    page("<str:reference>/views/", views_of_letter.export, name="views"),
    *(page(f"<str:reference>/{form.name}/", view_of(form), name=form.name) for form in VERBS),
]
