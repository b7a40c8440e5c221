"""What editors scheduled: pages that go live or come down by themselves when their time has come."""

import logging

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

log = logging.getLogger(__name__)

# What refused at the last run, {"Revision 7": kind of the error}. Forgotten with the cache: then it is said once more.
REFUSED = "schedule-refused"


def keep_time():
    """Publish and unpublish what is due. Wagtail's own command ends at the first page that refuses, and with it the
    schedule of all others; here it is tried again at each run, and logged when it begins, changes and ends."""
    now, refused = timezone.now(), {}
    for page in Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at"):
        refused |= _try(page.specific.unpublish, page, set_expired=True, log_action="wagtail.unpublish.scheduled")
    for revision in Revision.page_revisions.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at"):
        refused |= _try(revision.publish, revision, log_action="wagtail.publish.scheduled")
    _tell(refused)


def _try(do, what, **options):
    """{what: kind of the error} where it refused, or {}."""
    try:
        with transaction.atomic():
            do(**options)
    except Exception as error:  # noqa: BLE001 - whatever one page brings, the others have their time too
        return {f"{type(what).__name__} {what.pk}": type(error).__name__}
    return {}


def _tell(refused):
    before = cache.get(REFUSED, {})
    for what, error in refused.items():
        if before.get(what) != error:
            log.error("schedule: %s refused: %s; tried again, and not said again", what, error)
    for what in before.keys() - refused.keys():
        log.info("schedule: %s refuses no more", what)
    if refused != before:
        cache.set(REFUSED, refused, timeout=None)
