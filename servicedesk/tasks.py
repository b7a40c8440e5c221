"""Shells of a few lines around what the models and the gateways can do. Tasks carry ids, never people."""

from celery import shared_task

from servicedesk import bulk, checking, storekeeping
from servicedesk.digest import owe_digests
from servicedesk.figures import keep_figures, rebuild_figures
from servicedesk.holiday_seeding import fill_holidays
from servicedesk.models import BulkJob
from servicedesk.models.broker import nudge
from servicedesk.models.bulk import QUEUE as BULK_QUEUE
from servicedesk.models.bulk import TASK as BULK_TASK
from servicedesk.models.sms_budget import SmsBudget
from servicedesk.outgoing import deliver_message
from servicedesk.promises import keep_promises
from servicedesk.purging import keep_no_longer_than_promised, purge_all
from servicedesk.sweeping import MOST_AT_ONCE, SWEEP_SECONDS, ask_gateways, sweep


@shared_task(name="servicedesk.deliver")
def deliver(message_id):
    """Sends one message of the outbox, unless somebody else has it."""
    deliver_message(message_id)


@shared_task(name="servicedesk.sweep_outbox")
def sweep_outbox():
    """Finds what nudges lost."""
    sweep()


@shared_task(name="servicedesk.ask_for_receipts")
def ask_for_receipts():
    """Asks the gateways what became of messages that they took."""
    ask_gateways()


@shared_task(name="servicedesk.check_file")
def check_file(file_id):
    """Scans one file that waits in quarantine, unless somebody else is at it."""
    checking.check_file(file_id)


@shared_task(name="servicedesk.sweep_files")
def sweep_files():
    """Finds files whose nudge was lost or whose check was left half done."""
    for file_id in checking.unchecked_files(most=MOST_AT_ONCE):
        nudge(str(file_id), "files", task="servicedesk.check_file", expires=SWEEP_SECONDS * 2)
    checking.tell_of_waiting_files()


@shared_task(name="servicedesk.watch_sms_budget")
def watch_sms_budget():
    """Tells people of a budget that is used up, and that it no longer is."""
    SmsBudget().watch()


@shared_task(name="servicedesk.keep_promises")
def keep_promises_task():
    """Reminds citizens, closes what they did not reply to, and promises later days."""
    keep_promises()


@shared_task(name="servicedesk.keep_figures")
def keep_figures_task():
    """Counts for the reports what came and moved."""
    keep_figures()


@shared_task(name="servicedesk.rebuild_figures")
def rebuild_figures_task():
    """Counts the letters of late anew, by the calendar as it is now."""
    rebuild_figures()


@shared_task(name="servicedesk.send_digests")
def send_digests():
    """Tells heads in the morning what waits in their units."""
    owe_digests()


@shared_task(name=BULK_TASK)
def work_in_bulk(job_id):
    """Does what is left of one thing that somebody does with many letters."""
    bulk.work(job_id)


@shared_task(name="servicedesk.sweep_bulk")
def sweep_bulk():
    """Finds jobs whose nudge was lost or whose worker died."""
    for job in BulkJob.objects.unfinished().order_by("at")[:MOST_AT_ONCE]:
        nudge(job.pk, BULK_QUEUE, task=BULK_TASK, expires=SWEEP_SECONDS * 2)


@shared_task(name="servicedesk.purge")
def purge():
    """Removes what has lapsed."""
    purge_all()


@shared_task(name="servicedesk.retention")
def retention():
    """Removes what was kept as long as promised."""
    keep_no_longer_than_promised()


@shared_task(name="servicedesk.fill_holidays")
def fill_the_calendar():
    """Adds the holidays of the next year, and follows the official list where it has become surer."""
    fill_holidays()


@shared_task(name="servicedesk.check_storage")
def check_storage():
    """Compares the database with the store."""
    storekeeping.check_nightly()
