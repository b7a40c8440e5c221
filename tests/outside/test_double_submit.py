"""One form, sent fifty times at once, and one security code likewise."""

from tests.outside.citizen import NEW, SIGN_IN, Citizen, at_once
from tests.outside.running import until

TIMES = 50


def test_fifty_parallel_submits_make_one_of_everything(run, leila):
    letters, objects = run.one("SELECT count(*) FROM servicedesk_letter"), run.objects()
    fields, files = leila.letter_form()
    answers = at_once([leila.later(NEW, fields, files) for _ in range(TIMES)])
    [reference] = {leila.reference_in(answer) for answer, _ in answers}
    assert leila.get(f"/desk/letters/{reference}/receipt/").status_code == 200

    assert run.one("SELECT count(*) FROM servicedesk_letter") == letters + 1
    checked = (
        "SELECT key FROM servicedesk_attachment WHERE form_key = %s AND state = 'released' AND lease_until IS NULL"
    )
    until(lambda: run.rows(checked, fields["form_key"]), 60, "the end of its check")
    keys = run.rows("SELECT key FROM servicedesk_attachment WHERE form_key = %s", fields["form_key"])
    assert len(keys) == 1
    assert run.objects() - objects == {f"letters/clean/{keys[0][0]}"}
    assert (
        run.one(
            "SELECT count(*) FROM servicedesk_event e JOIN servicedesk_letter l ON l.id = e.letter_id"
            " WHERE l.reference = %s",
            reference,
        )
        == 1
    )
    until(lambda: leila.sms_about(reference), 30, "the receipt's SMS")
    [(message, state, attempts, *_)] = leila.messages(reference)
    assert attempts == 1
    assert [post["id"] for post in run.gateway.posts].count(str(message)) == 1
    # Sent once more, much later: the same receipt.
    assert leila.reference_in(leila.post(NEW, fields, files)) == reference


def test_one_solved_security_code_sends_one_code(run):
    """Fifty numbers and fifty addresses, so that nothing but the security code itself can hold them back."""
    many = [Citizen(run) for _ in range(TIMES)]
    solved = many[0].solved_form()
    for citizen in many:
        citizen.browser.cookies.update(many[0].browser.cookies)
    answers = at_once([citizen.later(SIGN_IN, {**solved, "mobile": citizen.mobile}) for citizen in many])
    assert sorted(answer.status_code for answer, _ in answers) == [303] + [422] * (TIMES - 1)
    owed = "SELECT recipient FROM servicedesk_outgoingmessage WHERE recipient = ANY(%s)"
    [[recipient]] = run.rows(owed, [citizen.e164 for citizen in many])
    [lucky] = [citizen for citizen in many if citizen.e164 == recipient]
    lucky.read_code()
    posts = [post for post in run.gateway.posts if post["to"] in {citizen.e164 for citizen in many}]
    assert len(posts) == 1
