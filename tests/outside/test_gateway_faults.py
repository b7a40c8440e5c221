"""What a gateway can do wrong: the citizen notices nothing, and each message ends as promised."""

from tests.outside.citizen import Citizen
from tests.outside.running import took, until

# Behaviour at the first try → the message's end, SMS on the telephone, posts at the gateway.
FAULTS = {
    "hang": ("sent", 1, 2),
    "hang_after_accept": ("sent", 1, 1),
    "drop_before": ("sent", 1, 2),
    "drop_after_accept": ("sent", 1, 1),
    "garbage": ("sent", 1, 1),
    "500": ("sent", 1, 2),
    "403": ("sent", 1, 2),
    "refuse": ("failed", 0, 1),
}
RECOVERY = 120
LONGEST_PAGE = 2


def expect(gateway, mode):
    """Lets the gateway behave so once; gives a question that is answered with True when it has."""
    before = gateway.counts()["posts"]
    gateway.control(mode, count=1)
    return lambda: gateway.counts()["posts"] > before


def test_each_fault_of_a_gateway_ends_as_promised_and_no_citizen_notices(run, kaveh):
    gateway, letters = run.gateway, {}
    duplicates = gateway.counts()["duplicates"]
    usual = took(lambda: kaveh.get("/desk/letters/"))
    for mode in FAULTS:
        # Each fault by itself, as if hours lay between: five in a row would cut the gateway off (test_failover).
        run.rows("DELETE FROM servicedesk_gatewaystate")
        first_try = expect(gateway, mode)
        fields, files = kaveh.letter_form()
        answer = kaveh.send(fields, files)
        assert answer.elapsed.total_seconds() < LONGEST_PAGE + usual, mode
        letters[mode] = kaveh.reference_in(answer)
        assert kaveh.get(answer.headers["Location"]).status_code == 200
        until(first_try, 20, f"the first try with {mode}")

    def states():
        """Of these letters' messages: other tests may have left some of theirs."""
        return {state for reference in letters.values() for _, state, *_ in kaveh.messages(reference)}

    until(lambda: "claimed" not in states(), 30, "the end of the tries that hang")
    # The fault is over; this one's success calls the waiting ones.
    kaveh.send_letter()
    seconds = until(lambda: states() <= {"sent", "failed"}, RECOVERY, "the end of every message")
    print(f"every message final {seconds:.0f} s after the faults")

    ends = {}
    for mode, reference in letters.items():
        [(message, state, *_)] = kaveh.messages(reference)
        posts = [post["id"] for post in gateway.posts].count(str(message))
        # A gateway that closes the connection unread has not seen whose message it was.
        ends[mode] = (state, kaveh.sms_about(reference), posts + (mode == "drop_before"))
    assert ends == FAULTS
    [(_, _, _, reason, _)] = kaveh.messages(letters["refuse"])
    assert reason == "http_422"
    assert gateway.counts()["duplicates"] == duplicates


def test_a_code_survives_a_fault_and_is_closed_when_its_time_is_over(run, stranger):
    gateway, late = run.gateway, Citizen(run)
    state = "SELECT state FROM servicedesk_outgoingmessage WHERE recipient = %s"
    for citizen, mode in ((stranger, "drop_before"), (late, "500")):
        first_try = expect(gateway, mode)
        citizen.ask_for_code()
        until(first_try, 20, f"the first try with {mode}")
    # As if the gateway had been away for longer than a code is good.
    over = "UPDATE servicedesk_outgoingmessage SET not_after = now() - interval '1 second' WHERE recipient = %s"
    run.rows(over, late.e164)
    code = stranger.read_code(seconds=40)
    assert stranger.enter(code).status_code == 303
    until(lambda: run.one(state, late.e164) == "expired", 40, "the end of the late code")
    assert late.texts("code") == []
