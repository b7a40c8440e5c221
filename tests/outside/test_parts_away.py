"""Parts that are away or hang: what people and monitors see meanwhile, and what is caught up afterwards."""

import signal

import pytest

from tests.outside.citizen import NEW, SIGN_IN, Citizen, at_once, form_of
from tests.outside.running import took, until

PAGES = ("/", "/guide/", "/desk/", "/desk/letters/", NEW)
LONGEST_PAGE = 2
RECOVERY = 120
fault = pytest.mark.parametrize("fault", ["away", "hung"])


@fault
def test_without_a_broker_letters_are_taken_and_people_get_their_sms(run, kaveh, fault):
    # What this machine, busy with other tests, needs anyway.
    duplicates = run.gateway.counts()["duplicates"]
    usual = {"letter": took(kaveh.send_letter), "code": took(Citizen(run).ask_for_code)}
    usual |= {path: took(lambda path=path: kaveh.get(path)) for path in PAGES}
    newcomer = Citizen(run)
    fields, files = kaveh.letter_form()
    with getattr(run, fault)("valkey"):
        answer = kaveh.send(fields, files)
        times = {"letter": answer.elapsed.total_seconds(), "code": took(newcomer.ask_for_code)}
        times |= {path: took(lambda path=path: kaveh.get(path)) for path in PAGES}
        print(f"broker {fault}:", {name: f"{times[name]:.2f} s ({usual[name]:.2f})" for name in times})
        assert {name: seconds for name, seconds in times.items() if seconds > LONGEST_PAGE + usual[name]} == {}
        reference = kaveh.reference_in(answer)
        assert kaveh.get(f"/desk/letters/{reference}/receipt/").status_code == 200
        assert run.readiness() == (200, ["broker"])
        assert run.get("/healthz").status_code == 200
        newcomer.read_code(seconds=20)
        seconds = until(lambda: kaveh.sms_about(reference), 20, "the SMS")
        print(f"broker {fault}: the SMS came {seconds:.0f} s later")
    until(lambda: not run.unfinished(), RECOVERY, "the end of every message")
    # They may all have left before the broker was back.
    until(lambda: run.readiness() == (200, []), 30, "the broker's return")
    assert run.gateway.counts()["duplicates"] == duplicates


@fault
def test_without_a_store_the_form_says_so_and_keeps_the_text(run, kaveh, fault):
    letters = run.one("SELECT count(*) FROM servicedesk_letter")
    fields, files = kaveh.letter_form()
    with getattr(run, fault)("seaweedfs"):
        readiness, again = at_once([run.readiness, lambda: kaveh.send(fields, files)])
        assert readiness == (200, ["storage"])
        assert run.get("/healthz").status_code == 200
        assert again.status_code == 422
        kept = form_of(again, "form_key")
        assert {name: kept.get(name) for name in ("form_key", "sender_name", "subject", "unit")} == {
            name: fields[name] for name in ("form_key", "sender_name", "subject", "unit")
        }
        assert "فایل" in again.text
        assert kaveh.get("/desk/letters/").status_code == 200
    assert run.one("SELECT count(*) FROM servicedesk_letter") == letters
    # As the browser would: the form as it stands there, and the file chosen once more, until the store takes it.
    until(lambda: kaveh.send(kept, files).status_code == 303, 30, "the store")
    until(lambda: run.readiness() == (200, []), 30, "the store's sign of life")
    reference = kaveh.reference_in(kaveh.send(kept, files))
    assert run.one("SELECT count(*) FROM servicedesk_letter") == letters + 1
    assert kaveh.get(f"/desk/letters/{reference}/").status_code == 200


@pytest.mark.needs("clamd")
@fault
def test_without_its_scanner_files_wait_and_are_released_when_it_is_back(run, kaveh, fault):
    with getattr(run, fault)("clamd"):
        reference = kaveh.send_letter()
        page = f"/desk/letters/{reference}/"
        assert run.readiness() == (200, ["scanner"])
        assert "در حال بررسی فایل" in kaveh.get(page).text
        assert f"{page}files/" not in kaveh.get(page).text
    seconds = until(lambda: f"{page}files/" in kaveh.get(page).text, RECOVERY, "the release of the file")
    print(f"scanner {fault}: the file was released {seconds:.0f} s later")
    assert run.readiness() == (200, [])


def test_without_a_database_it_says_so_and_comes_back(run, kaveh):
    fields, files = kaveh.letter_form()
    look = [kaveh.later_get("/desk/letters/") for _ in range(24)]
    assert [answer.status_code for answer in at_once(look)] == [200] * len(look)
    with run.away("postgresql", signal.SIGINT):
        assert run.readiness() == (503, ["database"])
        assert run.get("/healthz").status_code == 200
        page = kaveh.get(SIGN_IN)
        assert page.status_code == 503
        assert "Traceback" not in page.text
    until(lambda: run.readiness() == (200, []), 60, "the database")
    # No process may meet people with a connection from before.
    assert [answer.status_code for answer in at_once(look)] == [200] * len(look)
    reference = kaveh.reference_in(kaveh.send(fields, files))
    seconds = until(lambda: kaveh.sms_about(reference), RECOVERY, "the SMS")
    print(f"database away: the SMS came {seconds:.0f} s later")
