"""From SMS_GATEWAYS to an ordered list of gateways."""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from servicedesk.delivery.apprise_service import PREFIX, AppriseService
from servicedesk.delivery.email import Email
from servicedesk.delivery.gateway_url import UrlProblem, split
from servicedesk.delivery.kavenegar import Kavenegar
from servicedesk.delivery.local_file import LocalFile
from servicedesk.delivery.message import Gateway
from servicedesk.delivery.smsir import SmsIr
from servicedesk.delivery.webhook import Webhook

SCHEMES = {"https": Webhook, "http": Webhook, "kavenegar": Kavenegar, "smsir": SmsIr, "file": LocalFile}
_EMAIL = Email()


def gateways_from(urls: list[str], *, allow_file: bool = False) -> list[Gateway]:
    """The gateways, first to last. Raises ImproperlyConfigured: it names SMS_GATEWAYS and quotes no URL."""
    gateways: list[Gateway] = []
    problem = None
    for place, url in enumerate(urls, start=1):
        try:
            gateways.append(_gateway(url, allow_file))
        except UrlProblem as error:
            problem = f"SMS_GATEWAYS: address {place} of {len(urls)} cannot be used: {error}."
            break
    if problem:
        raise ImproperlyConfigured(problem)
    _tell_apart(gateways)
    return gateways


def configured_gateways() -> list[Gateway]:
    """The gateways of this installation, the same objects for the life of the process."""
    return list(_built(tuple(settings.SMS_GATEWAYS), settings.LOCAL))


def gateways_for(channel: str) -> list[Gateway]:
    """The ways out of a channel of the outbox ("sms", "email"), first to last."""
    return [_EMAIL] if channel == "email" else configured_gateways()


@lru_cache(maxsize=4)
def _built(urls: tuple[str, ...], allow_file: bool) -> tuple[Gateway, ...]:
    return tuple(gateways_from(list(urls), allow_file=allow_file))


def _gateway(url: str, allow_file: bool) -> Gateway:
    if url.strip().startswith(PREFIX):
        return AppriseService(url)
    scheme = split(url).scheme
    if scheme not in SCHEMES:
        raise UrlProblem("it must start with https://, kavenegar://, smsir://, apprise+… or, for local work, file://")
    if scheme == "file" and not allow_file:
        raise UrlProblem("file:// is for local work only")
    return SCHEMES[scheme](url)


def _tell_apart(gateways: list[Gateway]) -> None:
    """Number those of one host, so that each outbox row can name its own."""
    seen: dict[str, int] = {}
    for gateway in gateways:
        seen[gateway.name] = count = seen.get(gateway.name, 0) + 1
        if count > 1:
            gateway.name = f"{gateway.name}#{count}"
