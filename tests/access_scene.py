"""What the access matrix looks for and who looks: letters full of words that stand nowhere else, and everybody who
might meet them.

tests/test_access.py walks it in one process, tests/faults/walk.py over https against the running system.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.utils import timezone

from servicedesk.models import (
    AnswerDraft,
    BulkItem,
    BulkJob,
    Draft,
    FormVersion,
    Letter,
    SavedFilter,
    SavedText,
    StandIn,
    UnitMembership,
    User,
)
from servicedesk.models.rights import AUDITOR, REGISTRAR
from servicedesk.models.verbs.arriving import PaperLetter
from servicedesk.roles import EVERYTHING, OF_AUDITOR, OF_CONSULTED, OF_REGISTRAR, OF_ROLE, Act, Role
from tests.factories import make_attachment, make_citizen, make_letter, make_staff, make_unit, png
from tests.questions import answers_to, question, section

# --- Words ------------------------------------------------------------------------------------------

# What the letter's citizen reads, and all who may read the letter.
OPEN = {
    "subject": "موضوعِ-قناری",
    "name": "نامِ-قناری",
    "answer": "پاسخِ-قناری",
    "form answer": "پاسخِ-فرمِ-قناری",
    "question": "پرسشِ-قناری",
    "reply": "توضیحِ-قناری",
    "why": "چراییِ-قناری",
    "number": "شمارهٔ-قناری",
}
# What colleagues say among themselves, and how they reach the citizen.
INSIDE = {
    "note": "یادداشتِ-قناری",
    "reason": "ارجاعِ-قناری",
    "asked opinion": "نظرخواهیِ-قناری",
    "opinion": "نظرِ-قناری",
    "copy": "رونوشتِ-قناری",
    "remark": "برگشتِ-قناری",
    "handed in": "تأییدِ-قناری",
    "mobile": "+989009990000",
}
# What a colleague is still writing.
UNSENT = {"unsent answer": "نانوشتهٔ-قناری"}
# What those who answer for the letter's unit keep to write it again.
OF_WRITERS = {"saved text": "متنِ-آمادهٔ-قناری"}
# What the clerk looks for in the inbox, and has done with many letters.
OF_CLERK = {"saved filter": "فیلترِ-قناری", "bulk": "گروهیِ-قناری"}
# What stands on two letters on paper: the owner's, who left his mobile number, and that of somebody who has none.
ON_PAPER = {
    "paper's subject": "موضوعِ-کاغذ-قناری",
    "paper's name": "نامِ-کاغذ-قناری",
    "paper's contact": "نشانیِ-کاغذ-قناری",
    "paper's scan": "پویشِ-کاغذ-قناری",
}
OF_NOBODY = {
    "nobody's subject": "موضوعِ-بی‌نشان-قناری",
    "nobody's name": "نامِ-بی‌نشان-قناری",
    "nobody's contact": "نشانیِ-بی‌نشان-قناری",
    "nobody's scan": "پویشِ-بی‌نشان-قناری",
}
PAPERS = ON_PAPER | OF_NOBODY
SECRETS = OPEN | INSIDE | UNSENT | OF_WRITERS | OF_CLERK | PAPERS
# What is told in the lists of letters, such as on the admin's home page.
PAPERS_IN_LISTS = ("paper's subject", "paper's name", "nobody's subject", "nobody's name")
IN_LISTS = ("subject", "name", "number", *PAPERS_IN_LISTS)

# Of a letter that the owner has begun, and not sent.
DRAFT_KEY = uuid.UUID(int=5)

# --- People -----------------------------------------------------------------------------------------

# In which unit of the scene somebody has a part, and as what. The letter came to "roads" and went on to "water".
MEMBERS = {
    "clerk": ("water", Role.CLERK),
    "reader": ("water", Role.READER),
    "approver": ("water", Role.APPROVER),
    "head": ("water", Role.HEAD),
    "consulted": ("advisers", Role.CLERK),
    "copied": ("informed", Role.CLERK),
    "other clerk": ("roads", Role.CLERK),
    "other head": ("roads", Role.HEAD),
    "moved": ("roads", Role.CLERK),
    "deactivated": ("water", Role.CLERK),
}
WITHOUT_UNIT = ("substitute", "past substitute", "substitute head", "registrar", "auditor", "editor")
PEOPLE = ("stranger", "owner", "other citizen", *MEMBERS, *WITHOUT_UNIT, "superuser")
# Who comes in at the admin's door.
STAFF = tuple(name for name in (*MEMBERS, *WITHOUT_UNIT, "superuser") if name != "deactivated")
# What each of them may do with the letter; whoever is not here does not see it.
ACTS = {
    **{name: OF_ROLE[role] for name, (unit, role) in MEMBERS.items() if unit == "water" and name in STAFF},
    "substitute": OF_ROLE[Role.CLERK],
    "substitute head": OF_ROLE[Role.HEAD],
    "consulted": OF_CONSULTED,
    "copied": OF_CONSULTED,
    "registrar": OF_REGISTRAR,
    "auditor": OF_AUDITOR,
    "superuser": EVERYTHING,
}
# To whose units the letter was only shown: it is not among those that wait for them.
ONLY_SHOWN = ("consulted", "copied")
# The letters on paper were entered for "water" and shown to no other unit.
ACTS_ON_PAPER = {name: acts for name, acts in ACTS.items() if name not in ONLY_SHOWN}
# {unit: those who lead it}
HEADS = {"water": {"head", "substitute head"}, "roads": {"other head"}}


def acts_on(letter, person):
    """What somebody may do with one of the scene's letters; nothing where he does not see it."""
    return (ACTS_ON_PAPER if letter.is_from_counter else ACTS).get(person, frozenset())


