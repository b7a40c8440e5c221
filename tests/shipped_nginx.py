"""nginx with the shipped file: only ports, certificate and places of files are ours."""

import socket
import subprocess
from pathlib import Path

from config.embedded.ports import free_ports
from config.embedded.processes import Child
from config.embedded.unprivileged import Home
from tests.real_parts import executable

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
# As Debian's own nginx.conf has it, with its "gzip on".
WORKERS = "worker_processes auto; events { worker_connections 768; }"


class ShippedNginx:
    """A part of a household. ``home``: where and as whom it runs; ``upstream``: the port of the web server."""

    name = "nginx"

    def __init__(self, home: Home, upstream: int):
        self.home, self.upstream = home, upstream
        self.plain, self.secure = free_ports(2)

    def child(self) -> Child:
        folder = self.home.directory
        main = self._write("nginx.conf", self._main())
        self._write("site.conf", self._site())
        argv = [*self.home.prefix, executable("nginx"), "-p", str(folder), "-c", str(main)]
        return Child(self.name, [*argv, "-e", str(folder / "error.log")], cwd=folder, user=self.home.user)

    def is_ready(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.secure)) == 0

    def _write(self, name: str, text: str) -> Path:
        path = self.home.directory / name
        path.write_text(text)
        self.home.give(path)
        return path

    def _main(self) -> str:
        folder = self.home.directory
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        return (
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log; {WORKERS} "
            f"http {{ gzip on; {places} access_log {folder}/default.log; include {folder}/site.conf; }}"
        )

    def _site(self) -> str:
        """The shipped file with our ports and places; fails where it no longer says what we replace."""
        folder = self.home.directory
        key, certificate = self._certificate()
        text = (DEPLOY / "nginx.conf").read_text()
        for shipped, here in (
            ("/etc/ssl/servicedesk/fullchain.pem", str(certificate)),
            ("/etc/ssl/servicedesk/privkey.pem", str(key)),
            ("/var/log/nginx/servicedesk.log", f"{folder}/access.log"),
            ("/var/log/nginx/servicedesk-error.log", f"{folder}/error.log"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.upstream}"),
            ("    listen [::]:80;\n", ""),
            ("    listen [::]:443 ssl http2;\n", ""),
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ", f"listen 127.0.0.1:{self.secure} "),
        ):
            assert shipped in text, f"deploy/nginx.conf has no {shipped!r}"
            text = text.replace(shipped, here)
        return text

    def _certificate(self) -> tuple[Path, Path]:
        """A key and a certificate that nobody trusts, good for a day."""
        key, certificate = (self.home.directory / name for name in ("key.pem", "certificate.pem"))
        request = [
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "1",
            "-subj",
            "/CN=desk",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
        ]
        command = [executable("openssl"), *request, "-keyout", key, "-out", certificate]
        subprocess.run(command, check=True, capture_output=True)
        self.home.give(key)
        self.home.give(certificate)
        return key, certificate
