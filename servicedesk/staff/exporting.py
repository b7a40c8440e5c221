"""Letters of a service as a table, one column a question; and for superusers the list of who made one."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from servicedesk import persian
from servicedesk.models import Answer, FormVersion, Letter, LimitReached, Rights, StaffExport, StaffView
from servicedesk.questions.register import TYPES
from servicedesk.roles import Act
from servicedesk.staff.answer_filter import questions_of
from servicedesk.staff.inbox.filter import STATUS_WORDS
from servicedesk.staff.inbox.views import filter_of, inbox_page
from servicedesk.staff.tables import CSV_TYPE, XLSX_TYPE, csv_pieces, xlsx_pieces
from servicedesk.views.files import disposition
from servicedesk.views.security_codes import too_many
from servicedesk.workflow import Status

# Letters that are read, written down and sent together.
BATCH = 500
PAGE_SIZE = 50
NOTHING = (None, "")


@require_GET
def export_csv(request):
    return _export(request, StaffExport.Format.CSV)


@require_GET
def export_xlsx(request):
    return _export(request, StaffExport.Format.XLSX)


def _export(request, kind):
    """The letters that the inbox would list at the same query and that one may take out, of one service, as a file."""
    if not Rights(request.user).may(Act.EXPORT):
        raise PermissionDenied
    form = filter_of(request)
    if form.is_valid() and form.chosen is None:
        form.add_error("service", _("Choose the service whose letters you want."))
    if not form.is_valid():
        return inbox_page(request, form)
    # Asked again with each batch: whoever loses the right meanwhile gets no more of them.
    letters = form.in_tab(form.shown_tab).filter(pk__in=Letter.objects.exportable_by(request.user).values("pk"))
    asked = letters.aggregate(count=Count("pk"), newest=Max("pk"))
    try:
        export = StaffExport.begin(
            user=request.user,
            service_id=form.chosen.pages[0],
            service_title=form.chosen.title,
            format=kind,
            letters=asked["count"],
            narrowed_by=[str(form.shown_tab.label), *form.narrowed_by()],
        )
    except LimitReached as reached:
        return too_many(request, reached)
    # What comes in meanwhile is not in it: its questions might have no column.
    table = _Table(letters.filter(pk__lte=asked["newest"] or 0), form.versions, export)
    return _response(table, export)


def _response(table, export):
    title, day = export.service_title, persian.ascii_digits(persian.jalali_short(timezone.now())).replace("/", "-")
    if export.format == StaffExport.Format.CSV:
        pieces, content_type = csv_pieces(table.batches()), CSV_TYPE
    else:
        bidi = translation.get_language_bidi()
        pieces, content_type = xlsx_pieces(table.batches(), sheet=title, right_to_left=bidi), XLSX_TYPE
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = disposition(f"{title} {day}.{export.format}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


class _Table:
    """The rows of an export, in batches. Each batch asks the same few things of the database, and asks again who may
    see its letters."""

    def __init__(self, letters, versions, export):
        self.letters, self.export = letters, export
        used = set(letters.order_by().values_list("version", flat=True).distinct()) - {None}
        known = {version.pk: version for version in versions}
        lost = FormVersion.objects.filter(pk__in=used - set(known))
        self.versions = known | {version.pk: version for version in lost}
        asked = {key for pk in used for key in self.versions[pk].outline.by_id}
        self.questions = [one for one in questions_of(self.versions.values()) if one.id in asked]
        # The request is over by the time of the rows, and its language with it.
        self.language = translation.get_language()

    def batches(self):
        """Lists of rows, the head first."""
        with translation.override(self.language):
            head = [_("Tracking code"), _("Sent on"), _("Unit"), _("Status"), _("Full name"), _("Subject")]
        yield [[*head, *(question.label for question in self.questions)]]
        last = 0
        while batch := self._batch_after(last):
            last = batch[-1].pk
            StaffView.exported(batch, self.export)
            answers = _answers_of(batch)
            with translation.override(self.language):
                rows = [self._row(letter, answers[letter.pk]) for letter in batch]
            yield rows

    def _batch_after(self, last):
        letters = self.letters.filter(pk__gt=last).order_by("pk")
        return list(letters.select_related("unit")[:BATCH])

    def _row(self, letter, answers):
        usual = [
            letter.reference,
            persian.ascii_digits(persian.jalali_short(letter.submitted_at)),
            str(letter.unit),
            str(STATUS_WORDS[Status(letter.status)]),
            letter.sender_name,
            letter.subject,
        ]
        return [*usual, *(self._cell(letter, one, answers.get(one.id, NOTHING)) for one in self.questions)]

    def _cell(self, letter, question, answer):
        value, text = answer
        if value is None:
            return None
        version = self.versions.get(letter.version_id)
        shown = version.outline.by_id.get(question.id) if version else None
        # Of a type that is in no register any more there are the words.
        if shown is None or shown.type not in TYPES:
            return text or None
        return TYPES[shown.type].exported(shown, value)


def _answers_of(letters):
    """{letter's pk: {question's id: (value, text)}}. Not as models: with their letters they would make rings, which
    wait in memory for the collector."""
    answers = {letter.pk: {} for letter in letters}
    rows = Answer.objects.filter(letter__in=answers).values_list("letter", "question", "value", "text")
    for letter, question, value, text in rows.order_by():
        answers[letter][str(question)] = (value, text)
    return answers


@require_safe
def exports(request):
    """/admin/desk/exports/: who took out what, newest first."""
    if not request.user.is_superuser:
        raise PermissionDenied
    rows = StaffExport.objects.select_related("user")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(persian.ascii_digits(request.GET.get("page", "1"))),
        "header_title": _("Exports of letters"),
        "header_icon": "download",
        "breadcrumbs_items": [{"url": "", "label": _("Exports of letters")}],
    }
    return render(request, "servicedesk/staff/exports.html", context)
