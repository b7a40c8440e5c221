"""Whom limits count: what our own proxies wrote is believed, and nothing else."""

import pytest
from django.test import RequestFactory

from servicedesk.client_address import client_address


def host_of(hops, settings, forwarded=None, remote="192.0.2.7"):
    settings.TRUSTED_PROXY_HOPS = hops
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)).host


@pytest.mark.parametrize(
    ("hops", "forwarded", "host"),
    [
        (0, "203.0.113.1", "192.0.2.7/32"),
        (1, "203.0.113.1", "203.0.113.1/32"),
        (1, "198.51.100.9, 203.0.113.1", "203.0.113.1/32"),
        (1, "garbage, 203.0.113.1", "203.0.113.1/32"),
        (1, " 203.0.113.1 ", "203.0.113.1/32"),
        (2, "198.51.100.9, 203.0.113.1, 10.0.0.2", "203.0.113.1/32"),
        # The header does not hold what our proxies would have written: the connection counts.
        (1, None, "192.0.2.7/32"),
        (1, "", "192.0.2.7/32"),
        (1, "203.0.113.1,", "192.0.2.7/32"),
        (2, "203.0.113.1", "192.0.2.7/32"),
        # What a proxy of ours wrote and cannot be read is one stranger, not many.
        (1, "203.0.113.1, <script>", "unknown"),
        (1, "unknown", "unknown"),
        (1, "203.0.113.1:8080", "unknown"),
        (1, "999.1.1.1", "unknown"),
    ],
)
def test_only_our_proxies_are_believed(hops, forwarded, host, settings):
    assert host_of(hops, settings, forwarded) == host


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.1", "203.0.113.1/32"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_house_with_ipv6_is_one_address(address, host, settings):
    assert host_of(0, settings, remote=address) == host


def test_the_network_of_an_address():
    def network_of(address):
        return client_address(RequestFactory().get("/", REMOTE_ADDR=address)).network

    assert network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2::1") == "2001:db8:1::/48"
