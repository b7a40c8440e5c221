"""From a file in quarantine to its verdict: clean and released, found and removed, or not scanned and left waiting."""

import hashlib
import logging
import time

from django.conf import settings
from django.core.files.storage import storages

from servicedesk.models import Alarm, Attachment, DeskSettings, Letter
from servicedesk.models.alarm import Kind as AlarmKind
from servicedesk.uploads.scanner import Found, NotScanned, Scanner
from servicedesk.uploads.store import StoreUnavailable

log = logging.getLogger(__name__)

PROOF_SECONDS = 600  # how long a scanner that found the test file is believed


def check_file(file_id):
    """Claims a file and brings its check one step or all the way forward; whatever happens is in its row."""
    file = Attachment.claim(file_id)
    if file is None:
        return
    if file.state != Attachment.State.PENDING:
        file.clear_away()
        return
    try:
        content = _content_of(file)
        if not settings.CLAMD_URL:
            # The scanner was taken out of the installation while this file waited for it.
            file.release(content, scanned=False)
            return
        verdict = _verdict_on(content)
        if isinstance(verdict, Found):
            _condemn(file, verdict.signature)
        else:
            file.release(content, scanned=True)
    except (NotScanned, StoreUnavailable) as error:
        log.warning("file %s stays unchecked: %s %s", file.pk, type(error).__name__, error)
        file.postpone()


def _content_of(file):
    content = storages["letters"].read(file.path)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise NotScanned("the store gave something else than was stored")
    return content


def _verdict_on(content):
    scanner = Scanner(settings.CLAMD_URL)
    _Proof.ask(scanner, max(len(content), DeskSettings.load().body_file_rules.max_bytes))
    return scanner.scan(content)


class _Proof:
    """Remembers for a while that the scanner finds the test file, and up to which size."""

    url, size, until = "", 0, 0.0

    @classmethod
    def ask(cls, scanner, size):
        if (cls.url, cls.until > time.monotonic(), cls.size >= size) != (scanner.url, True, True):
            scanner.prove(size)
            cls.url, cls.size, cls.until = scanner.url, size, time.monotonic() + PROOF_SECONDS


def _condemn(file, signature):
    """Removes a file in which something was found, from its letter or from a form that was not sent yet."""
    for _ in range(2):  # Its letter may be sent while we look.
        letter = Letter.objects.filter(attachments=file.pk).first()
        if letter is None:
            condemned = file.condemn(signature, letter=None)
        else:
            file.reply = Attachment.objects.select_related("reply__unit").get(pk=file.pk).reply
            condemned = letter.lose_file(file=file, signature=signature)
        if condemned:
            file.clear_away()
            Alarm.sound(AlarmKind.FILE_INFECTED, found_in_a_day=Attachment.objects.found_lately().count())
            return


def unchecked_files(most):
    """The ids of files for which a worker can do something now, oldest first."""
    due = Attachment.objects.due()
    if settings.CLAMD_URL and not Scanner(settings.CLAMD_URL).answers():
        due = due.exclude(state=Attachment.State.PENDING)
    return list(due.order_by("created_at").values_list("pk", flat=True)[:most])


def tell_of_waiting_files():
    """Sounds the alarms about files, and settles those whose reason is over."""
    late = Attachment.objects.late().count()
    if late:
        Alarm.sound(AlarmKind.SCANNER_LATE, files=late)
    else:
        Alarm.settle(AlarmKind.SCANNER_LATE)
    found = Attachment.objects.found_lately()
    if Alarm.objects.open().filter(kind=AlarmKind.FILE_INFECTED).exists() and not found.exists():
        Alarm.settle(AlarmKind.FILE_INFECTED)
