"""The staff desk's addresses, below /admin/desk/."""

from servicedesk.staff import (
    counter,
    exporting,
    gateways,
    letter,
    lost_messages,
    neighbours,
    others,
    previews,
    saved_texts,
    undelivered,
    views_of_letter,
    writing,
)
from servicedesk.staff.bulk import views as bulk
from servicedesk.staff.forbidden import path
from servicedesk.staff.inbox import saved
from servicedesk.staff.inbox.views import inbox
from servicedesk.staff.reports import views as reports
from servicedesk.staff.unit import views as unit_views
from servicedesk.staff.verbs.register import VERBS
from servicedesk.staff.verbs.sending import view_of

app_name = "staff"

urlpatterns = [
    path("", inbox, name="inbox"),
    path("messages/", undelivered.undelivered, name="undelivered"),
    path("gateways/", gateways.gateways, name="gateways"),
    path("export/csv/", exporting.export_csv, name="export-csv"),
    path("export/xlsx/", exporting.export_xlsx, name="export-xlsx"),
    path("exports/", exporting.exports, name="exports"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/<int:pk>/", bulk.job, name="bulk-job"),
    path("bulk/<int:pk>/progress/", bulk.progress, name="bulk-progress"),
    path("filters/", saved.save, name="save-filter"),
    path("filters/<int:pk>/remove/", saved.remove, name="remove-filter"),
    path("texts/", saved_texts.saved_texts, name="saved-texts"),
    path("texts/new/", saved_texts.edit, name="new-text"),
    path("texts/<int:pk>/", saved_texts.edit, name="edit-text"),
    path("texts/<int:pk>/remove/", saved_texts.remove, name="remove-text"),
    path("reports/", reports.page, name="reports"),
    path("reports/csv/", reports.as_csv, name="report-csv"),
    path("reports/xlsx/", reports.as_xlsx, name="report-xlsx"),
    path("new/", counter.counter, name="counter"),
    path("unit/", unit_views.units, name="units"),
    path("unit/<int:pk>/", unit_views.unit, name="unit"),
    path("unit/<int:pk>/members/<int:member>/", unit_views.member, name="unit-member"),
    path("<str:reference>/", letter.letter, name="letter"),
    path("<str:reference>/next/", neighbours.following, name="next"),
    path("<str:reference>/previous/", neighbours.preceding, name="previous"),
    path("<str:reference>/others/", others.others, name="others"),
    path("<str:reference>/draft/", writing.keep, name="keep-draft"),
    path("<str:reference>/here/", writing.here, name="here"),
    path("<str:reference>/texts/", writing.texts, name="texts"),
    path("<str:reference>/preview/", writing.preview, name="preview-answer"),
    path("<str:reference>/files/<uuid:file_id>/", letter.file, name="file"),
    path("<str:reference>/files/<uuid:file_id>/pages/<int:number>/", previews.page, name="file-page"),
    path("<str:reference>/lost-messages/", lost_messages.lost_messages, name="lost-messages"),
    path("<str:reference>/slip/", counter.slip, name="slip"),
    path("<str:reference>/views/", views_of_letter.export, name="views"),
    *(path(f"<str:reference>/{form.name}/", view_of(form), name=form.name) for form in VERBS),
]
