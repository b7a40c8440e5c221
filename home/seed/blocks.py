"""Short ways to write page blocks down, in the form in which a StreamField keeps them."""


def block(name, **value):
    return {"type": name, "value": value}


def prose(*paragraphs):
    """Rich text of plain paragraphs."""
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def bullets(*items):
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def text(heading, *paragraphs):
    """The text block of home and ordinary pages; a paragraph may be a whole list made by ``bullets``."""
    return block("text", heading=heading, text=_joined(paragraphs))


def paragraph(*paragraphs):
    """The paragraph block of the guide."""
    return {"type": "paragraph", "value": _joined(paragraphs)}


def _joined(paragraphs):
    return "".join(part if part.startswith("<ul>") else f"<p>{part}</p>" for part in paragraphs)


def note(words, kind="note"):
    return block("note", kind=kind, text=prose(words))


def notice(words, kind="note"):
    """What ``note`` is in the guide, for the other pages."""
    return block("notice", kind=kind, text=prose(words))


def steps(*rows, heading=""):
    """Numbered steps from (title, text) pairs; a third part names the screen of the system that is shown."""
    return block("steps", heading=heading, steps=[_step(*row) for row in rows])


def _step(title, words, screen=""):
    return {"title": title, "text": prose(words) if words else "", "figure": None, "screen": screen}


def screen(name, caption=""):
    """A picture of one of the system's screens."""
    return block("screen", screen=name, picture=None, caption=caption)


def questions(heading, *pairs):
    """Questions from (question, answer) pairs."""
    return block(
        "questions",
        heading=heading,
        questions=[{"question": question, "answer": prose(answer)} for question, answer in pairs],
    )


def subject(title, *questions_and_answers):
    """A subject of the questions page from (question, paragraph of the answer…) tuples."""
    pairs = [{"question": question, "answer": prose(*answer)} for question, *answer in questions_and_answers]
    return block("subject", title=title, questions=pairs)


def rules(heading):
    return block("rules", heading=heading)


def subsection(title, anchor, *content):
    return {"title": title, "anchor": anchor, "content": list(content)}


def section(title, anchor, *content, parts=()):
    return block("section", title=title, anchor=anchor, content=list(content), subsections=list(parts))
