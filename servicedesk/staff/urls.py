"""The staff desk's addresses, below /admin/desk/."""

from django.urls import path

from servicedesk.staff import exporting, gateways, inbox, letter, undelivered, verbs, views_of_letter

app_name = "staff"

urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("messages/", undelivered.undelivered, name="undelivered"),
    path("gateways/", gateways.gateways, name="gateways"),
    path("export/csv/", exporting.export_csv, name="export-csv"),
    path("export/xlsx/", exporting.export_xlsx, name="export-xlsx"),
    path("exports/", exporting.exports, name="exports"),
    path("<str:reference>/", letter.letter, name="letter"),
    path("<str:reference>/files/<uuid:file_id>/", letter.file, name="file"),
    path("<str:reference>/views/", views_of_letter.export, name="views"),
    path("<str:reference>/answer/", verbs.answer, name="answer"),
    path("<str:reference>/interim-answer/", verbs.interim_answer, name="interim-answer"),
    path("<str:reference>/reply-file/", verbs.reply_file, name="reply-file"),
    path("<str:reference>/forward/", verbs.forward, name="forward"),
    path("<str:reference>/note/", verbs.note, name="note"),
]
