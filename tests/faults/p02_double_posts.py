"""One form, sent many times at once."""

from collections import Counter

from tests.faults.promise import Promise, Result
from tests.faults.visitor import Visitor
from tests.outside.citizen import NEW, at_once
from tests.outside.running import until

FORMS, TIMES = 20, 50


def attack(stage):
    production = stage.production
    until(lambda: not production.unfinished(), 60, "the end of earlier messages")
    production.checked_files()
    objects, twice, refused = production.objects(), Counter(), 0
    earlier = production.gateway.counts()["duplicates"]
    for _ in range(stage.some(FORMS)):
        visitor = Visitor(production).sign_in()
        fields, files = visitor.letter_form()
        answers = [answer for answer, _ in at_once([visitor.later(NEW, fields, files) for _ in range(TIMES)])]
        refused += sum(answer.status_code != 303 for answer in answers)
        twice["rows"] += _count(production, "letter", fields) - 1
        twice["rows"] += _count(production, "attachment", fields) - 1
        until(lambda: not production.unfinished(), 60, "the receipt's SMS")
        twice["messages"] += len(visitor.texts("message")) - 1
    production.checked_files()
    twice["objects"] = len(production.objects() - objects) - stage.some(FORMS)
    posts = production.gateway.counts()["duplicates"] - earlier
    figure = ", ".join(f"{twice[name]} {name}" for name in ("rows", "objects", "messages"))
    figure += f" too many, {posts} posts repeated, {refused} of {stage.some(FORMS) * TIMES} not answered by the receipt"
    return Result(figure, not any(twice.values()) and not posts and not refused)


def _count(production, table, fields):
    return production.one(f"SELECT count(*) FROM servicedesk_{table} WHERE form_key = %s", fields["form_key"])


PROMISE = Promise(2, "20 x 50 parallel identical posts", "0 rows, objects, messages too many", attack)
