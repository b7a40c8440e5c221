"""«همه داده‌های من»: all that is kept about a citizen, as one ZIP that is made while it goes out."""

import json
import re
import zipfile
from html import unescape

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import strip_tags

from servicedesk import browsers
from servicedesk.models import Attachment, Letter, OutgoingMessage, RemovalRequest, Unit
from servicedesk.questions.register import type_of
from servicedesk.timeline import timeline_of
from servicedesk.uploads.store import StoreUnavailable
from servicedesk.zip_outlet import ZipOutlet

# Newer files come first; what goes beyond is named in the list and stays on its letter's page.
MOST_FILE_BYTES = 200 << 20
PIECE = 1 << 16


def archive_of(citizen, language):
    """The ZIP of a citizen's data, in pieces (bytes).

    Holds data.json, the same to read as HTML, and the files that the citizen may fetch. Nothing that staff wrote
    for each other and nothing of anybody else. A store that goes away leaves a file out, and the list says so.
    """
    letters = Letter.objects.visible_to(citizen).select_related("unit", "first_unit", "version")
    letters = letters.prefetch_related("attachments", "answers", "completion_requests__attachments")
    files = _files_that_fit(citizen, letters)
    outlet, failed = ZipOutlet(), []
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, name in files.items():
            try:
                yield from _written(archive, outlet, file, name)
            except StoreUnavailable:
                failed.append(name)
        names = {file.pk: name for file, name in files.items() if name not in failed}
        # The request is over by now, and its language with it.
        with translation.override(language):
            data = _data_of(citizen, letters, names)
            page = render_to_string("servicedesk/own_data/archive.html", {"data": data})
        archive.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1, default=_iso))
        archive.writestr("index.html", page)
        yield outlet.taken()
    yield outlet.taken()


def _files_that_fit(citizen, letters):
    """{Attachment: its name in the archive}."""
    fitting, total = {}, 0
    visible = Attachment.objects.visible_to(citizen).released().filter(letter__in=letters)
    for file in visible.select_related("letter").order_by("-created_at"):
        total += file.size
        if total <= MOST_FILE_BYTES:
            fitting[file] = f"files/{file.letter.reference}-{len(fitting) + 1}-{file.name}"
    return fitting


def _written(archive, outlet, file, name):
    content = file.open()
    with archive.open(name, "w") as entry:
        while piece := content.read(PIECE):
            entry.write(piece)
            yield outlet.taken()


def _data_of(citizen, letters, names):
    return {
        "made_at": _at(timezone.now()),
        "account": {
            "mobile": citizen.mobile,
            "first_sign_in": _at(citizen.date_joined),
            "last_sign_in": _at(citizen.last_login),
            "name_offered_in_forms": citizen.last_name_used,
        },
        "sessions": [
            {
                "browser": browsers.in_words(session.system, session.browser),
                "began_at": _at(session.began_at),
                "last_used_at": _at(session.seen_at),
            }
            for session in citizen.sessions.of(citizen)
        ],
        "letters": [_letter(letter, names) for letter in letters.order_by("-submitted_at")],
        **_unsent(citizen, names),
        "removal_requests": [
            {
                "asked_at": _at(request.asked_at),
                "state": request.get_state_display(),
                "decided_at": _at(request.decided_at),
                "reason": request.reason,
            }
            for request in RemovalRequest.objects.visible_to(citizen)
        ],
    }


def _letter(letter, names):
    replies = letter.replies.select_related("unit").prefetch_related("attachments")
    messages = OutgoingMessage.objects.filter(letter=letter).order_by("pk")
    return {
        "tracking_code": letter.reference,
        "subject": letter.subject,
        "full_name": letter.sender_name,
        "service": letter.service_title,
        "unit": str(letter.unit),
        "first_unit": str(letter.first_unit),
        "status": letter.get_status_display(),
        "sent_at": _at(letter.submitted_at),
        "promised_on": letter.promised_on,
        "due_on": letter.due_on,
        "channel": letter.get_channel_display(),
        "address_or_telephone": letter.contact,
        "official_number": letter.official_number,
        "answered_at": _at(letter.answered_at),
        "opened_by_you_at": _at(letter.seen_by_citizen_at),
        "timeline": _timeline(letter),
        "answers": [_reply(reply, names) for reply in replies],
        "asked_of_you": [_request(one, names) for one in letter.completion_requests.all()],
        "files": [_file(file, names) for file in _files_beside_the_form(letter)],
        "form": [_section(title, rows, names) for title, rows in letter.answered_sections],
        "sms": [_sms(message) for message in messages],
    }


