"""Who is asking, as far as it can be believed."""

import ipaddress
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class ClientAddress:
    """The client's address as limits count it: ``host`` itself (IPv6: its /64) and its ``network``
    (IPv4 /24, IPv6 /48)."""

    host: str
    network: str


def client_address(request):
    """The address of a request's client.

    Of X-Forwarded-For only the part that our own proxies wrote is believed: with TRUSTED_PROXY_HOPS = n
    the n-th entry from the right; with 0 the header is ignored.
    """
    hops = settings.TRUSTED_PROXY_HOPS
    text = request.META.get("REMOTE_ADDR", "")
    if hops:
        forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(forwarded) >= hops and forwarded[-hops]:
            text = forwarded[-hops]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return ClientAddress("unknown", "unknown")
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    host, network = (32, 24) if address.version == 4 else (64, 48)
    return ClientAddress(*(str(ipaddress.ip_network((address, bits), strict=False)) for bits in (host, network)))
