"""What is removed with time, one function a thing; the timetable is config/celery.py."""

from datetime import timedelta

from captcha.models import CaptchaStore
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from servicedesk.models import Attachment, OutgoingMessage
from servicedesk.models.attachment import DRAFT_DAYS

MESSAGE_TEXT_DAYS = 7


def purge_captchas():
    CaptchaStore.objects.filter(expiration__lte=Now()).delete()


def purge_sessions():
    Session.objects.filter(expire_date__lt=Now()).delete()


def purge_message_texts():
    """The text of an SMS is of no use after a week."""
    old = OutgoingMessage.objects.filter(created_at__lt=Now() - timedelta(days=MESSAGE_TEXT_DAYS))
    old.exclude(text="").exclude(final_at=None).update(text="")


def purge_unsent_files():
    """Accepted files whose letter was never sent: the row goes first, so that no row lacks its object."""
    old = Attachment.objects.filter(letter=None, created_at__lt=Now() - timedelta(days=DRAFT_DAYS))
    for attachment in old[:500]:
        attachment.discard()
