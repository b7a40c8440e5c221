"""What the organisation's people read about an SMS that did not go out."""

from django.utils import translation

from servicedesk.delivery.kavenegar import GATEWAY_CODES, MESSAGE_CODES, PASSING_CODES
from servicedesk.delivery.reasons import explain
from servicedesk.delivery.smsir import GATEWAY_CODES as SMSIR_CODES


def test_what_people_can_mend_is_said_in_words():
    with translation.override("en"):
        assert explain("kavenegar_418") == "The credit at the SMS gateway is used up."
        assert explain("timeout") == "The SMS gateway did not answer in time."


def test_every_other_reason_shows_its_code():
    with translation.override("en"):
        for code in GATEWAY_CODES | MESSAGE_CODES | PASSING_CODES:
            assert explain(f"kavenegar_{code}")
        assert explain("kavenegar_608") == "The SMS gateway refused the message (kavenegar_608)."
        for code in SMSIR_CODES:
            assert explain(f"smsir_{code}")
        assert explain("mail_550") == "The mail server refused the message (mail_550)."
