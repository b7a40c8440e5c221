"""After everything that the other tests did and broke: nobody can be found in the logs."""

import re


def test_no_log_holds_anything_personal(run, kaveh, stranger):
    # What else gets into logs: addresses that do not exist, and somebody else's.
    reference = kaveh.send_letter()
    stranger.sign_in()
    for path in (f"/desk/letters/{reference}/", f"/desk/letters/{reference}/receipt/", f"/desk/{kaveh.mobile}/"):
        assert stranger.get(path).status_code == 404
    forged = {"Host": f"{kaveh.mobile}.example.ir"}
    assert stranger.browser.get(run.url + "/desk/", headers=forged, timeout=60).status_code == 400
    logs = {path.name: path.read_text(errors="replace") for path in (run.state / "logs").glob("*.log")}
    assert {"web.log", "worker.log", "postgresql.log", "valkey.log", "seaweedfs.log"} <= logs.keys()
    logs["supervisor.log"] = (run.state / "supervisor.log").read_text()
    assert len(run.personal) > 20
    # Not inside of a longer number, nor as a fraction of a second.
    sought = "|".join(sorted(map(re.escape, run.personal), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\d.:])(?:{sought})(?!\d)")
    found = {name: sorted(set(pattern.findall(text))) for name, text in logs.items() if pattern.search(text)}
    assert found == {}
