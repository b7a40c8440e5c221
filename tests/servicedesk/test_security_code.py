"""The security code: a picture, its spoken version, and the puzzle instead of it; each is good once."""

import base64
import io
import json
import os
import subprocess
import sys
import wave
from datetime import timedelta

import pytest
from altcha import PayloadV1, solve_challenge_v1
from captcha.models import CaptchaStore
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from PIL import Image, ImageChops

from servicedesk import proof_of_work, security_code, spoken_code
from servicedesk.models import LimitHit, OutgoingMessage
from tests.servicedesk.sign_in_steps import RESEND, SIGN_IN, answer_of, key_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(db):
    return security_code.fresh()


@pytest.fixture
def easy_puzzles(monkeypatch):
    monkeypatch.setattr(proof_of_work, "MAX_NUMBER", 500)


def solution_of(puzzle):
    """What a browser sends: the puzzle's number found and all of it in base64."""
    given = {name: puzzle[name] for name in ("algorithm", "challenge", "salt")}
    number = solve_challenge_v1(**given, max_number=puzzle["maxNumber"]).number
    return PayloadV1(number=number, signature=puzzle["signature"], **given).to_base64()


def by_puzzle(client, solution, mobile="09121234567"):
    return client.post(SIGN_IN, {"mobile": mobile, "way": "altcha", "altcha": solution})


def test_the_table_of_the_library_holds_five_digits_by_the_key(key):
    row = CaptchaStore.objects.get(hashkey=key)
    assert row.response == row.challenge
    assert len(row.response) == 5
    assert row.response.isdigit()
    assert timedelta(minutes=4) < row.expiration - timezone.now() <= timedelta(minutes=5)


def test_a_right_answer_is_right_once(key):
    answer = answer_of(key)
    assert [security_code.spend(key, answer) for _ in range(3)] == [True, False, False]


def test_a_key_that_no_database_takes_is_no_key(client):
    """NUL comes by addresses and by forms; an error page for it would be an alarm that anybody can ring."""
    for address in ("picture/%00/", "sound/%00/"):
        assert client.get(SIGN_IN + address).status_code in (404, 410)
    answer = client.post(SIGN_IN, {"mobile": "09121234567", "security_code": "12345", "security_code_key": "\0"})
    assert answer.status_code == 422


@pytest.mark.parametrize("digits", ["۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"])
def test_the_answer_may_be_typed_in_any_script(key, digits):
    typed = answer_of(key).translate(str.maketrans("0123456789", digits))
    assert security_code.spend(key, f"\u200f{typed[:2]} {typed[2:]}")


def test_a_wrong_answer_costs_the_picture(key):
    answer = answer_of(key)
    assert not security_code.spend(key, f"{(int(answer) + 1) % 100_000:05d}")
    assert not security_code.spend(key, answer)


@pytest.mark.parametrize("typed", ["", "-----", "spent", "altcha"])
def test_what_is_no_code_opens_nothing(typed):
    for key in ("", "no such key", "0" * 40):
        assert not security_code.spend(key, typed)


def test_after_five_minutes_a_picture_is_gone(client, key):
    answer = answer_of(key)
    CaptchaStore.objects.update(expiration=F("expiration") - timedelta(minutes=5, seconds=1))
    assert client.get(f"/desk/sign-in/picture/{key}/").status_code == 410
    assert client.get(f"/desk/sign-in/sound/{key}/").status_code == 410
    assert not security_code.spend(key, answer)


def test_the_picture_is_small_sharp_and_kept_by_no_cache(client, key):
    answer = client.get(f"/desk/sign-in/picture/{key}/")
    assert answer["Content-Type"] == "image/png"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert len(answer.content) < 6000
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    assert picture.size == (300, 112)
    # Dark digits on white: readable on a light page and on a dark one.
    assert picture.getpixel((0, 0)) > 240 or picture.getpixel((299, 111)) > 240
    assert min(picture.get_flattened_data()) < 80


def test_a_browser_that_knows_webp_gets_the_same_picture_in_fewer_bytes(client, key):
    png = client.get(f"/desk/sign-in/picture/{key}/")
    webp = client.get(f"/desk/sign-in/picture/{key}/", headers={"Accept": "image/avif,image/webp,*/*;q=0.8"})
    assert webp["Content-Type"] == "image/webp"
    assert "no-store" in webp["Cache-Control"]
    assert len(webp.content) < 0.9 * len(png.content)
    shown = [Image.open(io.BytesIO(answer.content)).convert("RGB") for answer in (png, webp)]
    assert ImageChops.difference(*shown).getbbox() is None


