"""From the debt to the PDF, and back to order: what a worker does about guides."""

import logging

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import default_storage

from home.models import GuidePage
from home.models.guide_pdf import FOLDER, GuidePdf
from home.printing.sheet import Sheet
from servicedesk.printing.press import NotPrinted, PangoMissing, print_pdf

log = logging.getLogger(__name__)


def make(pk):
    """Prints what is owed under this row, unless somebody else does; whatever happens is in the row."""
    row = GuidePdf.claim(pk)
    if row is None:
        return
    sheet = Sheet(row.page)
    if sheet.digest != row.digest:
        # The guide or a limit changed meanwhile; nobody will ask for this state again.
        row.delete()
        GuidePdf.owe(sheet)
        return
    try:
        row.keep(print_pdf(sheet.html, sheet.base_url, sheet.resources()))
    except PangoMissing as error:
        log.warning("the guide's PDF needs Pango, which is not installed here: %s", error)
        row.fail(GuidePdf.Problem.PANGO)
    except NotPrinted as error:
        log.warning("the guide's PDF could not be made: %s %s", type(error).__name__, error)
        row.fail(GuidePdf.Problem.FAILED)
    except (ClientError, BotoCoreError) as error:
        log.warning("the store is away, the guide's PDF waits: %s", type(error).__name__)
        row.postpone()
    else:
        clear_away(row.page, sheet.digest)


def clear_away(page, digest):
    """Forgets the PDFs of earlier states of this page, rows first."""
    for old in GuidePdf.objects.filter(page=page).exclude(digest=digest):
        old.delete()
        default_storage.delete(old.key)


def sweep():
    """Owes the PDF of every live guide as it is now, tells a worker of what is due, and clears the store."""
    current = []
    for page in GuidePage.objects.live().select_related("locale"):
        row = GuidePdf.owe(Sheet(page))
        current.append(row.pk)
        if row.made_at:
            clear_away(page, row.digest)
    for row in GuidePdf.due():
        if row.pk in current:
            row.nudge()
    _clear_store()


def _clear_store():
    """Objects without a row: of a page that was deleted, or of a worker that was killed between two steps."""
    known = {row.key for row in GuidePdf.objects.all()}
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return
    for name in names:
        if f"{FOLDER}/{name}" not in known:
            default_storage.delete(f"{FOLDER}/{name}")
