"""Structured log lines in which nobody can be found.

Numbers are masked. Of an error only its kind and its place in the code are written, never its words: PostgreSQL, for
one, puts the whole refused row into them. Of an address that somebody typed only the beginning is.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from itertools import takewhile

# A run of six or more digits of any script, with the separators that people put into numbers.
NUMBER = re.compile(r"\+?[0-9۰-۹٠-٩](?:[\s\-\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069]?[0-9۰-۹٠-٩]){5,}")

# What may stand of an address: two steps of it, in our own words.
PLAIN_STEP = re.compile(r"[a-z-]{1,30}")


def mask(text):
    """The text with each long number replaced by its last two digits: ``…67``."""
    return NUMBER.sub(lambda match: "…" + match.group()[-2:], text)


def beginning(address):
    """``/desk/letters/…``: an address without what may name a letter or a person."""
    steps = [step for step in address.split("/") if step]
    plain = list(takewhile(PLAIN_STEP.fullmatch, steps[:2]))
    return "/" + "/".join(plain + ["…"] * (len(plain) < len(steps)))


def told(error):
    """The traceback of an error and of those that led to it, oldest first, without their words."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = told(earlier) if earlier is not None else ""
    return f"{lines}{''.join(traceback.format_tb(error.__traceback__))}{type(error).__module__}.{_name(error)}\n"


def _name(error):
    """The kind of an error, with what machines say about it."""
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None:
        facts = (error.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
    else:
        facts = (error.errno, error.strerror) if isinstance(error, OSError) else ()
    return " ".join([type(error).__qualname__, *(str(fact) for fact in facts if fact)])


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the traceback if there is one."""

    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(_one_line(record)),
        }
        if record.exc_info:
            line["traceback"] = mask(told(record.exc_info[1]))
        return json.dumps(line, ensure_ascii=False)


def _one_line(record):
    """Celery's word on a broker that is away carries the whole stack, each time."""
    text = _message(record)
    return text.partition("\n")[0] if record.name.startswith("celery") else text


def _message(record):
    """The line's text, without the words of an error and without the rest of an address."""
    if isinstance(record.args, dict) and "exc" in record.args:
        return record.msg % {**record.args, "exc": "", "traceback": ""}  # Celery's word on a task that failed.
    if record.name.startswith("django.") and isinstance(record.args, tuple):
        shown = [beginning(arg) if isinstance(arg, str) and arg.startswith("/") else arg for arg in record.args]
        return record.msg % tuple(shown) if shown else record.getMessage()
    return record.getMessage()
