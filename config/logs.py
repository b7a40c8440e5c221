"""Structured log lines in which no telephone number, code or reference can be read."""

import json
import logging
import re
from datetime import UTC, datetime

# A run of six or more digits of any script, with the separators that people put into numbers.
NUMBER = re.compile(r"\+?[0-9۰-۹٠-٩](?:[\s\-\u200c\u200e\u200f\u202a-\u202e\u2066-\u2069]?[0-9۰-۹٠-٩]){5,}")


def mask(text):
    """The text with each long number replaced by its last two digits: ``…67``."""
    return NUMBER.sub(lambda match: "…" + match.group()[-2:], text)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the traceback if there is one."""

    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = mask(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
