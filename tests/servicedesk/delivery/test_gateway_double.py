"""The double as tests from outside use it: a process of its own, steered and counted over HTTP."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from servicedesk.delivery.message import DeliveryError, Report
from servicedesk.delivery.webhook import Webhook
from tests.gateway_double import GatewayDouble
from tests.servicedesk.delivery.conftest import message

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def standing_alone(tmp_path):
    command = [sys.executable, "-m", "tests.gateway_double", "--log", str(tmp_path / "posts.jsonl")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())
        process.terminate()


def test_it_counts_and_is_steered_from_outside(standing_alone, tmp_path):
    root, webhook = standing_alone["root"], Webhook(standing_alone["url"])
    tell(root, "control", mode="drop_after_accept", count=1)
    with pytest.raises(DeliveryError):
        webhook.send(message(1), 4)
    for id in (1, 2):
        webhook.send(message(id), 4)
    tell(root, "control", mode="503")
    with pytest.raises(DeliveryError):
        webhook.send(message(3), 4)
    tell(root, "state", id=2, state="delivered")
    assert webhook.look_up(message(2), 4) == Report("delivered")
    counts = requests.get(f"{root}/_counts", timeout=4).json()
    assert counts == {
        "posts": 4,
        "accepted": 3,
        "refused": 1,
        "unique": 2,
        "duplicates": 1,
        "sms": 2,
        "look_ups": 1,
        "lost": 0,
    }
    posts = requests.get(f"{root}/_posts", timeout=4).json()
    assert [post["id"] for post in posts] == ["1", "1", "2", "3"]
    assert posts == [json.loads(line) for line in (tmp_path / "posts.jsonl").read_text().splitlines()]
    tell(root, "reset")
    assert requests.get(f"{root}/_messages", timeout=4).json() == []


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("ours", b'{"id": "42", "state": "delivered"}'),
        ("theirs", b'{"id": "%s", "state": "delivered"}'),
        ("kavenegar", b"messageid=%s&status=10"),
    ],
)
def test_it_posts_receipts(double, form, body):
    gateway_id = Webhook(double.url).send(message(), 4).gateway_id
    with GatewayDouble() as desk:
        # A second double stands in for the desk: it keeps what it gets and answers 404.
        status = tell(double.root, "receipt", our_id=42, state="delivered", url=f"{desk.root}/x", form=form)
        assert status == {"status": 404}
        assert desk.requests[0][3] == body.replace(b"%s", gateway_id.encode())


def tell(root, what, **told):
    response = requests.post(f"{root}/_{what}", json=told, timeout=4)
    response.raise_for_status()
    return response.json()


def test_it_loses_the_same_answers_each_time(double):
    def losses(seed):
        double.reset()
        double.control("lose", share=0.3, seed=seed)
        errors = {number: _error(double, number) for number in range(1, 31)}
        lost = [number for number, error in errors.items() if error]
        assert all(errors[number].answer_lost for number in lost)
        assert double.counts()["lost"] == len(lost)
        assert double.counts()["sms"] == 30
        return lost

    assert losses(7) == losses(7)
    assert 3 < len(losses(7)) < 16
    assert losses(7) != losses(8)


def _error(double, number):
    """What a message ends with at the double: None or its DeliveryError."""
    try:
        Webhook(double.url).send(message(number), 4)
    except DeliveryError as error:
        return error
    return None


def test_one_that_cannot_be_asked_answers_no_look_up(double):
    webhook = Webhook(double.url)
    webhook.send(message(1), 4)
    double.askable = False
    with pytest.raises(DeliveryError):
        webhook.look_up(message(1), 4)
