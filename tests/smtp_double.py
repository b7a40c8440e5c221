"""A mail server on the far side of a socket, for tests: it takes mail, refuses it, or says nothing."""

import email
import email.policy
import socketserver
import threading

# Of the settings themselves; the test environment puts another in its place.
OWED = {"BACKEND": "servicedesk.owed_mail.OwedMail"}


class SmtpDouble:
    """``with SmtpDouble() as server``: server.mails (parsed), server.refuse = {"RCPT": "550 no"}, server.hang."""

    def __init__(self):
        self.mails, self.refuse, self.hang = [], {}, False
        self.stopping = threading.Event()
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)
        self.server.daemon_threads = True
        self.server.double = self
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()

    def mailer(self, timeout=5):
        """For settings.MAILERS."""
        options = {"host": "127.0.0.1", "port": self.port, "timeout": timeout}
        return {
            "default": OWED,
            "server": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options},
        }


class _Conversation(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        double = self.server.double
        if double.hang:
            double.stopping.wait(60)
            return
        self.say("220 double")
        to = []
        for line in self.rfile:
            command = line.decode().strip()
            verb = command[:4].upper()
            if verb in double.refuse:
                self.say(double.refuse[verb])
            elif verb == "RCPT":
                to.append(command.partition("<")[2].rstrip(">"))
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                double.mails.append((to, email.message_from_bytes(self._text(), policy=email.policy.default)))
                self.say("250 taken")
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")
        return None

    def _text(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)
