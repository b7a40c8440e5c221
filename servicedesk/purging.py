"""What is removed with time, one function a thing; the timetable is config/celery.py.

Each gives how many it removed, and what was somebody's is written down as a RemovalRecord.
"""

import logging
import time
from datetime import timedelta
from functools import partial

from captcha.models import CaptchaStore
from django.contrib.sessions.models import Session
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Now

from servicedesk.models import (
    Alarm,
    AnswerDraft,
    Attachment,
    BulkJob,
    Draft,
    FormVersion,
    LimitHit,
    OutgoingMessage,
    Presence,
    RemovalRecord,
    RemovalRequest,
    SmsDevice,
    UserSession,
)
from servicedesk.models.alarm import Kind
from servicedesk.models.attachment import DRAFT_DAYS
from servicedesk.models.retention import ACCOUNT_MONTHS, GRACE, due_accounts, due_letters
from servicedesk.uploads.store import StoreUnavailable
from servicedesk.workflow import OPEN, MoveNotAllowed

log = logging.getLogger(__name__)

MESSAGE_TEXT_DAYS = 7
ANSWER_DRAFT_DAYS = BULK_JOB_DAYS = 30
MOST_AT_ONCE = 500
# One run ends well before the broker would take its worker for dead; the next one goes on.
RUN_SECONDS = 60


def purge_all():
    """Everything that has lapsed."""
    LimitHit.purge()
    Presence.purge()
    purge_answer_drafts()
    purge_bulk_jobs()
    purge_captchas()
    purge_sessions()
    UserSession.purge()
    RemovalRecord.count_lapsed(RemovalRecord.What.SIGN_INS, "1 day", SmsDevice.purge())
    RemovalRecord.count_lapsed(RemovalRecord.What.MESSAGE_TEXTS, f"{MESSAGE_TEXT_DAYS} days", purge_message_texts())
    purge_reasons()
    RemovalRecord.count_lapsed(RemovalRecord.What.DRAFTS, f"{DRAFT_DAYS} days", purge_drafts())
    FormVersion.objects.unused().delete()
    # Last, since it waits for the store.
    RemovalRecord.count_lapsed(RemovalRecord.What.UNSENT_FILES, f"{DRAFT_DAYS} days", purge_unsent_files())


def purge_captchas():
    return CaptchaStore.objects.filter(expiration__lte=Now()).delete()[0]


def purge_sessions():
    return Session.objects.filter(expire_date__lt=Now()).delete()[0]


def purge_message_texts():
    """Text and receiver of an SMS are of no use after a week; what is still to be sent keeps them."""
    old = OutgoingMessage.objects.ended().filter(created_at__lt=Now() - timedelta(days=MESSAGE_TEXT_DAYS))
    return old.exclude(text="", recipient="").update(text="", recipient="")


def purge_reasons():
    """Why a wish for removal was declined, once nobody is there to read it. Removing an account does this by itself;
    here go those of accounts that went before it did."""
    return RemovalRequest.objects.filter(citizen=None).exclude(reason="").update(reason="")


def purge_drafts():
    """What was typed into forms that were never sent."""
    return Draft.objects.lapsed().delete()[0]


def purge_answer_drafts():
    """What clerks wrote and did not send, a month after the letter has ended."""
    month = Now() - timedelta(days=ANSWER_DRAFT_DAYS)
    old = AnswerDraft.objects.filter(updated_at__lt=month, letter__moved_at__lt=month)
    return old.exclude(letter__status__in=OPEN).delete()[0]


def purge_bulk_jobs():
    """What was written for many letters at once stands with each of them; the job itself is of use for a month."""
    month = Now() - timedelta(days=BULK_JOB_DAYS)
    return BulkJob.objects.filter(finished_at__lt=month).delete()[0]


def purge_unsent_files():
    """Accepted files whose letter was never sent, the oldest first: each row goes first, so that none lacks its object.
    Those of a draft live as long as it does, and it lives for a week after its last touch; those of an answer that is
    being written as long as that is kept.

    A minute at the most, or until the store does not answer; the next run goes on.
    """
    until, removed = time.monotonic() + RUN_SECONDS, 0
    old = Attachment.objects.filter(letter=None, created_at__lt=Now() - timedelta(days=DRAFT_DAYS))
    draft = Draft.objects.living().filter(citizen=OuterRef("owner"), form_key=OuterRef("form_key"))
    answer = AnswerDraft.objects.filter(author=OuterRef("owner"), form_key=OuterRef("form_key"))
    old = old.filter(~Exists(draft), ~Exists(answer))
    for file in old.order_by("created_at", "pk")[:MOST_AT_ONCE]:
        paths = old.filter(pk=file.pk).let_go()
        removed += bool(paths)
        if not remove_objects(paths) or time.monotonic() > until:
            break
    return removed


def remove_objects(paths):
    """Removes files of rows that are gone already; gives whether the store took them all away.

    It is not asked again after it has failed once, which may have cost ten seconds: the storage sweep finds the rest.
    """
    for path in paths:
        try:
            Attachment.remove_unclaimed(path)
        except StoreUnavailable:
            log.warning("objects of removed files stay until the storage sweep")
            return False
    return True


def keep_no_longer_than_promised():
    """Anonymises due letters and removes due accounts, for a minute at the most; gives how many letters are overdue.

    Letters that have been due for over a day raise an alarm. A store that does not answer holds up nothing: what names
    people in the database goes, and the storage sweep finds the objects.
    """
    until, store_answers = time.monotonic() + RUN_SECONDS, True
    for letter in due_letters().select_related("service")[:MOST_AT_ONCE]:
        rule = f"{letter.months} months"
        paths = _remove(partial(RemovalRecord.anonymise, letter, why=RemovalRecord.Why.RETENTION, rule=rule))
        store_answers = store_answers and remove_objects(paths)
        if time.monotonic() > until:
            break
    for citizen in due_accounts()[:MOST_AT_ONCE]:
        paths = _remove(partial(_remove_if_still_due, citizen))
        store_answers = store_answers and remove_objects(paths)
        if time.monotonic() > until:
            break
    overdue = due_letters(GRACE).count()
    if overdue:
        Alarm.sound(Kind.RETENTION_OVERDUE, letters=overdue)
    else:
        Alarm.settle(Kind.RETENTION_OVERDUE)
    return overdue


def _remove(let_go):
    """Removes one thing and gives the paths of its files, as ``let_go()`` does. What the database refuses waits for the
    next run, and nothing else waits for it."""
    try:
        return let_go()
    except MoveNotAllowed:
        return []  # reopened a moment ago
    except DatabaseError as error:
        # Its kind only: its words may hold those of a row.
        log.error("a removal is left for the next run: %s", type(error.__cause__ or error).__name__)
        return []


def _remove_if_still_due(citizen):
    """Removes an account unless its citizen has come back while others were removed; gives the paths of its files."""
    with transaction.atomic():
        RemovalRecord.hold_account(citizen)
        if not due_accounts().filter(pk=citizen.pk).exists():
            return []
        rule = f"{ACCOUNT_MONTHS} months"
        return RemovalRecord.remove_account(citizen, why=RemovalRecord.Why.RETENTION, rule=rule)
