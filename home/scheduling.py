"""What editors scheduled: pages that go live or come down by themselves when their time has come."""

import logging

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

log = logging.getLogger(__name__)


def keep_time():
    """Publish and unpublish what is due. Wagtail's own command ends at the first page that refuses, and with it the
    schedule of all others; here it is logged, and tried again at the next run."""
    now = timezone.now()
    for page in Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at"):
        _try(page.specific.unpublish, page, set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in Revision.page_revisions.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at"):
        _try(revision.publish, revision, log_action="wagtail.publish.scheduled")


def _try(do, what, **options):
    try:
        with transaction.atomic():
            do(**options)
    except Exception as error:  # noqa: BLE001 - whatever one page brings, the others have their time too
        log.error("schedule: %s %s refused: %s", type(what).__name__, what.pk, type(error).__name__)
