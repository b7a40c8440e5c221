"""Many letters at once, each with its file in the store: for measuring, not for reading. No person here is real.

    python -m tests.many_letters 10000

fills the installation that the environment names. It must have a unit and a service (`manage.py seed` makes them).
"""

import os
import random
import sys
import uuid
from collections import defaultdict
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
from servicedesk.models import (
    Answer,
    AnswerDraft,
    Attachment,
    Event,
    Letter,
    LetterWords,
    Opinion,
    OutgoingMessage,
    Reply,
    ServicePage,
    Unit,
    User,
)
from servicedesk.models.event import Kind
from servicedesk.models.letter_words import words_of
from servicedesk.models.outbox import State
from servicedesk.questions.question import Question
from servicedesk.staff.inbox.tabs import FRIDAY
from servicedesk.workflow import Status

BATCH = 1000
FILE_BYTES = 20_000
LETTERS_EACH = 50
AT_ONCE = 8
# Of the open letters; the rest is promised for later. So even three hundred letters fill a page of each tab.
LATE, TODAY, THIS_WEEK = 0.4, 0.2, 0.2
WAITING, ASSIGNED, IN_APPROVAL = 0.2, 0.4, 0.1
# Of all letters.
CONSULTED, UNDELIVERED = 0.1, 0.02
QUESTIONS = [str(uuid.UUID(int=number)) for number in range(1, 4)]


def fill(letters=10_000, file_bytes=FILE_BYTES, answered=0.5, clerk=None):
    """Makes so many letters of ``letters`` / 50 citizens, a share of them answered by a clerk, or the first there is.
    Of the open ones some are late, some wait for their citizen, some are the clerk's, some wait for approval.

    Files go into the store before their rows, as the desk does it. Gives the number of letters there are now.
    """
    units, service = list(Unit.objects.all()), ServicePage.objects.first()
    clerk = clerk or User.objects.filter(is_staff=True).order_by("pk").first()
    people = _citizens(max(1, letters // LETTERS_EACH))
    for start in range(0, letters, BATCH):
        count = min(BATCH, letters - start)
        with transaction.atomic():
            made = _letters(count, people, units, service)
            _files(made, file_bytes)
            answers = _answers(made)
            _words(made, answers)
            ended, still_open = made[: int(count * answered)], made[int(count * answered) :]
            _events(made, ended, clerk)
            _open(still_open, clerk)
            _opinions(made, units, clerk)
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
            submitted_at=(came := now - timedelta(minutes=random.randrange(500_000))),
            moved_at=came,
            promised_on=(day := _day(came) + timedelta(days=10)),
            due_on=day,
        )
        for code in free_codes(count)
    )


def _day(moment):
    return timezone.localdate(moment)


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
    return Answer.objects.bulk_create(answers)


def _words(letters, answers):
    """What they are found by, as `LetterWords.keep` writes it one by one."""
    texts = defaultdict(list)
    for answer in answers:
        texts[answer.letter_id].append(answer.folded)
    LetterWords.objects.bulk_create(LetterWords(letter=one, **words_of(one, texts[one.pk])) for one in letters)


def _events(letters, answered, clerk):
    at = {letter.pk: letter.submitted_at for letter in letters}
    Event.objects.bulk_create(
        Event(letter=one, kind=Kind.SUBMITTED, actor_id=one.citizen_id, unit_id=one.unit_id, at=at[one.pk])
        for one in letters
    )
    for one in answered:
        one.status = Status.ANSWERED
        one.answered_at = one.moved_at = min(timezone.now(), one.submitted_at + timedelta(hours=random.randrange(400)))
    replies = Reply.objects.bulk_create(
        Reply(letter=one, author=clerk, unit_id=one.unit_id, text="پاسخ نامه", is_final=True, at=one.answered_at)
        for one in answered
    )
    Event.objects.bulk_create(
        Event(letter_id=one.letter_id, kind=Kind.ANSWERED, actor=clerk, unit_id=one.unit_id, reply=one, at=one.at)
        for one in replies
    )
    # Straight into the rows: ten thousand verbs would take minutes.
    Letter.objects.bulk_update(answered, ["status", "answered_at", "moved_at"])
    OutgoingMessage.objects.bulk_create(_message(one) for one in letters)


def _message(letter):
    """What its citizen was told; now and then it reached nobody."""
    now, is_lost = timezone.now(), random.random() < UNDELIVERED
    return OutgoingMessage(
        kind=OutgoingMessage.Kind.MESSAGE,
        recipient="+989010000000",
        text=f"نامه شما دریافت شد. کد رهگیری: {letter.reference}",
        language="fa",
        dedupe_key=f"many:{letter.reference}",
        letter=letter,
        state=State.DEAD if is_lost else State.DELIVERED,
        final_at=now,
        flagged_at=now if is_lost else None,
    )


def _open(letters, clerk):
    today = timezone.localdate()
    drafts = []
    for one in letters:
        draw = random.random()
        if draw < LATE:
            one.due_on = today - timedelta(days=random.randrange(1, 60))
        elif draw < LATE + TODAY:
            one.due_on = today
        elif draw < LATE + TODAY + THIS_WEEK:
            one.due_on = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
        else:
            one.due_on = today + timedelta(days=random.randrange(7, 30))
        if random.random() < WAITING:
            one.status, one.rests_since = Status.WAITING, one.submitted_at
        if random.random() < ASSIGNED:
            one.assignee = clerk
        if random.random() < IN_APPROVAL:
            text = f"پیش‌نویس پاسخ {one.reference}"
            drafts.append(AnswerDraft(letter=one, author=clerk, text=text, handed_in_at=timezone.now()))
    Letter.objects.bulk_update(letters, ["status", "due_on", "rests_since", "assignee"])
    AnswerDraft.objects.bulk_create(drafts)


def _opinions(letters, units, clerk):
    """Some units were asked about letters of others."""
    chosen = [one for one in letters if random.random() < CONSULTED]
    others = {unit.pk: [other for other in units if other.pk != unit.pk] for unit in units}
    if len(units) > 1:
        Opinion.objects.bulk_create(
            Opinion(letter=one, unit=random.choice(others[one.unit_id]), asked_by=clerk, question="نظر شما؟")
            for one in chosen
        )


if __name__ == "__main__":
    print(fill(int(sys.argv[1])))
