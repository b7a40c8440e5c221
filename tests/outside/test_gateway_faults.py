"""What a gateway can do wrong: the citizen notices nothing, and each message ends as promised."""

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


def test_each_fault_of_a_gateway_ends_as_promised_and_no_citizen_notices(run, kaveh):
    gateway, letters = run.gateway, {}
    usual = took(lambda: kaveh.get("/desk/letters/"))
    for mode in FAULTS:
        before = gateway.counts()["posts"]
        gateway.control(mode, count=1)
        fields, files = kaveh.letter_form()
        answer = kaveh.send(fields, files)
        assert answer.elapsed.total_seconds() < LONGEST_PAGE + usual, mode
        letters[mode] = kaveh.reference_in(answer)
        assert kaveh.get(answer.headers["Location"]).status_code == 200
        until(lambda before=before: gateway.counts()["posts"] > before, 20, f"the first try with {mode}")
    # The fault is over; this one's success calls the waiting ones.
    kaveh.send_letter()
    seconds = until(lambda: not run.unfinished(), RECOVERY, "the end of every message")
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
    assert gateway.counts()["duplicates"] == 0


def test_a_code_survives_a_fault_and_is_closed_when_its_time_is_over(run, stranger):
    run.gateway.control("drop_before", count=1)
    stranger.ask_for_code()
    code = stranger.read_code(seconds=40)
    # A gateway that is away for longer than a code is good.
    run.gateway.control("500")
    late = type(stranger)(run)
    late.ask_for_code()
    query = "SELECT state FROM servicedesk_outgoingmessage WHERE recipient = %s AND attempts > 0"
    until(lambda: run.rows(query, late.e164), 20, "the first try")
    run.rows(
        "UPDATE servicedesk_outgoingmessage SET not_after = now() - interval '1 second' WHERE recipient = %s", late.e164
    )
    until(lambda: run.one(query, late.e164) == "expired", 40, "the end of the code's message")
    run.gateway.control("accept")
    assert stranger.enter(code).status_code == 303
    assert late.texts("code") == []
