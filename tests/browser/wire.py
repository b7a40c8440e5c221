"""What comes over the line to a browser, as the browser counts it: bodies as sent, with their headers."""

from collections import Counter
from urllib.parse import urlsplit

from playwright.sync_api import Page


class Line:
    """Counts from now on. by_kind: bytes by "document", "font" …; everything: (path, kind, bytes) of each
    answer; protocols: how they came ("h2")."""

    def __init__(self, page: Page):
        self.by_kind, self.everything = Counter(), []
        self._asked, self.protocols = {}, set()
        door = page.context.new_cdp_session(page)
        door.on("Network.requestWillBeSent", self._begin)
        door.on("Network.responseReceived", self._answer)
        door.on("Network.loadingFinished", self._finish)
        door.send("Network.enable")

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())

    def _begin(self, event):
        if detour := event.get("redirectResponse"):
            self._count(detour["url"], event.get("type", "Other"), detour["encodedDataLength"])
        self._asked[event["requestId"]] = event["request"]["url"], event.get("type", "Other")

    def _answer(self, event):
        answer = event["response"]
        if urlsplit(answer["url"]).scheme.startswith("http") and not answer.get("fromDiskCache"):
            self.protocols.add(answer.get("protocol"))

    def _finish(self, event):
        address, kind = self._asked.get(event["requestId"], ("", "Other"))
        self._count(address, kind, event["encodedDataLength"])

    def _count(self, address, kind, size):
        # Chromium stores nothing that came under a certificate which nobody trusts, such as that of the tests; under a
        # real one a file whose name holds its hash comes once.
        is_kept = urlsplit(address).path.startswith("/static/")
        if is_kept and any(path == urlsplit(address).path and taken for path, _, taken in self.everything):
            return
        if urlsplit(address).scheme.startswith("http"):
            self.by_kind[kind.lower()] += int(size)
            self.everything.append((urlsplit(address).path, kind.lower(), int(size)))

    def biggest(self, count: int) -> list[tuple[str, str, int]]:
        return sorted(self.everything, key=lambda one: -one[2])[:count]

    def in_words(self) -> str:
        kinds = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in self.by_kind.most_common() if size)
        return f"{self.total / 1000:.1f} kB ({kinds})"
