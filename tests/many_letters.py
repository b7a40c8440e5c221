"""Many letters at once, each with its file in the store: for measuring, not for reading. No person here is real.

    python -m tests.many_letters 10000

fills the installation that the environment names. It must have a unit and a service (`manage.py seed` makes them).
"""

import os
import random
import sys
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from servicedesk import references
from servicedesk.models import Answer, Attachment, Event, Letter, OutgoingMessage, Reply, ServicePage, Unit, User
from servicedesk.models.event import Kind
from servicedesk.models.outbox import State
from servicedesk.questions.question import Question
from servicedesk.workflow import Status

BATCH = 1000
FILE_BYTES = 20_000
LETTERS_EACH = 50
AT_ONCE = 8
QUESTIONS = [str(uuid.UUID(int=number)) for number in range(1, 4)]


def fill(letters=10_000, file_bytes=FILE_BYTES, answered=0.5):
    """Makes so many letters of ``letters`` / 50 citizens, a share of them answered by the first clerk there is.

    Files go into the store before their rows, as the desk does it. Gives the number of letters there are now.
    """
    units, service = list(Unit.objects.all()), ServicePage.objects.first()
    clerk = User.objects.order_by("pk").first()
    people = _citizens(max(1, letters // LETTERS_EACH))
    for start in range(0, letters, BATCH):
        count = min(BATCH, letters - start)
        with transaction.atomic():
            made = _letters(count, people, units, service)
            _files(made, file_bytes)
            _answers(made)
            _events(made, made[: int(count * answered)], clerk)
    return Letter.objects.count()


def _citizens(count):
    known = User.citizens.count()
    for number in range(known, known + count):
        User.citizens.owning(f"+98901{number:07d}")
    return list(User.citizens.order_by("-pk")[:count])


def free_codes(count):
    """So many tracking codes that no letter has yet: among ten thousand, two are the same one time in twenty."""
    codes = set()
    while len(codes) < count:
        codes.update(references.make() for _ in range(count - len(codes)))
        codes.difference_update(Letter.objects.filter(reference__in=codes).values_list("reference", flat=True))
    return codes


def _letters(count, people, units, service):
    now = timezone.now()
    return Letter.objects.bulk_create(
        Letter(
            reference=code,
            citizen=random.choice(people),
            form_key=uuid.uuid4(),
            service=service,
            service_title=service.title,
            unit=(unit := random.choice(units)),
            first_unit=unit,
            sender_name=f"نویسنده {code}",
            subject=f"موضوع {code}",
            language="fa",
            submitted_at=now - timedelta(minutes=random.randrange(500_000)),
        )
        for code in free_codes(count)
    )


def _files(letters, size):
    client = storages["letters"].bucket.meta.client
    bucket, location = storages["letters"].bucket_name, storages["letters"].location
    rows = []

    def put(row, content):
        client.put_object(Bucket=bucket, Key=f"{location}/{row.key}", Body=content, ContentType="application/pdf")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        puts = []
        for letter in letters:
            content = b"%PDF-1.7\n" + random.randbytes(size - 9)
            digest = sha256(content).hexdigest()
            row = Attachment(
                owner_id=letter.citizen_id,
                form_key=letter.form_key,
                letter=letter,
                name="نامه.pdf",
                kind="pdf",
                content_type="application/pdf",
                size=size,
                sha256=digest,
                key=sha256(f"{letter.reference}:{digest}".encode()).hexdigest(),
                state=Attachment.State.RELEASED,
            )
            rows.append(row)
            puts.append(pool.submit(put, row, content))
        for done in puts:
            done.result()
    Attachment.objects.bulk_create(rows)


def _answers(letters):
    """Three to each letter, of which one is searched: the word is its own."""
    searched = Question(QUESTIONS[0], "short_text", "نام", searchable=True)
    plain = [Question(key, "short_text", "نام") for key in QUESTIONS[1:]]
    answers = []
    for letter in letters:
        for position, question in enumerate((searched, *plain)):
            answers.append(Answer.given(question, "", f"مغازه ن{letter.reference}", position))
            answers[-1].letter = letter
    Answer.objects.bulk_create(answers)


def _events(letters, answered, clerk):
    at = {letter.pk: letter.submitted_at for letter in letters}
    Event.objects.bulk_create(
        Event(letter=one, kind=Kind.SUBMITTED, actor_id=one.citizen_id, unit_id=one.unit_id, at=at[one.pk])
        for one in letters
    )
    replies = Reply.objects.bulk_create(
        Reply(letter=one, author=clerk, unit_id=one.unit_id, text=f"پاسخ نامه {one.reference}", is_final=True)
        for one in answered
    )
    Event.objects.bulk_create(
        Event(letter_id=reply.letter_id, kind=Kind.ANSWERED, actor=clerk, unit_id=reply.unit_id, reply=reply)
        for reply in replies
    )
    # Straight into the rows: ten thousand verbs would take minutes.
    Letter.objects.filter(pk__in=[one.pk for one in answered]).update(
        **{"status": Status.ANSWERED, "answered_at": timezone.now()}
    )
    OutgoingMessage.objects.bulk_create(
        OutgoingMessage(
            kind=OutgoingMessage.Kind.MESSAGE,
            recipient="+989010000000",
            text=f"نامه شما دریافت شد. کد رهگیری: {one.reference}",
            language="fa",
            dedupe_key=f"many:{one.reference}",
            letter=one,
            state=State.DELIVERED,
            final_at=timezone.now(),
        )
        for one in letters
    )


if __name__ == "__main__":
    print(fill(int(sys.argv[1])))
