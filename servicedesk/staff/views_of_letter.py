"""«چه کسی دیده است»: who of the staff opened a letter or fetched its files. For superusers."""

import csv

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from servicedesk.models import StaffView
from servicedesk.staff.letter import mine, views_of
from servicedesk.staff.tables import BYTE_ORDER_MARK, CSV_TYPE, harmless


@require_safe
def export(request, reference):
    """All views of a letter as CSV, newest first."""
    if not request.user.is_superuser:
        raise Http404
    letter = mine(request, reference)
    response = HttpResponse(content_type=CSV_TYPE)
    response["Content-Disposition"] = 'attachment; filename="views.csv"'
    response.write(BYTE_ORDER_MARK)
    rows = csv.writer(response)
    rows.writerow([_("When"), _("Username"), _("Name"), _("What")])
    for view in views_of(letter):
        at = timezone.localtime(view.at).isoformat(sep=" ", timespec="seconds")
        names = [harmless(view.user.get_username()), harmless(view.user.display_name)]
        rows.writerow([at, *names, StaffView.What(view.what).label])
    return response
