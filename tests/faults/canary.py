"""A citizen whose number, code, name and subject are looked for wherever a machine writes things down."""

import json
import re
from collections import Counter

import redis

from tests.faults.visitor import Visitor

# A mobile number in any usual writing, or a tracking code.
NUMBER = re.compile(r"(?<!\d)(?:\+?98|0098|0)?\d{10}(?!\d)")


def sing(production):
    """Signs in, sends a letter, meets an error; gives what is known of the canary, as texts."""
    canary = Visitor(production)
    canary.ask_for_code()
    code = canary.read_code()
    canary.enter(code)
    fields, files = canary.letter_form()
    fields |= {"sender_name": "قناری زردپرنیان", "subject": "ناشناخته‌ترین موضوع شهر"}
    reference = canary.reference_in(canary.send(fields, files))
    for path in (f"/desk/{canary.mobile}/", f"/desk/letters/{reference[::-1]}/", f"/?q={canary.mobile}&{reference}"):
        assert canary.e164 not in canary.get(path).text
    return {canary.mobile, canary.mobile[1:], canary.e164, code, fields["sender_name"], fields["subject"], reference}


def found_in(production, words):
    """Where any of these texts, or anybody's number, stands, each with how often: see `_written`."""
    # As they are, and as JSON writes them; not inside of a longer number, nor as a fraction of a second.
    forms = {*words, *(json.dumps(word)[1:-1] for word in words)}
    pattern = re.compile(rf"(?<![\d.:])(?:{'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))})(?!\d)")
    numbers = {word[-10:] for word in production.personal if word.isdigit() and len(word) >= 10}
    hits = Counter()
    for name, text in _written(production):
        hits[name] += len(pattern.findall(text)) + sum(run[-10:] in numbers for run in NUMBER.findall(text))
    return +hits


def _written(production):
    """(name, text) of everything that is written down outside of the database and the store."""
    folders = (production.state / "logs", production.nginx.home.directory)
    for path in [path for folder in folders for path in folder.glob("*.log")]:
        yield path.name, path.read_text(errors="replace")
    for path in (production.state / "valkey").rglob("*.aof"):
        yield f"valkey {path.name}", path.read_text(errors="replace")
    with redis.Redis.from_url(production.valkey.url) as broker:
        for key in broker.scan_iter():
            yield "valkey", f"{key!r} {broker.dump(key)!r}"
