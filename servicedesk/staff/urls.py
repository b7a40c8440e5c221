"""The staff desk's addresses, below /admin/desk/."""

from django.urls import path

from servicedesk.staff import exporting, gateways, letter, undelivered, views_of_letter
from servicedesk.staff.inbox.views import inbox
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
    path("unit/", unit_views.units, name="units"),
    path("unit/<int:pk>/", unit_views.unit, name="unit"),
    path("unit/<int:pk>/members/<int:member>/", unit_views.member, name="unit-member"),
    path("<str:reference>/", letter.letter, name="letter"),
    path("<str:reference>/files/<uuid:file_id>/", letter.file, name="file"),
    path("<str:reference>/views/", views_of_letter.export, name="views"),
    *(path(f"<str:reference>/{form.name}/", view_of(form), name=form.name) for form in VERBS),
]
