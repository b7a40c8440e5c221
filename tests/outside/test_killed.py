"""Processes killed with -9 in the middle of their work."""

from concurrent.futures import ThreadPoolExecutor

import requests

from tests.outside.citizen import NEW
from tests.outside.running import until

RECOVERY = 120
LETTERS = 6


def test_a_worker_killed_in_mid_send_and_a_flushed_broker_forget_and_repeat_nothing(run, kaveh):
    gateway = run.gateway
    gateway.control("slow", delay=8)
    before = gateway.counts()
    letters = [kaveh.send_letter() for _ in range(LETTERS)]
    until(lambda: gateway.counts()["accepted"] >= before["accepted"] + 2, 20, "two messages in mid-send")
    run.kill("worker")
    run.flush_broker()
    gateway.control("accept")
    assert run.unfinished(), "nothing was in mid-send"
    seconds = until(lambda: not run.unfinished(), RECOVERY, "the end of every message")
    print(f"every message final {seconds:.0f} s after the kill")
    for reference in letters:
        [(_, state, *_)] = kaveh.messages(reference)
        assert (state, kaveh.sms_about(reference)) == ("sent", 1)
    # The gateway was asked before anything was sent again, so not even the lost answers made a second post.
    assert gateway.counts()["duplicates"] == before["duplicates"]


def test_a_web_process_killed_in_mid_submit_loses_nothing_that_it_accepted(run, kaveh):
    letters, start = run.rows("SELECT count(*), now() FROM servicedesk_letter")[0]
    fields, files = kaveh.letter_form()
    sends = [kaveh.later(NEW, fields, files) for _ in range(6)]
    with ThreadPoolExecutor(len(sends)) as pool:
        answers = [pool.submit(send) for send in sends]
        begun = "SELECT 1 FROM servicedesk_limithit WHERE name = 'upload-by-citizen' AND at > %s"
        until(lambda: run.rows(begun, start), 20, "the first upload")
        run.kill("web")
    until(run.is_well, 60, "the web process's new start")
    reference = kaveh.reference_in(kaveh.send(fields, files))
    came = [answer.result()[0] for answer in answers if not isinstance(answer.exception(), requests.ConnectionError)]
    assert {kaveh.reference_in(answer) for answer in came} <= {reference}
    assert run.one("SELECT count(*) FROM servicedesk_letter") == letters + 1
    until(lambda: kaveh.sms_about(reference), RECOVERY, "the SMS")