def test_the_spoken_code_holds_the_clips_of_its_digits(client, key):
    answer = client.get(f"/desk/sign-in/sound/{key}/")
    assert answer["Content-Type"] == "audio/wav"
    assert "no-store" in answer["Cache-Control"]
    with wave.open(io.BytesIO(answer.content)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    assert 3 < seconds < 8
    assert len(answer.content) < 90_000
    assert spoken_code.speak("11111", key) != spoken_code.speak("11112", key)
    assert spoken_code.speak("11111", key) != spoken_code.speak("11111", "another key")


def test_the_spoken_code_can_be_had_in_pieces(client, key):
    address = f"/desk/sign-in/sound/{key}/"
    whole = client.get(address).content
    piece = client.get(address, headers={"Range": "bytes=0-1"})
    assert (piece.status_code, piece.content) == (206, whole[:2])
    assert piece["Content-Range"] == f"bytes 0-1/{len(whole)}"
    assert client.get(address, headers={"Range": "bytes=100-"}).content == whole[100:]
    for nonsense in ("bytes=5-1", "bytes=a-b", f"bytes={len(whole)}-", "bytes=-", "lines=1-2"):
        assert client.get(address, headers={"Range": nonsense}).content == whole


def test_a_fresh_picture_comes_as_json_to_scripts_and_as_a_page_to_people(client):
    fresh = client.get("/desk/sign-in/fresh/", headers={"Accept": "application/json"}).json()
    assert set(fresh) == {"key", "picture_url", "sound_url"}
    assert client.get(fresh["picture_url"]).status_code == 200
    assert client.get(fresh["sound_url"]).status_code == 200
    page = client.get("/desk/sign-in/fresh/?next=/desk/track/", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page["Location"] == "/desk/sign-in/?next=%2Fdesk%2Ftrack%2F"


def test_an_address_gets_many_pictures_but_not_all(client):
    for _ in range(120):
        client.get("/desk/sign-in/fresh/", headers={"Accept": "application/json"})
    refused = client.get(SIGN_IN)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 600
    assert CaptchaStore.objects.count() == 120
    assert client.get(SIGN_IN, REMOTE_ADDR="10.9.8.7").status_code == 200


def test_a_solved_puzzle_replaces_the_picture_once(client, easy_puzzles):
    solution = solution_of(client.get("/desk/sign-in/challenge/").json())
    assert proof_of_work.spend(solution)
    assert not proof_of_work.spend(solution)


def test_the_mark_of_a_spent_puzzle_is_no_security_code(easy_puzzles, client):
    proof_of_work.spend(solution_of(proof_of_work.puzzle()))
    mark = CaptchaStore.objects.get().hashkey
    assert client.get(f"/desk/sign-in/picture/{mark}/").status_code == 410
    for typed in ("spent", "altcha"):
        assert not security_code.spend(mark, typed)


def test_a_puzzle_lapses(easy_puzzles, monkeypatch):
    monkeypatch.setattr(proof_of_work, "LIFE", timedelta(seconds=-2))
    assert not proof_of_work.spend(solution_of(proof_of_work.puzzle()))


def test_forged_solutions_are_worth_nothing(easy_puzzles):
    good = json.loads(base64.b64decode(solution_of(proof_of_work.puzzle())))
    forgeries = [
        good | {"number": good["number"] + 1},
        good | {"number": str(good["number"])},
        good | {"number": True},
        good | {"signature": "0" * 64},
        good | {"salt": good["salt"] + "expires=99999999999&"},
        good | {"algorithm": "SHA-1"},
        good | {"algorithm": ["SHA-256"]},
        good | {"challenge": None},
        {"number": 5},
        [good],
        "text",
        7,
        None,
    ]
    for forgery in forgeries:
        assert not proof_of_work.spend(base64.b64encode(json.dumps(forgery).encode()).decode())
    for text in ("", "not base64", "AAAA", "é", "a" * 100_000):
        assert not proof_of_work.spend(text)


def test_who_solves_the_puzzle_has_the_whole_limit(client, easy_puzzles):
    for number in range(8):
        solution = solution_of(client.get("/desk/sign-in/challenge/").json())
        assert by_puzzle(client, solution, f"0912123456{number}").status_code == 303
    assert OutgoingMessage.objects.count() == 8


def test_who_can_solve_nothing_has_a_third_of_the_limit(client):
    answers = [by_puzzle(client, "", f"0912123456{number}").status_code for number in range(8)]
    assert answers == [303] * 6 + [429] * 2
    assert OutgoingMessage.objects.count() == 6


def test_asking_for_another_code_does_not_lift_the_third(client):
    by_puzzle(client, "")
    LimitHit.objects.update(at=F("at") - timedelta(seconds=61))
    assert client.post(RESEND).status_code == 429
    assert OutgoingMessage.objects.count() == 1


def test_a_puzzle_solved_once_does_not_count_twice(client, easy_puzzles):
    solution = solution_of(client.get("/desk/sign-in/challenge/").json())
    answers = [by_puzzle(client, solution, f"0912123456{number}").status_code for number in range(8)]
    assert answers.count(303) == 6


def test_the_second_way_asks_for_the_number_too(client):
    answer = by_puzzle(client, "", "12")
    assert answer.status_code == 422
    assert key_on(answer.content.decode())


@pytest.mark.parametrize(("value", "starts"), [("true", False), ("false", True)])
def test_a_production_start_with_the_librarys_test_mode_is_stopped(value, starts):
    production = os.environ | {
        "PUBLIC_URL": "https://desk.example.ir",
        "SMS_GATEWAYS": "https://gateway.example.ir/sms",
        "EMAIL_URL": "smtp://mail.example.ir:25",
        "CAPTCHA_TEST_MODE": value,
    }
    start = [sys.executable, "-c", "import config.wsgi"]
    ended = subprocess.run(start, env=production, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60)
    assert (ended.returncode == 0) is starts, ended.stderr
    assert ("CAPTCHA_TEST_MODE" in ended.stderr) is not starts
