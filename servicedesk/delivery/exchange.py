"""One HTTP exchange with a gateway: bounded in time and size, silent in logs, without redirects or repeats.

A read timeout bounds the wait for each byte, so a peer that drips bytes could hold a worker for hours, and a
name server has its own patience. The exchange therefore runs in a thread of its own; when the time is up, its
socket is shut and the caller goes on.
"""

import json
import logging
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from servicedesk.delivery.message import DeliveryError

ANSWER_LIMIT = 64 * 1024
CONNECT_SECONDS = 3.0
LONGEST_WAIT = 30 * 60.0
HEADERS = {
    "Accept": "application/json",
    # A compressed answer could unfold far beyond its bound.
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "servicedesk",
}
THREAD = "sms-exchange"


@dataclass(frozen=True)
class Answer:
    """What came back. ``submitted``: the request asked for an SMS, it was no mere question."""

    status: int
    body: bytes = field(repr=False)
    retry_after: float | None
    submitted: bool

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json_object(self) -> dict | None:
        """The body as a JSON object, or None for anything else."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def unreadable(self) -> DeliveryError:
        """For an answer that says yes in a way nobody understands: the message may be on its way."""
        return DeliveryError("unreadable_answer", fault="passing", answer_lost=self.submitted)

    def refusal(self, message_statuses: tuple[int, ...] = ()) -> DeliveryError:
        """The error for a status outside 2xx, sorted by fault; ``message_statuses`` blame the message."""
        reason = f"http_{self.status}"
        if self.status in message_statuses:
            return DeliveryError(reason, fault="message")
        if self.status in (408, 425, 429):
            return DeliveryError(reason, fault="passing", retry_after=self.retry_after)
        if self.status >= 500:
            # 502 and 504 are a proxy's word that it lost the gateway's own answer.
            lost = self.submitted and self.status in (502, 504)
            return DeliveryError(reason, fault="passing", retry_after=self.retry_after, answer_lost=lost)
        return DeliveryError(reason, fault="gateway")


def exchange(
    method: str,
    url: str,
    *,
    timeout: float,
    json_body: dict | None = None,
    form: list[tuple[str, str]] | None = None,
    headers: dict | None = None,
    submits: bool = False,
) -> Answer:
    """Ask once and wait ``timeout`` seconds in all. Raises DeliveryError if no whole answer came."""
    call = _Call(submits)
    data, headers = form, HEADERS | (headers or {})
    if json_body is not None:
        data = json.dumps(json_body, ensure_ascii=False, separators=(",", ":")).encode()
        headers["Content-Type"] = "application/json"
    thread = threading.Thread(target=call.run, args=(method, url, data, headers, timeout), name=THREAD, daemon=True)
    thread.start()
    thread.join(timeout)
    if thread.is_alive():
        call.give_up()
    # Raised here, outside any except block: the library's exceptions quote the URL and must not come along.
    if call.answer is None:
        raise call.failure()
    return call.answer


class _Call:
    """One exchange in the making, shared by its thread and by the caller who waits."""

    def __init__(self, submits: bool):
        self.answer: Answer | None = None
        self._submits = submits
        self._trouble: Exception | None = None
        self._given_up = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def run(self, method, url, data, headers, timeout):
        try:
            with requests.Session() as session:
                # No proxies, .netrc or certificates from the environment.
                session.trust_env = False
                session.mount("https://", _WatchedAdapter(self))
                session.mount("http://", _WatchedAdapter(self))
                response = session.request(
                    method,
                    url,
                    data=data,
                    headers=headers,
                    timeout=(min(CONNECT_SECONDS, timeout), timeout),
                    allow_redirects=False,
                    stream=True,
                )
                body = response.raw.read(ANSWER_LIMIT + 1)
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            self._trouble = error
        else:
            retry_after = seconds_to_wait(response.headers.get("Retry-After"))
            # Too long an answer is cut in its middle, so that it reads as no JSON at all.
            body = body if len(body) <= ANSWER_LIMIT else b""
            self.answer = Answer(response.status_code, body, retry_after, self._submits)

    def opened(self, connected: socket.socket) -> None:
        """The connection stands, nothing is written yet. Raises TimeoutError if nobody waits any more."""
        with self._lock:
            if self._given_up:
                raise TimeoutError
            self._socket = connected

    def give_up(self) -> None:
        with self._lock:
            self._given_up = True
            if self._socket is not None:
                # The plain socket's own method: that of a TLS socket would change it under the reader.
                # An OSError says that it is closed already, which is what we want.
                with suppress(OSError):
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def failure(self) -> DeliveryError:
        """The error for an exchange without an answer."""
        if self._socket is None:
            if isinstance(self._trouble, requests.exceptions.SSLError):
                return DeliveryError("untrusted_certificate", fault="gateway")
            return DeliveryError("no_connection", fault="passing")
        late = self._given_up or isinstance(self._trouble, requests.Timeout | TimeoutError)
        reason = "timeout" if late else "connection_lost"
        return DeliveryError(reason, fault="passing", answer_lost=self._submits)


class _WatchedAdapter(HTTPAdapter):
    """Tells a call when its connection stands: before that, nothing can have been accepted."""

    def __init__(self, call: _Call):
        self._call = call
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, request, verify, proxies=None, cert=None):
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        call = self._call

        class Watched(pool.ConnectionCls):
            def connect(self):
                super().connect()
                call.opened(self.sock)

        pool.ConnectionCls = Watched
        return pool


def seconds_to_wait(header: str | None) -> float | None:
    """Retry-After, in seconds or as a date, in seconds from 0 to half an hour; None if it says nothing."""
    if not header:
        return None
    try:
        seconds = float(header) if header.strip().isascii() and header.strip().isdigit() else None
        if seconds is None:
            at = parsedate_to_datetime(header)
            seconds = (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except ValueError:
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


class _NotOurs(logging.Filter):
    """Drops urllib3's records of our exchanges: they hold paths, and a path may hold a gateway's key."""

    def filter(self, record):
        return threading.current_thread().name != THREAD


# A filter on a logger does not reach its children, so each of urllib3's own gets it.
for _name in ("connection", "connectionpool", "poolmanager", "response", "util.retry"):
    logging.getLogger(f"urllib3.{_name}").addFilter(_NotOurs())
