"""The messages about those letters: worker kills, FLUSHALL, Valkey away for 40 s and hung for 60 s."""

from tests.faults.promise import Promise, Result
from tests.faults.storm import RECOVERY

# How many messages each letter has; a letter without one was forgotten.
OWED = """
    SELECT l.reference, count(m.id) FROM servicedesk_letter l
    LEFT JOIN servicedesk_outgoingmessage m ON m.letter_id = l.id GROUP BY l.reference
"""
# Seconds from the letter to the last message's end.
LONGEST = """
    SELECT coalesce(max(extract(epoch FROM m.final_at - m.created_at)), 0)
    FROM servicedesk_outgoingmessage m WHERE m.letter_id IS NOT NULL
"""


def attack(stage):
    storm, counts = stage.storm, stage.production.gateway.counts()
    owed = dict(stage.production.rows(OWED))
    forgotten = [sent for sent in storm.letters if owed.get(sent["reference"]) != 1]
    seconds = storm.seconds_to_final
    when = f"the last final after {seconds:.0f} s" if seconds is not None else f"{storm.unfinished} not final"
    longest = stage.production.one(LONGEST)
    figure = (
        f"{len(storm.letters)} messages, {when}, the longest way {longest:.0f} s; {len(forgotten)} forgotten,"
        f" {counts['duplicates']} sent twice ({counts['look_ups']} asked for)"
    )
    return Result(figure, seconds is not None and not forgotten and not counts["duplicates"])


PROMISE = Promise(
    3, "1,000 messages: worker kills, FLUSHALL, Valkey away 40 s, hung 60 s", f"all final <= {RECOVERY} s", attack
)
