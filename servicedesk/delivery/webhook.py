"""The JSON webhook: any address of one's own that takes messages by POST and tells of them by GET.

``POST <url>`` ``{"id": "<our id>", "to": "+98…", "kind": "code"|"message", "text": "…"}`` → 2xx
``{"id": "<its id>"}``; a repeated id is the same message.
``GET <url>/<our id>`` → ``{"state": "sent"|"delivered"|"failed"}`` or 404.
A user and password in the URL go out as basic authentication; a query stays at the end.
"""

from servicedesk.delivery.exchange import exchange
from servicedesk.delivery.gateway_url import origin, require_http, split
from servicedesk.delivery.message import Accepted, Message, Report

# "Your number or text is wrong": no other gateway would take it either.
MESSAGE_STATUSES = (400, 413, 422)
LONGEST_ID = 200


class Webhook:
    """A gateway that speaks our own small JSON over https."""

    repeats_safely = True
    can_look_up = True
    # It reports by itself.
    poll_window = None
    poll_batch = 0

    def __init__(self, url: str):
        """Raises UrlProblem."""
        parts = split(url)
        require_http(parts)
        self.name = origin(parts)
        self._parts = parts._replace(path=parts.path.rstrip("/"))

    def __repr__(self):
        return f"<Webhook {self.name}>"

    def send(self, message: Message, timeout: float) -> Accepted:
        body = {"id": str(message.id), "to": message.to, "kind": message.kind, "text": message.text}
        answer = exchange("POST", self._parts.geturl(), timeout=timeout, json_body=body, submits=True)
        if not answer.ok:
            raise answer.refusal(MESSAGE_STATUSES)
        gateway_id = _identifier(answer.json_object())
        if gateway_id is None:
            raise answer.unreadable()
        return Accepted(gateway_id)

    def look_up(self, message: Message, timeout: float) -> Report | None:
        url = self._parts._replace(path=f"{self._parts.path}/{message.id}").geturl()
        answer = exchange("GET", url, timeout=timeout)
        if answer.status == 404:
            return None
        if not answer.ok:
            raise answer.refusal()
        state = (answer.json_object() or {}).get("state")
        if state not in ("sent", "delivered", "failed"):
            raise answer.unreadable()
        return Report(state)


def _identifier(told: dict | None) -> str | None:
    """The gateway's id, which may come as text or as a whole number."""
    value = (told or {}).get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_ID else None
