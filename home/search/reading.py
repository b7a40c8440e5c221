"""What of a page can be found: the page, its sections, its questions, each with its place in the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.blocks import CharBlock, StreamValue, StructValue, TextBlock
from wagtail.blocks.list_block import ListValue
from wagtail.rich_text import RichText, get_text_for_indexing

from home.blocks.text import QuestionsBlock, question_anchor
from home.models import GuidePage, NewsPage, QuestionsPage
from home.models.search_entry import Kind
from servicedesk.models import ServicePage

_END_OF_LINE = re.compile(r"</(?:p|h\d|li|blockquote)>|<(?:br|hr)\s*/?>", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """``text``: paragraphs, a line each. ``number``: of a section, such as ``3-1``."""

    kind: Kind
    title: str
    text: str
    anchor: str = ""
    number: str = ""
    day: date | None = None


def parts_of(page) -> list[Part]:
    """The parts of ``page``, a specific one; the first is the page itself. What is a part of its own is in no other."""
    with translation.override(page.locale.language_code):
        match page:
            case GuidePage():
                return [Part(Kind.PAGE, page.title, page.introduction), *_sections(page)]
            case QuestionsPage():
                return [Part(Kind.PAGE, page.title, page.introduction), *_by_subject(page)]
            case ServicePage():
                return _of_service(page)
        kind, day = (Kind.NEWS, page.date) if isinstance(page, NewsPage) else (Kind.PAGE, None)
        body = getattr(page, "body", None)
        text = _lines(getattr(page, "introduction", "") or page.search_description, *(_texts(body) if body else ()))
        return [Part(kind, page.title, text, day=day), *(_questions(body) if body else ())]


def _sections(page) -> Iterator[Part]:
    for section in page.numbered_sections():
        for one in (section, *section.subsections):
            number = "-".join(map(str, one.number))
            yield Part(Kind.SECTION, one.title, _lines(*_texts(one.content)), one.anchor, number)
            yield from _questions(one.content)


def _by_subject(page) -> Iterator[Part]:
    for subject in page.by_subject():
        for one in subject.questions:
            yield Part(Kind.QUESTION, one.question, _lines(_plain(one.answer.source)), one.anchor)


def _of_service(page) -> list[Part]:
    about = _lines(
        page.summary, _plain(page.description), page.audience, page.life_event, page.time_needed, page.cost, page.code
    )
    parts = [
        Part(Kind.PART, _("What to prepare"), _lines(_plain(page.what_to_prepare)), "prepare"),
        Part(Kind.PART, _("Steps"), _lines(_plain(page.steps)), "steps"),
        Part(Kind.PART, _("Legal basis"), _lines(_plain(page.legal_basis)), "law"),
    ]
    return [Part(Kind.SERVICE, page.title, about), *(part for part in parts if part.text)]


def _questions(stream) -> Iterator[Part]:
    """Those of every questions block in a stream."""
    for block in stream:
        if not isinstance(block.block, QuestionsBlock):
            continue
        for child in block.value["questions"].bound_blocks:
            yield Part(
                Kind.QUESTION,
                child.value["question"],
                _lines(_plain(child.value["answer"].source)),
                question_anchor(child),
            )


def _texts(stream) -> Iterator[str]:
    for block in stream:
        if not isinstance(block.block, QuestionsBlock):
            yield from _texts_of_block(block.block, block.value)


def _texts_of_block(block, value) -> Iterator[str]:
    """What readers see of an editor's words: no choices, no addresses, no names of places."""
    match value:
        case StructValue():
            children = value.bound_blocks.values()
        case ListValue():
            children = value.bound_blocks
        case StreamValue():
            children = value
        case RichText():
            yield _plain(value.source)
            return
        case _:
            if isinstance(block, CharBlock | TextBlock):
                yield value or ""
            return
    for child in children:
        yield from _texts_of_block(child.block, child.value)


def _plain(rich_text) -> str:
    """A line for each paragraph and each entry of a list."""
    return get_text_for_indexing(_END_OF_LINE.sub("\n", rich_text or ""))


def _lines(*texts) -> str:
    tidy = (" ".join(line.split()) for text in texts for line in (text or "").split("\n"))
    return "\n".join(text for text in tidy if text)
