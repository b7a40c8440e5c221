"""Reading one gateway's URL without ever repeating what stands in it: keys stand in it."""

import ipaddress
from urllib.parse import SplitResult, parse_qsl, urlsplit


class UrlProblem(ValueError):
    """A URL of SMS_GATEWAYS cannot be used; the text names the problem and quotes nothing of the URL."""


def split(url: str) -> SplitResult:
    """The parts of a URL, its port checked. Raises UrlProblem."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        parts = None
    if parts is None:
        raise UrlProblem("it is not a URL")
    return parts


def is_loopback(host: str | None) -> bool:
    """Whether the host is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def origin(parts: SplitResult) -> str:
    """Scheme, host and port, without user, password, path and query."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def require_http(parts: SplitResult) -> None:
    """Refuse what is neither https nor plain http towards this machine. Raises UrlProblem."""
    if not parts.hostname:
        raise UrlProblem("it names no host")
    if parts.scheme not in ("https", "http"):
        raise UrlProblem("it must start with https://")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise UrlProblem("it must start with https:// (plain http only towards this machine)")
    if parts.fragment:
        raise UrlProblem("it must not hold a #")


def options_of(parts: SplitResult, known: dict[str, str]) -> dict[str, str]:
    """What stands after the ?, each once. ``known``: name → how it is written. Raises UrlProblem.

    ``base`` is known to every gateway: it points tests at a double on this machine.
    """
    options = parse_qsl(parts.query, keep_blank_values=True)
    given = dict(options)
    if len(given) != len(options) or not given.keys() <= {*known, "base"} or not all(given.values()):
        written = " and ".join(known.values())
        raise UrlProblem(f"after the ? it may hold {written} and, in tests, base=URL, each once")
    return given


def double_or(api: str, base: str | None) -> str:
    """The vendor's own address, or the double that a test names. Raises UrlProblem."""
    if base is None:
        return api
    parts = split(base)
    if parts.scheme != "http" or not is_loopback(parts.hostname) or parts.path.strip("/") or parts.query:
        raise UrlProblem("base is for tests: it must be http:// towards this machine, without a path")
    return origin(parts)
