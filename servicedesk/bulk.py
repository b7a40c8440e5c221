"""The background's part of a BulkJob: each letter in a transaction of its own, with the rights that its owner has at
that moment. A worker that dies in the middle leaves whole letters, and the next one goes on behind them."""

import uuid

from django.db import transaction
from django.db.models.functions import Now

from servicedesk.models import BulkItem, BulkJob, Letter, Rights, User
from servicedesk.roles import Act
from servicedesk.workflow import MoveNotAllowed

State, Verb = BulkItem.State, BulkJob.Verb
# What each verb takes of rights, and which of them tell the citizen.
ACTS = {
    Verb.ASSIGN: Act.HAND_ON,
    Verb.FORWARD: Act.HAND_ON,
    Verb.NOTE: Act.NOTE,
    Verb.ASK: Act.ANSWER,
    Verb.CLOSE: Act.ANSWER,
}
TELLS = frozenset({Verb.ASK, Verb.CLOSE})


def work(job_id):
    """Does what is left of a job. Several workers at one job share its letters."""
    job = BulkJob.objects.select_related("owner", "unit", "person").get(pk=job_id)
    while _do_next(job):
        pass
    if not job.items.filter(state=State.PENDING).exists():
        BulkJob.objects.unfinished().filter(pk=job.pk).update(finished_at=Now())


def _do_next(job):
    """Whether there was another letter to do."""
    with transaction.atomic():
        pending = job.items.filter(state=State.PENDING).select_for_update(skip_locked=True, of=("self",))
        item = pending.order_by("pk").first()
        if item is None:
            return False
        BulkItem.objects.filter(pk=item.pk).update(state=_outcome(job, item))
    return True


def _outcome(job, item):
    """Does it, and gives what became of it."""
    letters = Letter.objects.visible_to(job.owner).select_for_update(of=("self",))
    letter = letters.filter(pk=item.letter_id).first()
    if letter is None or not Rights(job.owner).may(ACTS[Verb(job.verb)], letter):
        return State.NOT_YOURS
    try:
        # In a savepoint: a verb that refuses leaves nothing, and the item is written all the same.
        with transaction.atomic():
            event = _do(job, letter, uuid.uuid5(job.form_key, str(letter.pk)))
    except MoveNotAllowed:
        return State.REFUSED
    return State.DONE if event else State.NOT_NEEDED


def _do(job, letter, form_key):
    """The verb's Event, or None where it was so already. Raises MoveNotAllowed."""
    by = {"by": job.owner, "form_key": form_key}
    match Verb(job.verb):
        case Verb.ASSIGN:
            if job.person and not User.objects.answering_in([letter.unit_id]).filter(pk=job.person.pk).exists():
                raise MoveNotAllowed(letter.status, letter.status)
            return letter.assign(to=job.person, **by)
        case Verb.FORWARD:
            return letter.forward(to=job.unit, reason=job.text, **by) if letter.unit_id != job.unit_id else None
        case Verb.NOTE:
            return letter.note(text=job.text, **by)
        case Verb.ASK:
            return letter.ask(question=job.text, wanted=job.wanted, **by)
        case Verb.CLOSE:
            return letter.close(text=job.text, **by)
