"""Reading SMS_GATEWAYS: what may stand in it, what stops the start, and what an operator gets to read."""

import traceback

import pytest
from django.core.exceptions import ImproperlyConfigured

from servicedesk.delivery.gateways import gateways_from

SECRET = "5ecretKey0f0urs"
LOOPBACK = "http%3A%2F%2F127.0.0.1%3A9"


def test_the_order_is_kept_and_names_hold_no_secret():
    gateways = gateways_from(
        [
            f"kavenegar://{SECRET}@10004346?template=signin",
            f"https://desk:{SECRET}@sms.example.ir:8443/{SECRET}?token={SECRET}",
            " https://sms.example.ir:8443/other ",
            "http://[::1]:9000/sms",
            f"smsir://{SECRET}@30007732?template=100",
            f"apprise+twilio://AC{'a' * 32}:{'b' * 32}@15551233456",
            "file:///tmp/sms.jsonl",
        ],
        allow_file=True,
    )
    assert [gateway.name for gateway in gateways] == [
        "kavenegar://10004346",
        "https://sms.example.ir:8443",
        "https://sms.example.ir:8443#2",
        "http://[::1]:9000",
        "smsir://30007732",
        "apprise+twilio",
        "file",
    ]
    assert SECRET not in repr(gateways)
    assert gateways_from([]) == []


@pytest.mark.parametrize(
    "url",
    [
        f"http://sms.example.ir/{SECRET}",
        f"http://127.0.0.1.example.ir/{SECRET}",
        f"http://user:{SECRET}@10.0.0.1/",
        f"https:///{SECRET}",
        f"https://example.ir:{SECRET}/",
        f"https://example.ir/#{SECRET}",
        f"https://[{SECRET}/",
        f"ftp://{SECRET}@example.ir",
        f"{SECRET}@10004346",
        f"{SECRET}://10004346",
        "",
        "kavenegar://10004346",
        "kavenegar://@10004346",
        f"kavenegar://{SECRET}@",
        f"kavenegar://{SECRET}:x@10004346",
        f"kavenegar://{SECRET}@10004346/path",
        f"kavenegar://{SECRET}@10004346?template=",
        f"kavenegar://{SECRET}@10004346?{SECRET}",
        f"kavenegar://{SECRET}@10004346?{SECRET}=1",
        f"kavenegar://{SECRET}@10004346?template=a&template=b",
        f"kavenegar://{SECRET}@10004346?base=http://evil.example.ir",
        f"kavenegar://{SECRET}@10004346?base=https://127.0.0.1",
        f"kavenegar://{SECRET}@10004346?base=http://127.0.0.1@evil.example.ir",
        f"kavenegar://{SECRET}@10004346?base=http://127.0.0.1/path",
        "smsir://30007732",
        f"smsir://{SECRET}@line",
        f"smsir://{SECRET}@30007732?template=signin",
        f"smsir://{SECRET}@30007732?{SECRET}=1",
        f"smsir://{SECRET}@30007732?base=http://evil.example.ir",
        f"smsir://{SECRET}%0Ax@30007732",
        f"apprise+json://user:{SECRET}@sms.example.ir/{{to}}",
        f"apprise+jsons://user:{SECRET}@sms.example.ir/",
        f"apprise+kavenegar://{SECRET}{SECRET}@10004346/{{to}}",
        f"apprise+{SECRET}://x",
        "file://relative/sms.jsonl",
        "file:",
    ],
)
def test_a_wrong_address_stops_the_start_without_being_shown(url):
    with pytest.raises(ImproperlyConfigured) as caught:
        gateways_from(["https://sms.example.ir/", url], allow_file=True)
    shown = "".join(traceback.format_exception(caught.value))
    assert "SMS_GATEWAYS: address 2 of 2" in str(caught.value)
    assert SECRET not in shown
    assert "example" not in str(caught.value)


def test_production_refuses_the_file():
    with pytest.raises(ImproperlyConfigured, match="SMS_GATEWAYS.*local work only"):
        gateways_from(["file:///tmp/sms.jsonl"])


def test_a_test_may_point_kavenegar_at_this_machine():
    (gateway,) = gateways_from([f"kavenegar://{SECRET}@10004346?base={LOOPBACK}"])
    assert gateway.repeats_safely
