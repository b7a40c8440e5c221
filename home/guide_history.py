"""What has changed in the guide, for its readers: from one publication to the next, told from Wagtail's revisions.

Sections are known by the ids of their blocks, so renaming and moving one is not taken for a new one. Revisions may be
purged at any time; what cannot be compared any more is left out.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from wagtail.models import PageLogEntry, Revision

from home.models.rules_seen import RulesSeen

PUBLISHED = ("wagtail.publish", "wagtail.publish.scheduled")
LOOKED_AT = 30  # publications; the last few that changed something are shown
SHOWN = 5
ADDED, REMOVED, RENAMED, CHANGED = "added", "removed", "renamed", "changed"


@dataclass(frozen=True)
class Change:
    """What became of one section. anchor: where it is now, or "" where it is no more."""

    kind: str
    title: str
    anchor: str = ""
    old_title: str = ""


@dataclass
class Publication:
    """One entry of the list. note: the editor's own sentence. is_first: the guide's first publication.
    rules: (what, before, after) of each rule for sending that changed; then there is no version."""

    at: datetime
    version: str = ""
    note: str = ""
    is_first: bool = False
    changes: list[Change] = field(default_factory=list)
    rules: list[tuple] = field(default_factory=list)


@dataclass(frozen=True)
class _Part:
    block_id: str
    anchor: str
    title: str
    content: str  # everything that is read below the title, without the ids of blocks

    def is_same_place(self, other):
        if self.block_id and other.block_id:
            return self.block_id == other.block_id
        return (self.anchor or self.title) == (other.anchor or other.title)


def history(page):
    """The latest ``Publication``s that changed something, newest first, at most ``SHOWN``."""
    sections = page.all_sections()
    anchors = {part.anchor: part.anchor for part in sections} | {part.block_id: part.anchor for part in sections}
    anchors.pop("", None)
    found = [*_publications(page, anchors), *_rules()]
    return sorted(found, key=lambda publication: publication.at, reverse=True)[:SHOWN]


def _publications(page, anchors):
    entries = list(
        PageLogEntry.objects.filter(page=page, action__in=PUBLISHED).order_by("-timestamp", "-pk")[: LOOKED_AT + 1]
    )
    revisions = Revision.objects.in_bulk([entry.revision_id for entry in entries if entry.revision_id])
    kept = [(entry, revisions[entry.revision_id]) for entry in entries if entry.revision_id in revisions]
    for (entry, revision), (_older, before) in pairwise(kept):
        now, then = revision.content, before.content
        note = (now.get("change_note") or "").strip()
        publication = Publication(
            at=entry.timestamp,
            version=now.get("version") or "",
            # A sentence that was left standing belongs to the publication before.
            note="" if note == (then.get("change_note") or "").strip() else note,
            changes=_compared(_parts(then), _parts(now), anchors),
        )
        if publication.note or publication.changes:
            yield publication
    # The oldest is the first one of all only where nothing older was ever published, purged or not.
    if kept and kept[-1][0] == entries[-1] and len(entries) <= LOOKED_AT:
        entry, revision = kept[-1]
        yield Publication(at=entry.timestamp, version=revision.content.get("version") or "", is_first=True)


def _parts(content):
    """All sections and sub-sections of a revision, in their order."""
    parts = []
    for block in json.loads(content.get("sections") or "[]"):
        parts.append(_part(block))
        # What was never in the editor holds list items without ids of their own.
        children = block["value"].get("subsections") or ()
        parts += [_part(child if "value" in child else {"value": child}) for child in children]
    return parts


def _part(block):
    value = block["value"]
    content = json.dumps(_without_ids(value.get("content") or []), sort_keys=True)
    return _Part(block.get("id") or "", value.get("anchor") or "", value.get("title") or "", content)


def _without_ids(value):
    if isinstance(value, dict):
        return {name: _without_ids(inner) for name, inner in value.items() if name != "id"}
    if isinstance(value, list):
        return [_without_ids(inner) for inner in value]
    return value


def _compared(then, now, anchors):
    changes = []
    for part in now:
        before = next((old for old in then if old.is_same_place(part)), None)
        anchor = anchors.get(part.block_id) or anchors.get(part.anchor, "")
        if before is None:
            changes.append(Change(ADDED, part.title, anchor))
        elif before.title != part.title:
            changes.append(Change(RENAMED, part.title, anchor, before.title))
        elif before.content != part.content:
            changes.append(Change(CHANGED, part.title, anchor))
    gone = [old for old in then if not any(old.is_same_place(part) for part in now)]
    return changes + [Change(REMOVED, old.title) for old in gone]


def _rules():
    for now, then in pairwise(RulesSeen.objects.all()[: SHOWN + 1]):
        names = ("max_bytes", "extensions", "text_length")
        pairs = [(name, getattr(then, name), getattr(now, name)) for name in names]
        yield Publication(at=now.seen_at, rules=[(name, old, new) for name, old, new in pairs if old != new])
