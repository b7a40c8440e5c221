"""«چه کسی دیده است»: who of the staff opened a letter or fetched its files. For superusers."""

import csv

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servicedesk.models import StaffView
from servicedesk.staff.letter import mine, views_of


@require_safe
def export(request, reference):
    """All views of a letter as CSV, newest first."""
    if not request.user.is_superuser:
        raise Http404
    letter = mine(request, reference)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="views.csv"'
    # Spreadsheet programs know by this mark that it is UTF-8.
    response.write("\ufeff")
    rows = csv.writer(response)
    rows.writerow([_("When"), _("Username"), _("Name"), _("What")])
    for view in views_of(letter):
        at = timezone.localtime(view.at).isoformat(sep=" ", timespec="seconds")
        names = [_harmless(view.user.get_username()), _harmless(view.user.display_name)]
        rows.writerow([at, *names, StaffView.What(view.what).label])
    return response


def _harmless(text):
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
