"""Reading the environment: each mistake stops the start and names its variable."""

import ipaddress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()


def required(name):
    """The text of an environment variable that has no default. Raises ImproperlyConfigured with its name."""
    value = env.str(name, default="").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. .env.example says what it is for.")
    return value


def secret(name, at_least):
    """A required secret of at least ``at_least`` characters; the message never shows it."""
    value = required(name)
    if len(value) < at_least:
        raise ImproperlyConfigured(f"{name} is too short: it needs at least {at_least} random characters.")
    return value


def is_loopback(host):
    """Whether a host name or address means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def url(name, schemes, default=None):
    """A URL whose scheme is one of ``schemes``, split; ``default`` (text) stands in for a missing one."""
    value = env.str(name, default=default or "").strip() or required(name)
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a URL.") from error
    if parts.scheme not in schemes or not (parts.hostname or parts.scheme in ("file", "consolemail")):
        raise ImproperlyConfigured(f"{name} must be a URL that starts with {' or '.join(schemes)}://.")
    return parts


def public_url():
    """The address that citizens type. Plain http is accepted on loopback alone."""
    parts = url("PUBLIC_URL", ("https", "http"))
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ImproperlyConfigured("PUBLIC_URL must start with https:// (plain http only on this machine).")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ImproperlyConfigured("PUBLIC_URL must be a bare origin such as https://desk.example.ir.")
    return parts


def number(name, default, low, high):
    """A whole number between ``low`` and ``high``."""
    try:
        value = env.int(name, default=default)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name} must lie between {low} and {high}.")
    return value


def choice(name, options, default):
    """One of a few words."""
    value = env.str(name, default=default).strip()
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of: {', '.join(options)}.")
    return value


def path_segment(name, default):
    """A relative URL path that ends in one slash, such as ``admin/``."""
    value = env.str(name, default=default).strip().strip("/")
    if not value or not all(part.replace("-", "").replace("_", "").isalnum() for part in value.split("/")):
        raise ImproperlyConfigured(f"{name} must be a path of letters, digits and hyphens, such as admin/.")
    return value + "/"


def socket_url(name):
    """An address to connect to, ``tcp://host:port`` or ``unix:///path``, as text; empty where it is not set."""
    value = env.str(name, default="").strip()
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        tcp = parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path.strip("/")
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a URL.") from error
    unix = parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/")
    if not (tcp or unix) or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must be tcp://host:port or unix:///path.")
    return value


def encryption_at_rest(name):
    """What an S3 store is told with each object: nothing, ``AES256``, or ``aws:kms`` with or without ``:key``."""
    value = env.str(name, default="").strip()
    if value == "":
        return {}
    if value == "AES256":
        return {"ServerSideEncryption": value}
    if value == "aws:kms" or value.startswith("aws:kms:"):
        key = value.removeprefix("aws:kms").removeprefix(":")
        return {"ServerSideEncryption": "aws:kms", **({"SSEKMSKeyId": key} if key else {})}
    raise ImproperlyConfigured(f"{name} must be empty, AES256, aws:kms or aws:kms:KEY.")
