"""The report's page and its files: for members of units about their units, for those who see all letters about all."""

from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_safe

from servicedesk import persian
from servicedesk.models.weekly_hours import WEEKDAYS
from servicedesk.roles import Act
from servicedesk.staff.own_desk import OwnDesk
from servicedesk.staff.reports import pictures, table_file
from servicedesk.staff.reports.filter import ReportFilter
from servicedesk.staff.reports.measures import MEASURES
from servicedesk.staff.reports.report import Report
from servicedesk.staff.reports.spans import usual_spans
from servicedesk.staff.tables import CSV_TYPE, XLSX_TYPE, csv_pieces, xlsx_pieces
from servicedesk.views.files import disposition

# A picture shows so many lines, those with the most open letters; the table below it has all.
MOST_BARS = 12
# Of the day, at least; more where letters came at other hours.
FIRST_HOUR, LAST_HOUR = 8, 15
SPAN_NAMES = {
    "last-30-days": gettext_lazy("Last 30 days"),
    "this-month": gettext_lazy("This month"),
    "last-month": gettext_lazy("Last month"),
    "last-three-months": gettext_lazy("Last three months"),
    "this-year": gettext_lazy("This year"),
    "last-year": gettext_lazy("Last year"),
}


@require_safe
def page(request):
    """/admin/desk/reports/: 400 and what is wrong where the address asks for what does not exist."""
    form = _filter_of(request)
    context = {
        "form": form,
        "spans": _span_links(form, request.GET),
        "header_title": _("Reports on letters"),
        "header_icon": "list-ol",
        "breadcrumbs_items": [
            {"url": reverse("staff:inbox"), "label": _("Staff desk")},
            {"url": "", "label": _("Reports on letters")},
        ],
    }
    if not form.is_valid():
        return render(request, "servicedesk/staff/reports/page.html", context, status=400)
    report, leads = _report_of(form)
    query = request.GET.urlencode()
    context |= {
        "report": report,
        "unit_names": persian.listed(str(unit) for unit in form.units),
        "total": report.total.cells(),
        "columns": MEASURES,
        "tables": _tables(report, leads),
        "trend": pictures.columns([(name, came, answered) for name, _span, came, answered in report.periods]),
        **_hours(report.by_hour),
        "csv": f"{reverse('staff:report-csv')}?{query}",
        "xlsx": f"{reverse('staff:report-xlsx')}?{query}",
    }
    return render(request, "servicedesk/staff/reports/page.html", context)


@require_GET
def as_csv(request):
    return _file(request, "csv")


@require_GET
def as_xlsx(request):
    return _file(request, "xlsx")


def _file(request, kind):
    """The same report as a file; an address that asks for what does not exist leads to its page, which says so."""
    form = _filter_of(request)
    if not form.is_valid():
        return page(request)
    report, leads = _report_of(form)
    # Counted before the first byte goes out: afterwards neither the language nor an error page would be there.
    table = list(table_file.batches(report, with_clerks=leads))
    if kind == "csv":
        pieces, content_type = csv_pieces(table), CSV_TYPE
    else:
        bidi = translation.get_language_bidi()
        pieces, content_type = xlsx_pieces(table, sheet=_("Reports on letters"), right_to_left=bidi), XLSX_TYPE
    days = "-".join(persian.ascii_digits(persian.jalali_short(day)) for day in (form.span.first, form.span.last))
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Disposition"] = disposition(f"{_('Reports on letters')} {days.replace('/', '')}.{kind}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _filter_of(request):
    desk = OwnDesk.of(request)
    if not desk.is_shown:
        raise PermissionDenied
    return ReportFilter(request.GET, desk=desk)


def _report_of(form):
    """(the Report that a valid address asks for, whether its clerks are told apart)"""
    led = form.desk.rights.units_for(Act.LEAD)
    leads = led is None or any(unit.pk in led for unit in form.units)
    return Report(form.span, units=form.units, chosen=form.unit_ids, led=led), leads


def _span_links(form, data):
    """[(name, address, whether it is the one that is shown)] of the spans that are asked for most, for the same
    units."""
    shown = form.cleaned_data.get("span") if form.is_valid() else None
    for name, span in usual_spans(form.today).items():
        query = data.copy()
        query["since"], query["until"] = (
            persian.ascii_digits(persian.jalali_short(day)) for day in (span.first, span.last)
        )
        yield SPAN_NAMES[name], f"?{query.urlencode()}", span == shown


def _tables(report, leads):
    """[{"name", "title", "head", "lines", "picture", "left_out"}]; a table with less than two lines says nothing that
    the whole does not, but that of clerks."""
    asked = [
        ("units", _("By unit"), _("Unit"), report.by_unit if len(report.by_unit) > 1 else []),
        ("services", _("By service"), _("Service"), report.by_service),
        ("clerks", _("By clerk"), pgettext_lazy("who works on letters", "Clerk"), report.by_clerk if leads else []),
    ]
    for name, title, head, lines in asked:
        if lines:
            hurting = sorted(lines, key=lambda line: (-line.now["open"], -line.now["overdue"]))[:MOST_BARS]
            drawn = [(line.name, line.now["open"], line.now["overdue"]) for line in hurting if line.now["open"]]
            yield {
                "name": name,
                "title": title,
                "head": head,
                "lines": lines,
                "picture": pictures.bars(drawn) if drawn else None,
                "left_out": sum(1 for line in lines if line.now["open"]) - len(drawn),
            }


def _hours(counts):
    """What the page says of weekdays and hours: "heat", "hours" and "weekdays"."""
    used = [hour for _weekday, hour in counts]
    hours = list(range(min([FIRST_HOUR, *used]), max([LAST_HOUR, *used]) + 1))
    names = [label for _name, label in WEEKDAYS]
    rows = [(label, [counts.get((weekday, hour), 0) for hour in hours]) for weekday, label in enumerate(names)]
    return {
        "heat": pictures.heat(counts, names, hours) if counts else None,
        "hours": hours,
        "weekdays": [(label, row, sum(row)) for label, row in rows],
    }
