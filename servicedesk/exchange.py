"""A service as one JSON file, so that organisations exchange them.

The file holds what the page says of the service and its form with the ids of its questions. It holds nothing of the
organisation: no units, letters, people, months of keeping, or links to its own pages. What comes in is a draft.
"""

import json
import uuid

from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.admin.rich_text.converters.editor_html import EditorHTMLConverter

from servicedesk.models import ServicePage
from servicedesk.models.service_sheet import TEXT_FEATURES
from servicedesk.questions.form_blocks import FormBlock
from servicedesk.questions.register import TYPES

KIND, FORMAT = "servicedesk.service", 1
LARGEST = 1_048_576  # bytes
RICH = ("description", "what_to_prepare", "steps", "legal_basis", "form_intro", "receipt_text")
PLAIN = (
    "title",
    "summary",
    "search_description",
    "audience",
    "life_event",
    "promised_days",
    "time_needed",
    "visits",
    "cost",
    "relations",
    "nature",
    "level",
    "starts",
    "frequency",
    "reminder_days",
    "closing_days",
    "postponed_days",
    "postponed_reason",
    "channels",
    "name_label",
    "name_asked",
    "subject_label",
    "unit_label",
    "file_label",
    "file_asked",
    "file_kinds",
    "file_kilobytes",
    "sms_submitted",
    "sms_interim",
    "sms_answered",
)


class NotAService(Exception):
    """The file cannot be taken. Its text is a sentence for whoever chose it."""


def exported(page):
    """The file's content (str) for a ServicePage as it stands."""
    fields = {name: getattr(page, name) for name in PLAIN}
    fields |= {name: _without_own_links(getattr(page, name)) for name in RICH}
    content = {
        "kind": KIND,
        "format": FORMAT,
        "language": page.locale.language_code,
        "slug": page.slug,
        "fields": fields,
        "form": [_whole(block) for block in page.form if block.block_type != "shared" or block.value["question_set"]],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder)


def _whole(block):
    """A block of the form as JSON; shared questions as a section of their own, since the set stays here."""
    raw = block.get_prep_value()
    if block.block_type != "shared":
        return raw
    shared = block.value["question_set"]
    section = {"title": shared.title, "help": "", "questions": shared.questions.get_prep_value()}
    return {**raw, "type": "section", "value": {**section, "condition": raw["value"]["condition"]}}


def imported(data, *, parent, owner):
    """A draft of the service in ``data`` (the file's bytes) below the page ``parent``. Raises NotAService."""
    content = read(data)
    page = ServicePage(owner=owner, live=False, locale=parent.locale)
    fill(page, content)
    page.slug = _free_slug(parent, str(content.get("slug", "")))
    try:
        page.full_clean(exclude=["path", "depth", "url_path", "content_type"])
    except ValidationError as error:
        raise NotAService(_told(error)) from error
    parent.add_child(instance=page)
    page.save_revision(user=owner, log_action=True)
    return page


def read(data):
    """The file's content as {"fields", "form", …}. Raises NotAService."""
    if len(data) > LARGEST:
        raise NotAService(_("This file is too large for a service."))
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotAService(_("This is no file of a service. Choose one that was made by “Save as a file”.")) from error
    if not (isinstance(content, dict) and content.get("kind") == KIND and isinstance(content.get("fields"), dict)):
        raise NotAService(_("This is no file of a service. Choose one that was made by “Save as a file”."))
    if content.get("format") != FORMAT:
        raise NotAService(_("This file was made by a newer release. Update the desk, then try again."))
    return content


def fill(page, content):
    """Gives the page, new or not, what the file says of the service. What this release does not know of is left out.
    Raises NotAService."""
    page.form = _form_in(content)
    fields = content["fields"]
    for name in PLAIN:
        if name in fields:
            setattr(page, name, fields[name])
    cleaner = EditorHTMLConverter(features=TEXT_FEATURES)
    for name in RICH:
        # A stranger's HTML: only what the editor itself could have written.
        setattr(page, name, cleaner.to_database_format(_without_own_links(str(fields.get(name) or ""))))


def _without_own_links(html):
    """The rich text with links to the organisation's own pages and documents as plain words."""
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.find_all("a", linktype=True):
        link.unwrap()
    return str(soup)


def _form_in(content):
    """The StreamValue of the file's form."""
    block = FormBlock(required=False)
    try:
        raw = _checked(content.get("form", []))
        return block.clean(block.to_python(raw))
    except ValidationError as error:
        raise NotAService(_("A question in this file is not complete, so it cannot be taken.")) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotAService(_("The form in this file is damaged, so it cannot be taken.")) from error


def _checked(raw):
    """The blocks of a form; the ids of steps, sections and questions are UUIDs, each there once. Unknown types would be
    dropped without a word, so they are named instead."""
    seen = set()
    for block in raw:
        if block["type"] not in ("section", "step"):
            raise NotAService(_("This file has a part that this release does not know: %(type)s.") % block)
        for question in [block, *block["value"].get("questions", [])]:
            if question is not block and question["type"] not in TYPES:
                raise NotAService(
                    _("This file has a question of a type that this release does not know: %(type)s.") % question
                )
            key = str(uuid.UUID(question["id"]))
            if key in seen:
                raise ValueError("an id twice")
            seen.add(key)
            question["id"] = key
    return raw


def _free_slug(parent, wanted):
    base = slugify(wanted, allow_unicode=True)[:200] or "service"
    taken = set(parent.get_children().values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if slug not in taken)


def _told(error):
    """The first thing that is wrong with the fields, with the name that people read."""
    name, [sentence, *_more] = next(iter(error.message_dict.items()))
    if name in {field.name for field in ServicePage._meta.get_fields()}:
        return f"{ServicePage._meta.get_field(name).verbose_name}: {sentence}"
    return str(sentence)
