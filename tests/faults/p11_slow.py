"""Pages while Valkey hangs, while the gateway hangs, and while 400 uploads are half sent."""

import socket
import ssl
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from tests.faults.promise import Promise, Result, p95
from tests.faults.visitor import Visitor
from tests.outside.citizen import NEW, SIGN_IN

PAGES = ("/", "/guide/", "/desk/", "/desk/letters/", NEW, SIGN_IN, "/desk/track/")
# Of these some come from the cache; the search, whatever has a query, and the PDF never do.
STRANGERS_PAGES = ("/", "/guide/", "/news/", "/news/rss/", "/en/guide/", "/search/?q=نامه", "/?from=x", "/guide/pdf/")
READERS, STRANGERS, LOOKS = 4, 2, 40
UPLOADS, FROM_ONE_ADDRESS = 400, 50
LENGTH = 900_000  # bytes that an upload promises
LIMITS = {"Valkey hung": 2, "gateway hung": 2, "half-sent uploads": 1}  # seconds


def attack(stage):
    production = stage.production
    citizens = [Visitor(production).sign_in() for _ in range(READERS)]
    readers = [(citizen, PAGES) for citizen in citizens]
    readers += [(Visitor(production), STRANGERS_PAGES) for _ in range(STRANGERS)]
    with production.hung("valkey"):
        seen = {"Valkey hung": _read(stage, readers)}
    with _hung_gateway(production, citizens):
        seen["gateway hung"] = _read(stage, readers)
    with _half_sent(production, stage.some(UPLOADS)) as still_open:
        seen["half-sent uploads"] = _read(stage, readers)
        open_at_end = still_open()
    errors = sum((statuses for _, statuses in seen.values()), Counter())
    failed = sum(count for status, count in errors.items() if status >= 400)
    slow = {name: p95(seconds) for name, (seconds, _) in seen.items()}
    figure = "p95 " + ", ".join(f"{slow[name]:.2f} s {name}" for name in LIMITS)
    figure += f" ({open_at_end} still open at the end), {failed} of {sum(errors.values())} answers 4xx or 5xx"
    held = all(slow[name] <= LIMITS[name] for name in LIMITS) and not failed
    return Result(figure, held and open_at_end == stage.some(UPLOADS))


def _read(stage, readers):
    """The seconds that each page took several readers, each with pages of his own, and the statuses."""

    def read(reading):
        (reader, pages), seen = reading, []
        for turn in range(stage.some(LOOKS, least=len(pages))):
            began = time.monotonic()
            answer = reader.get(pages[turn % len(pages)])
            seen.append((time.monotonic() - began, answer.status_code))
        return seen

    with ThreadPoolExecutor(len(readers)) as pool:
        looks = [look for looks in pool.map(read, readers) for look in looks]
    return [seconds for seconds, _ in looks], Counter(status for _, status in looks)


@contextmanager
def _hung_gateway(production, citizens):
    """A gateway that says nothing, while the workers have letters to tell it about."""
    production.gateway.control("hang")
    try:
        for citizen in citizens:
            for _ in range(2):
                citizen.send_letter()
        yield
    finally:
        production.gateway.control("accept")


@contextmanager
def _half_sent(production, count):
    """Keeps ``count`` uploads open that send a byte now and then. Yields how many of them nginx still waits for."""
    trusting = ssl.create_default_context(cafile=production.certificate)
    over = threading.Event()
    with ExitStack() as opened:
        uploads = []
        for number in range(count):
            if number % FROM_ONE_ADDRESS == 0:
                address = production.fresh_address()
            plain = socket.create_connection(("127.0.0.1", production.nginx.secure), 30, (address, 0))
            uploads.append(opened.enter_context(trusting.wrap_socket(plain, server_hostname="127.0.0.1")))
            uploads[-1].sendall(_beginning())
        dripping = threading.Thread(target=_drip, args=(uploads, over))
        dripping.start()
        try:
            yield lambda: sum(map(_is_waited_for, uploads))
        finally:
            over.set()
            dripping.join()


def _beginning():
    head = f"POST {NEW} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {LENGTH}\r\n"
    return f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n".encode() + b"x" * (LENGTH // 2)


def _drip(uploads, over):
    while not over.wait(5):
        for upload in uploads:
            if _is_waited_for(upload):
                upload.sendall(b"x")


def _is_waited_for(upload):
    """Whether the other side has neither answered nor closed."""
    upload.settimeout(0)
    try:
        upload.recv(1)
    except ssl.SSLWantReadError:
        return True
    except OSError:
        return False
    finally:
        upload.settimeout(30)
    return False


PROMISE = Promise(
    11, "Pages while Valkey hangs, the gateway hangs, 400 uploads hang", "p95 2 / 2 / 1 s, 0 x 5xx", attack
)
