"""What whoever restores has to decide: whether old messages still go out; and what came after the archive."""

import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from servicedesk.models import OutgoingMessage

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

# State of each message when the archive is made, what else is true of it, and whether a worker would take it up again.
MESSAGES = {
    "queued": ({}, True),
    "claimed": ({"lease": uuid.uuid4(), "lease_until": timezone.now()}, True),
    "unknown": ({}, True),
    "unknown, and people were told": ({"flagged_at": timezone.now()}, False),
    "sent": ({"final_at": timezone.now()}, False),
    "dead": ({"final_at": timezone.now()}, False),
}


@pytest.fixture
def archive(town, sealed, tmp_path):
    OutgoingMessage.objects.all().delete()
    for channel in ("sms", "email"):
        for name, (values, _) in MESSAGES.items():
            message = OutgoingMessage.owe(
                kind="message",
                channel=channel,
                recipient="+989121234567" if channel == "sms" else "sara@example.ir",
                text="متن",
                language="fa",
                dedupe_key=f"{channel}:{name}",
            )
            OutgoingMessage.objects.filter(pk=message.pk).update(state=name.partition(",")[0], **values)
    path = tmp_path / "desk.backup"
    call_command("backup", str(path), verbosity=0)
    return path


def messages(elsewhere):
    """{dedupe key: (state, whether it is over, whether somebody holds it)}."""
    rows = elsewhere.rows(
        "SELECT dedupe_key, state, final_at IS NOT NULL OR flagged_at IS NOT NULL, lease IS NOT NULL"
        " FROM servicedesk_outgoingmessage"
    )
    return {key: (state, is_over, is_held) for key, state, is_over, is_held in rows}


def test_nothing_that_waited_goes_out_where_that_is_wished(archive, elsewhere):
    code, said, complaint = elsewhere.manage("restore", str(archive), "--call-off-messages")
    assert (code, complaint) == (0, "")
    assert "6 messages that waited are called off" in said
    found = messages(elsewhere)
    assert len(found) == 12
    for channel in ("sms", "email"):
        for name, (_, waits) in MESSAGES.items():
            state, is_over, is_held = found[f"{channel}:{name}"]
            assert (is_over, is_held) == (True, False)
            assert state == ("expired" if waits else name.partition(",")[0])


def test_otherwise_it_waits_again_and_the_command_says_so(archive, elsewhere):
    code, said, _ = elsewhere.manage("restore", str(archive))
    assert code == 0
    assert "6 messages wait and will be sent" in said
    assert [state for state, is_over, _ in messages(elsewhere).values() if not is_over].count("claimed") == 2


def test_the_archives_time_is_said_and_what_to_repeat(archive, elsewhere):
    _, said, _ = elsewhere.manage("restore", str(archive))
    assert f"made at {timezone.now():%Y-%m-%dT}" in said
    assert "removals" in said
    assert "again" in said
