"""The shipped nginx configuration and systemd units, tried as they are."""

import gzip
import http.client
import re
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from config.embedded.unprivileged import Home
from tests.shipped_nginx import ShippedNginx
from tests.shipped_units import UNITS, command_of, wanted_services

# What Django and WhiteNoise say about keeping an answer, by its address.
KEPT = {
    "/guide/": {"Cache-Control": "public, no-cache", "ETag": 'W/"abc"', "Vary": "Cookie, Accept-Encoding"},
    "/static/css/desk.0123456789ab.css": {
        "Cache-Control": "max-age=315360000, public, immutable",
        "Content-Encoding": "br",
        "Vary": "Accept-Encoding",
    },
    "/media/images/one.webp": {"Cache-Control": "public, max-age=31536000, immutable"},
    "/desk/": {"Cache-Control": "private, no-store"},
}


class Upstream(BaseHTTPRequestHandler):
    """Stands where Granian would and writes down what nginx lets through."""

    PAGE = "<p>صفحه</p>".encode() * 1000

    def do_GET(self):
        """A page, a thing in JSON, or what is compressed already, by its address."""
        if self.path in KEPT:
            self._answer_kept(KEPT[self.path])
            return
        content = gzip.compress(self.PAGE) if self.path == "/compressed/" else self.PAGE
        self.send_response(200)
        self.send_header("Content-Type", "application/json" if self.path == "/json/" else "text/html; charset=utf-8")
        if self.path == "/compressed/":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _answer_kept(self, kept):
        self.server.seen.append((self.path, dict(self.headers)))
        is_known = "ETag" in kept and self.headers["If-None-Match"] == kept["ETag"]
        self.send_response(304 if is_known else 200)
        for name, value in kept.items():
            self.send_header(name, value)
        if not is_known:
            self.send_header("Content-Length", str(len(self.PAGE)))
        self.end_headers()
        if not is_known:
            self.wfile.write(self.PAGE)

    def do_POST(self):
        self.server.seen.append((self.path, dict(self.headers)))
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Keep quiet."""


@pytest.fixture
def upstream():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def nginx(tmp_path, upstream):
    """nginx with the shipped file. Yields its https port."""
    tmp_path.chmod(0o755)
    server = ShippedNginx(Home(tmp_path), upstream.server_port)
    command = server.child().argv
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command)
    deadline = time.monotonic() + 10
    while not server.is_ready():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield server.secure
    process.terminate()
    process.wait()


def connect(port):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # nginx lingers for five seconds after it has refused a body.
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=15))


def post(length, *headers, path="/desk/letters/new/"):
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: desk.example.ir",
        "Connection: close",
        f"Content-Length: {length}",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.needs("nginx", "openssl")
def test_a_forged_address_is_thrown_away(nginx, upstream):
    with connect(nginx) as client:
        client.sendall(
            post(2, "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: http", "Forwarded: for=1.1.1.1") + b"ab"
        )
        assert b" 200 " in client.recv(4096)
    [(_, headers)] = upstream.seen
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "https"
    assert "Forwarded" not in headers


@pytest.mark.needs("nginx", "openssl")
def test_half_a_body_takes_no_worker(nginx, upstream):
    with connect(nginx) as client:
        client.sendall(post(100_000) + b"x" * 50_000)
        time.sleep(0.5)
        assert upstream.seen == []
        client.sendall(b"x" * 50_000)
        assert b" 200 " in client.recv(4096)
    assert len(upstream.seen) == 1


@pytest.mark.needs("nginx", "openssl")
def test_a_body_over_the_limit_never_arrives(nginx, upstream):
    with connect(nginx) as client:
        client.sendall(post(15 * 1024 * 1024))
        assert b" 413 " in client.recv(4096)
    assert upstream.seen == []


def fetch(port, path, headers):
    """(answer, content) of a GET."""
    context = ssl._create_unverified_context()
    client = http.client.HTTPSConnection("127.0.0.1", port, timeout=15, context=context)
    client.request("GET", path, headers={"Host": "desk.example.ir", **headers})
    answer = client.getresponse()
    content = answer.read()
    client.close()
    return answer, content


@pytest.mark.needs("nginx", "openssl")
def test_nginx_compresses_nothing_and_hands_on_what_is_compressed(nginx):
    """Which page may be compressed only Django can tell (config/compression.py)."""
    for path, encoding in (("/", None), ("/desk/letters/?q=x", None), ("/json/", None), ("/compressed/", "gzip")):
        answer, content = fetch(nginx, path, {"Accept-Encoding": "gzip, br"})
        assert answer.headers["Content-Encoding"] == encoding, path
        assert (gzip.decompress(content) if encoding else content) == Upstream.PAGE


@pytest.mark.needs("nginx", "openssl")
def test_nginx_keeps_nothing_itself_and_hands_on_all_that_browsers_keep_by(nginx, upstream):
    """What is kept where is said once, by Django; a second cache in front would not hear of what editors publish."""
    for path, kept in KEPT.items():
        for _ in range(2):
            answer, _content = fetch(nginx, path, {"Accept-Encoding": "gzip, br"})
            assert {name: answer.headers[name] for name in kept} == kept
    assert [path for path, _ in upstream.seen] == [path for path in KEPT for _ in range(2)]
    answer, content = fetch(nginx, "/guide/", {"If-None-Match": 'W/"abc"'})
    assert (answer.status, content) == (304, b"")
    assert {name: answer.headers[name] for name in KEPT["/guide/"]} == KEPT["/guide/"]


@pytest.mark.needs("nginx", "openssl")
def test_the_access_log_names_no_letter(nginx, upstream, tmp_path):
    with connect(nginx) as client:
        client.sendall(post(0, path="/desk/letters/1234567890/?mobile=09121234567"))
        client.recv(4096)
    deadline = time.monotonic() + 5
    while not (log := (tmp_path / "access.log").read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert "/desk/letters" in log
    assert "1234567890" not in log
    assert "0912" not in log


@pytest.mark.needs("nginx", "openssl")
def test_what_goes_wrong_is_logged_without_addresses(nginx, upstream, tmp_path):
    """Too large a body, a worker that is gone, and a visitor who came without https."""
    named = "/desk/letters/1234567890/?mobile=09121234567"
    with connect(nginx) as client:
        client.sendall(post(15 * 1024 * 1024, path=named))
        assert b" 413 " in client.recv(4096)
    upstream.shutdown()
    upstream.server_close()
    with connect(nginx) as client:
        client.sendall(post(0, path=named))
        assert b" 503 " in client.recv(4096)
    plain = int(re.search(r"listen 127\.0\.0\.1:(\d+);", (tmp_path / "site.conf").read_text())[1])
    with socket.create_connection(("127.0.0.1", plain), timeout=5) as client:
        client.sendall(post(0, path=named))
        assert b" 308 " in client.recv(4096)
    deadline = time.monotonic() + 5
    while (tmp_path / "access.log").read_text().count("\n") < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    logs = "".join((tmp_path / name).read_text() for name in ("access.log", "error.log", "default.log"))
    assert " 503 " in logs
    assert "1234567890" not in logs
    assert "0912" not in logs


@pytest.mark.needs("nginx", "openssl")
def test_nginx_itself_speaks_in_the_sites_voice_and_with_its_headers(nginx, upstream):
    upstream.shutdown()
    upstream.server_close()
    for request, status, words in (
        (post(0), b" 503 ", "نامه‌هایی که کد رهگیری گرفته‌اند محفوظ‌اند"),
        (post(15 * 1024 * 1024), b" 413 ", "نوشته‌هایتان سر جایش است"),
    ):
        with connect(nginx) as client:
            client.sendall(request)
            answer = b""
            # Not to the end of the connection: nginx waits for the rest of the body, then resets it.
            while b"</html>" not in answer:
                answer += client.recv(65_536)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert status in head.splitlines()[0]
        assert words in body.decode()
        for header in (b"Strict-Transport-Security", b"Content-Security-Policy: default-src 'none'", b"nosniff"):
            assert header in head


@pytest.mark.needs("nginx", "openssl")
def test_the_way_to_https_is_ours_and_not_what_the_visitor_claims(nginx, tmp_path):
    plain = int(re.search(r"listen 127\.0\.0\.1:(\d+);", (tmp_path / "site.conf").read_text())[1])
    with socket.create_connection(("127.0.0.1", plain), timeout=5) as client:
        client.sendall(b"GET /desk/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
        assert b"Location: https://desk.example.ir/desk/\r\n" in client.recv(4096)


def test_the_units_serve_every_queue_and_one_timetable():
    commands = [command_of(unit) for unit in wanted_services().values()]
    queues = [queue for command in commands for found in re.findall(r"-Q (\S+)", command) for queue in found.split(",")]
    assert sorted(queues) == ["codes", "files", "messages", "pages"]
    assert len([command for command in commands if " beat " in command]) == 1


def test_the_target_wants_every_unit():
    timed = {unit.with_suffix(".service").name for unit in UNITS.glob("*.timer")}
    services = {unit.name for unit in UNITS.glob("*.service")}
    assert {unit.name for unit in wanted_services().values()} == services - timed
    assert timed <= services