def may_somewhere(person, act):
    """Whether somebody may do this with letters at all, if only with those of another unit."""
    _unit, role = MEMBERS.get(person, (None, None)) if person in STAFF else (None, None)
    return act in ACTS.get(person, ()) or (role is not None and act in OF_ROLE[role])


@dataclass(frozen=True)
class Scene:
    letter: object
    # On paper: with a mobile number, and without.
    papers: tuple
    # {name: User, or None for the stranger}
    people: dict

    @property
    def letters(self):
        return (self.letter, *self.papers)

    @property
    def contents(self):
        """{what to call it: the bytes of a letter's file}"""
        contents = {}
        for kind, letter in zip(("file", "paper's file", "nobody's file"), self.letters, strict=True):
            with letter.body_file.open() as content:
                contents[kind] = content.read()
        return contents


def make_scene(service):
    """A Scene: a letter about which everything was said that can be, two that came on paper, and everybody who might
    look. Open once more, so that it stands in every list."""
    units = {name: make_unit(f"{name} ماتریس") for name in ("water", "roads", "advisers", "informed")}
    people = _people(units)
    owner, clerk = people["owner"], people["clerk"]
    letter = make_letter(
        owner,
        units["roads"],
        service=service,
        subject=SECRETS["subject"],
        sender_name=SECRETS["name"],
        **_content_with_answer(service),
    )
    letter.forward(by=people["other clerk"], to=units["water"], reason=SECRETS["reason"])
    letter.note(by=clerk, text=SECRETS["note"])
    letter.number(by=clerk, official_number=SECRETS["number"])
    letter.ask(by=clerk, question=SECRETS["question"])
    # As whoever asks later fetches it.
    letter = type(letter).objects.get(pk=letter.pk)
    letter.complete(by=owner, text=SECRETS["reply"])
    _consult(letter, units["advisers"], clerk, people["consulted"])
    letter.send_copy(by=clerk, to=units["informed"], remark=SECRETS["copy"])
    _write_drafts(letter, units["water"], people["approver"])
    letter.answer(by=clerk, text=SECRETS["answer"], **_file_of(clerk))
    letter.reopen(by=clerk, text=SECRETS["why"])
    begin_letter(owner, service)
    _keep_for_later(letter, units["water"], people)
    papers = (
        _enter(ON_PAPER, clerk, units["water"], service, colour="teal", mobile=SECRETS["mobile"]),
        _enter(OF_NOBODY, clerk, units["water"], service, colour="olive"),
    )
    return Scene(type(letter).objects.get(pk=letter.pk), papers, people)


def _people(units):
    people = {"stranger": None, "owner": make_citizen(mobile=SECRETS["mobile"]), "other citizen": make_citizen()}
    for name, (unit, role) in MEMBERS.items():
        people[name] = make_staff(_username(name))
        UnitMembership.objects.create(unit=units[unit], user=people[name], role=role)
    people |= {name: make_staff(_username(name)) for name in WITHOUT_UNIT}
    people["superuser"] = User.objects.create_superuser(_username("superuser"), "m@example.ir", "correct horse battery")
    # Once in the letter's unit.
    people["moved"].memberships.update(unit=units["water"])
    people["moved"].memberships.update(unit=units["roads"])
    User.objects.filter(pk=people["deactivated"].pk).update(is_active=False)
    allow(people["registrar"], REGISTRAR)
    allow(people["auditor"], AUDITOR)
    stand_in(people["substitute"], people["clerk"], first=-1, last=0)
    stand_in(people["substitute head"], people["head"], first=-1, last=0)
    stand_in(people["past substitute"], people["clerk"], first=-7, last=-1)
    return {name: people[name] for name in PEOPLE}