def _timeline(letter):
    lines = timeline_of(letter, letter.events.for_citizen().with_names())
    return [{"at": _at(line["at"]), "what": unescape(strip_tags(line["html"])).strip()} for line in lines]


def _files_beside_the_form(letter):
    """The body, and whatever stands with no question."""
    with_questions = {file.pk for _, rows in letter.answered_sections for row in rows for file in row["files"]}
    return [file for file in letter.own_files if file.pk not in with_questions and file.completion_id is None]


def _section(title, rows, names):
    """A section of the form with what was answered in it."""

    def question(row):
        files = [_file(file, names) for file in row["files"]]
        return {"label": row["label"], "answer": row["text"], "files": files}

    return {"section": title, "questions": [question(row) for row in rows]}


def _reply(reply, names):
    """An answer that the letter got."""
    return {
        "at": _at(reply.at),
        "unit": str(reply.unit),
        "final": reply.is_final,
        "text": reply.text,
        "files": [_file(file, names) for file in reply.attachments.all()],
    }


def _sms(message):
    return {
        "at": _at(message.created_at),
        "to": message.recipient,
        "text": message.text,
        "state": message.get_state_display(),
    }


def _request(request, names):
    """What was asked for in the course of a letter, and what the citizen replied."""
    return {
        "asked_at": _at(request.asked_at),
        "question": request.question,
        "wanted_files": request.wanted,
        "replied_at": _at(request.answered_at),
        "reply": request.text,
        "files": [_file(file, names) for file in request.attachments.all()],
    }


def _unsent(citizen, names):
    """What was begun and never sent: drafts with their files, and files of forms of which nothing else was kept."""
    loose = list(Attachment.objects.filter(owner=citizen, letter=None))
    drafts = []
    for draft in citizen.drafts.select_related("version", "service"):
        own = [file for file in loose if file.form_key == draft.form_key]
        loose = [file for file in loose if file not in own]
        drafts.append(_draft(draft, own, names))
    return {"drafts": drafts, "unsent_files": [_file(file, names) for file in loose]}


def _draft(draft, files, names):
    labels = {question.id: question.label for question in draft.version.outline.questions}
    return {
        "service": draft.service.title,
        "begun_at": _at(draft.created_at),
        "last_touched_at": _at(draft.updated_at),
        "kept_until": _at(draft.kept_until),
        "typed": _typed(draft),
        "files": [{"label": labels.get(str(file.question), ""), **_file(file, names)} for file in files],
    }


def _typed(draft):
    """What was typed, in the order of the form: [{"label", "typed"}], choices in words."""
    outline, left = draft.version.outline, dict(draft.typed)
    found = []
    for name in ("sender_name", "subject", "unit"):
        usual, typed = outline.standard[name], left.pop(name, [])
        if name == "unit":
            typed = [str(unit) for unit in Unit.objects.filter(pk__in=[pk for pk in typed if pk.isdecimal()])]
        found.append((usual.label, typed))
    for question in outline.asked:
        words = dict(type_of(question).filter_choices(question))
        # An address and a date have several fields, named after their question's.
        fields = [name for name in left if re.split("[-_](?=[a-z_]+$)", name)[0] == question.field_name]
        found.append((question.label, [str(words.get(typed, typed)) for name in fields for typed in left.pop(name)]))
    # Of questions that the form does not ask any more.
    found += [("", typed) for typed in left.values()]
    return [{"label": label, "typed": typed} for label, typed in found if any(text.strip() for text in typed)]


def _file(file, names):
    return {
        "name": file.name,
        "size": file.size,
        "at": _at(file.created_at),
        "state": file.get_state_display(),
        "in_this_archive": names.get(file.pk, ""),
    }


def _iso(value):
    """Dates and moments in JSON."""
    return value.isoformat()


def _at(moment):
    return timezone.localtime(moment).replace(microsecond=0) if moment else None
