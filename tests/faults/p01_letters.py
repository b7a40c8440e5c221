"""Letters are sent while web, workers, Valkey and SeaweedFS are killed."""

from tests.faults.promise import Promise, Result

# Every letter of these citizens, its file's row, and how many letters have its subject.
KEPT = """
    SELECT l.reference, l.subject, ltrim(a.place || '/' || a.key, '/'), a.size
    FROM servicedesk_letter l LEFT JOIN servicedesk_attachment a ON a.letter_id = l.id AND a.reply_id IS NULL
"""


def attack(stage):
    storm = stage.storm
    stage.production.checked_files()
    rows, stored = stage.production.rows(KEPT), stage.production.stored()
    of_reference = {reference: subject for reference, subject, _, _ in rows}
    lost = [sent for sent in storm.letters if of_reference.get(sent["reference"]) != sent["subject"]]
    # What lies in the store must be as long as its row says.
    hollow = [reference for reference, _, key, size in rows if stored.get(f"letters/{key}") != size]
    subjects = [subject for _, subject, _, _ in rows]
    twice = len(subjects) - len(set(subjects))
    again = sum(sent["tries"] - 1 for sent in storm.letters)
    kills = ", ".join(f"{name} {count}" for name, count in sorted(storm.kills.items()))
    figure = (
        f"{len(storm.letters)} accepted: {len(lost)} lost, {len(hollow)} rows without object, {twice} twice"
        f" ({again} sent again; killed: {kills})"
    )
    return Result(figure, not (lost or hollow or twice))


PROMISE = Promise(1, "1,000 letters by 20 citizens while parts are killed -9", "0 / 0 / 0", attack)
