"""Any SMS service that the Apprise package knows: ``apprise+SCHEME://…``, the rest as Apprise's own pages say.

``{to}`` in the address is where the recipient's number goes, in digits with its country (989123456789); without it
the number is given as ``?to=``. Apprise says yes or no and nothing more: no id, no reason, nothing to ask later.
Its log would tell numbers, texts and keys, so it is cut off here.
"""

import logging
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

import apprise
from apprise.plugins import N_MGR

from servicedesk.delivery.gateway_url import UrlProblem, is_loopback
from servicedesk.delivery.message import Accepted, CannotBeAsked, DeliveryError, Message
from servicedesk.delivery.watched import Watched

PREFIX = "apprise+"
PLACE = "{to}"
# Belongs to nobody; it is only written into addresses to see whether they work.
SAMPLE = "989000000000"
_ASSET = apprise.AppriseAsset(http_redirects=False, storage_mode=apprise.PersistentStoreMode.MEMORY)

log = logging.getLogger(__name__)


class AppriseService(CannotBeAsked):
    """One address of Apprise's, made anew for each recipient."""

    repeats_safely = False

    def __init__(self, url: str):
        """Raises UrlProblem."""
        address = url.strip().removeprefix(PREFIX)
        scheme = address.partition("://")[0].lower()
        if scheme not in N_MGR.schemas():
            raise UrlProblem("Apprise knows no such service")
        _refuse_plain_http(scheme, address)
        if PLACE not in address:
            address += ("&" if "?" in address else "?") + f"to={PLACE}"
        self._address = address
        self.name = f"{PREFIX}{scheme}"
        self._watched = Watched()
        sample = self._service_for(SAMPLE)
        if sample is None or len(sample) != 1 or SAMPLE not in sample.url(privacy=False):
            raise UrlProblem("Apprise cannot use it; write {to} where the recipient's number goes")

    def __repr__(self):
        return f"<AppriseService {self.name}>"

    def send(self, message: Message, timeout: float) -> Accepted:
        late = DeliveryError("timeout", fault="passing", answer_lost=True)
        self._watched.call(lambda: self._send(message, timeout), timeout, late=late)
        return Accepted(None)

    def _send(self, message: Message, timeout: float) -> None:
        service = self._service_for(message.to.removeprefix("+"))
        service.socket_connect_timeout = min(3.0, timeout)
        service.socket_read_timeout = timeout
        broke = None
        with _listening() as heard:
            try:
                yes = service.send(body=message.text, title="", notify_type=apprise.NotifyType.INFO)
            except Exception as error:  # noqa: BLE001 - a hundred plugins; what they raise may quote a key
                broke = type(error).__name__
        if broke:
            log.warning("%s: %s", self.name, broke)
            raise DeliveryError("apprise_broke", fault="passing", answer_lost=True)
        if not yes:
            raise heard.error()

    def _service_for(self, number: str):
        return apprise.Apprise.instantiate(self._address.replace(PLACE, number), asset=_ASSET)


def _refuse_plain_http(scheme: str, address: str) -> None:
    """Raises UrlProblem where it can be told that Apprise would send over plain http to another machine."""
    service = N_MGR[scheme]
    fixed = [value for name in dir(service) if "url" in name for value in [getattr(service, name)]]
    if any(isinstance(value, str) and value.startswith("http://") for value in fixed):
        better = "; use kavenegar:// instead" if scheme == "kavenegar" else ""
        raise UrlProblem(f"Apprise sends to this service over plain http{better}")
    if scheme in _several(service.protocol) and scheme not in _several(service.secure_protocol):
        host = None
        try:
            host = urlsplit(address.replace(PLACE, SAMPLE)).hostname
        except ValueError:
            log.debug("no URL")
        if not is_loopback(host):
            secure = " or ".join(f"{PREFIX}{name}://" for name in _several(service.secure_protocol))
            raise UrlProblem("this service is plain http" + (f"; use {secure}" if secure else ""))


def _several(protocol) -> tuple[str, ...]:
    """Apprise's protocol: None, one or several."""
    return () if not protocol else (protocol,) if isinstance(protocol, str) else tuple(protocol)


class _Heard:
    """What Apprise says of one call, only as far as it says where things broke. No text of it is kept."""

    def __init__(self):
        self._cut_off = self._never_connected = False

    def hear(self, text: str) -> None:
        # Apprise's plugins write every exception of the HTTP library in this way.
        if text.startswith("Socket Exception"):
            self._cut_off = True
            signs = ("NewConnectionError", "ConnectTimeout", "NameResolutionError", "CERTIFICATE_VERIFY_FAILED")
            self._never_connected = any(sign in text for sign in signs)

    def error(self) -> DeliveryError:
        """Why Apprise said no."""
        if self._never_connected:
            return DeliveryError("no_connection", fault="passing")
        if self._cut_off:
            return DeliveryError("connection_lost", fault="passing", answer_lost=True)
        return DeliveryError("apprise_refused", fault="passing")


class _Ear(logging.Filter):
    """Stands before Apprise's logger: what it says is heard here and goes no farther."""

    heard = threading.local()

    def filter(self, record):
        listener = getattr(self.heard, "by", None)
        if listener is not None:
            listener.hear(record.getMessage())
        return False


@contextmanager
def _listening():
    """Hears Apprise's log of this thread for the length of one call."""
    _Ear.heard.by = heard = _Heard()
    try:
        yield heard
    finally:
        _Ear.heard.by = None


_apprise_log = logging.getLogger("apprise")
_apprise_log.setLevel(logging.DEBUG)
_apprise_log.addFilter(_Ear())
