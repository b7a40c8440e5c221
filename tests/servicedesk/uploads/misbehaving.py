"""An inspector that does what the first word of its file says. Runs in the child, in place of one that a
hostile file has taken over."""

import base64
import os
import signal
import socket
import sys
import time
import zlib

from servicedesk.uploads.verdict import Refusal


def look(content, task):
    word, *more = content.decode().split()
    return globals()[f"_{word}"](*more)


def _hang():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(60)


def _spin():
    while True:
        pass


def _eat():
    eaten = []
    while True:
        eaten.append(bytearray(16 * 1024 * 1024))


def _segfault():
    os.kill(os.getpid(), signal.SIGSEGV)


def _leave():
    os._exit(0)


def _raise():
    raise ZeroDivisionError("a secret of the file")


def _flood():
    while True:
        sys.stdout.buffer.write(b"x" * 1024 * 1024)


def _garbage():
    sys.stdout.buffer.write(b"\xff\xfe nothing that was agreed\n")
    sys.stdout.buffer.flush()
    os._exit(0)


def _forge(answer):
    sys.stdout.buffer.write(zlib.decompress(base64.b64decode(answer)))
    sys.stdout.buffer.flush()
    os._exit(0)


def _environment():
    raise Refusal("seen", variables=sorted(os.environ), arguments=sys.argv[:1])


def _file():
    return _tried(lambda: open("/etc/hostname"))


def _connection():
    return _tried(lambda: socket.socket())


def _write():
    return _tried(lambda: open("/tmp/from-an-inspection", "w"))


def _tried(action):
    try:
        action()
    except OSError as error:
        raise Refusal("seen", error=error.errno) from error
    return b"opened"