def _username(name):
    return f"m-{name.replace(' ', '-')}"


def allow(user, name):
    """Gives a permission ("app.codename")."""
    app, codename = name.split(".")
    user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))


def stand_in(substitute, member, *, first, last):
    """Lets somebody stand in for a member of one unit; ``first`` and ``last`` in days from today."""
    today = timezone.localdate()
    days = {"first_day": today + datetime.timedelta(first), "last_day": today + datetime.timedelta(last)}
    return StandIn.objects.create(membership=member.memberships.get(), substitute=substitute, **days)


def _content_with_answer(service):
    """What a letter of this service has where its form asked a question."""
    asked = question("short_text", "پرسشِ ماتریس", searchable=True)
    service.form = [section(asked)]
    version = FormVersion.current(service)
    return {"version": version, "answers": answers_to(version, {asked["id"]: SECRETS["form answer"]})}


def _consult(letter, unit, by, adviser):
    """An opinion that was given, and one that is still asked for."""
    for _time in range(2):
        letter.consult(by=by, unit=unit, question=SECRETS["asked opinion"])
        if not letter.opinions.filter(given_at__isnull=False).exists():
            letter.advise(by=adviser, opinion=letter.opinions.get(), text=SECRETS["opinion"])


def _write_drafts(letter, unit, approver):
    """Two colleagues write answers: one waits for approval, once sent back; the other is not sent."""
    hasty, slow = make_staff("m-hasty", unit), make_staff("m-slow", unit)
    answer = {"by": hasty, "kind": AnswerDraft.Kind.INTERIM, "text": SECRETS["handed in"]}
    letter.hand_in(**answer)
    letter.send_back(by=approver, draft=letter.answer_drafts.get(), remark=SECRETS["remark"])
    letter.hand_in(**answer)
    final = AnswerDraft.Kind.FINAL
    AnswerDraft.keep(letter=letter, author=slow, text=SECRETS["unsent answer"], kind=final, form_key=uuid.uuid4())


def _keep_for_later(letter, unit, people):
    """A saved text of the unit, a filter and a bulk job of the clerk's, and what each who may answer has begun."""
    SavedText.objects.create(title=SECRETS["saved text"], text="{subject}", unit=unit)
    SavedFilter.objects.create(user=people["clerk"], name=SECRETS["saved filter"], query="tab=all")
    details = {"verb": BulkJob.Verb.NOTE, "text": SECRETS["bulk"], "form_key": uuid.uuid4()}
    job = BulkJob.objects.create(owner=people["clerk"], finished_at=timezone.now(), **details)
    BulkItem.objects.create(job=job, letter=letter, state=BulkItem.State.DONE)
    kind = AnswerDraft.Kind.FINAL
    for name in (name for name, acts in ACTS.items() if Act.ANSWER in acts):
        AnswerDraft.keep(letter=letter, author=people[name], text="سلام", kind=kind, form_key=uuid.uuid4())


def _enter(words, clerk, unit, service, *, colour, mobile=""):
    """A letter on paper with these words (ON_PAPER or OF_NOBODY) and one scan, like no other file of the scene."""
    subject, name, contact, scan_name = words.values()
    key = uuid.uuid4()
    scan = make_attachment(clerk, key, name=f"{scan_name}.png", content=png(colour=colour))
    paper = PaperLetter(sender_name=name, subject=subject, unit=unit, mobile=mobile, contact=contact, scans=(scan,))
    letter = Letter.enter(by=clerk, service=service, form_key=key, paper=paper)
    return Letter.objects.get(pk=letter.pk)


def _file_of(owner):
    key = uuid.uuid4()
    return {"file": make_attachment(owner, key), "form_key": key}


def begin_letter(citizen, service):
    """A letter that is not sent, under DRAFT_KEY."""
    typed = {"subject": [SECRETS["subject"]], "sender_name": [SECRETS["name"]]}
    version = FormVersion.current(service)
    Draft.keep(citizen=citizen, form_key=DRAFT_KEY, service=service, version=version, typed=typed, step=1)
