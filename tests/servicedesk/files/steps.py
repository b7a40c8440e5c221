"""What the tests of files do again and again."""

import uuid

from django.core.files.storage import storages

from servicedesk.models import Attachment
from servicedesk.uploads.scanner import EICAR
from tests.factories import make_attachment, make_letter, upload
from tests.servicedesk.uploads import samples


def infected():
    """A PDF that passes the inspection and that the scanner knows."""
    return samples.pdf(change=lambda document: document.docinfo.update({"/Title": EICAR.decode()}))


def objects():
    return {key for key, _, _ in storages["letters"].listing()}


def letter_with(content, leila, water, name="نامه.pdf"):
    """A letter in review whose file waits in quarantine."""
    letter = make_letter(leila, water)
    Attachment.objects.filter(letter=letter).delete()
    file = make_attachment(leila, name=name, content=content)
    Attachment.objects.filter(pk=file.pk).update(letter=letter)
    return letter, Attachment.objects.get(pk=file.pk)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def give(browser, letter, content=None, key=None, name="تازه.png"):
    data = {"form_key": str(key or uuid.uuid4()), "body_file": upload(name, content)}
    return browser.post(f"/desk/letters/{letter.reference}/file/", data)
