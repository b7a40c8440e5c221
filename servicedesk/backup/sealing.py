"""A sealed stream: AES-256-GCM in frames, each bound to its place, the last one marked as the last.

Layout: MAGIC, salt (16 bytes), nonce prefix (7), key check (16), then frames of at most FRAME bytes and a tag of 16.
A frame's nonce is prefix, number (4 bytes) and whether it is the last (1), so one that was changed, moved, dropped or
cut off no longer opens. The header is authenticated with each frame.
"""

import io
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from servicedesk.backup.refusals import Damaged, WrongKey

MAGIC = b"servicedesk sealed backup 1\n"
SALT, PREFIX, CHECK, TAG = 16, 7, 16, 16
FRAME = 1 << 20


def _derive(passphrase, salt):
    """(cipher key, key check) of a passphrase. Slow on purpose: half a second, once an archive."""
    material = Scrypt(salt=salt, length=64, n=2**16, r=8, p=1).derive(passphrase.encode())
    return AESGCM(material[:32]), sha256(b"check" + material[32:]).digest()[:CHECK]


class SealedWriter:
    """Takes ``write`` and ``finish``; what was not finished does not open."""

    def __init__(self, target, passphrase):
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._cipher, check = _derive(passphrase, salt)
        self._header = MAGIC + salt + self._prefix + check
        self._target, self._waiting, self._number = target, bytearray(), 0
        target.write(self._header)

    def write(self, data):
        self._waiting += data
        # One byte more than a frame: what is left over at the end is the last frame, and never empty.
        while len(self._waiting) > FRAME:
            self._put(self._waiting[:FRAME], last=False)
            del self._waiting[:FRAME]
        return len(data)

    def finish(self):
        self._put(self._waiting, last=True)

    def _put(self, frame, last):
        nonce = _nonce(self._prefix, self._number, last)
        self._target.write(self._cipher.encrypt(nonce, bytes(frame), self._header))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads what SealedWriter wrote. Raises WrongKey at once, Damaged where a frame does not open."""

    def __init__(self, source, passphrase):
        self._header = source.read(len(MAGIC) + SALT + PREFIX + CHECK)
        if len(self._header) < len(MAGIC) + SALT + PREFIX + CHECK:
            raise Damaged("The archive is cut short.")
        if not passphrase:
            raise WrongKey("The archive is sealed: set BACKUP_KEY to the key that it was made with.")
        salt = self._header[len(MAGIC) :][:SALT]
        self._prefix = self._header[len(MAGIC) + SALT :][:PREFIX]
        self._cipher, check = _derive(passphrase, salt)
        if check != self._header[-CHECK:]:
            raise WrongKey("BACKUP_KEY is not the key that this archive was made with.")
        self._source, self._number, self._open = source, 0, b""
        self._next = source.read(FRAME + TAG)

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self._open and self._next:
            self._open = self._open_frame()
        part = self._open[: len(buffer)]
        self._open = self._open[len(part) :]
        buffer[: len(part)] = part
        return len(part)

    def _open_frame(self):
        frame, self._next = self._next, self._source.read(FRAME + TAG)
        try:
            opened = self._cipher.decrypt(_nonce(self._prefix, self._number, not self._next), frame, self._header)
        except (InvalidTag, ValueError) as error:
            raise Damaged("The archive was changed or is cut short.") from error
        self._number += 1
        return opened


def _nonce(prefix, number, last):
    return prefix + number.to_bytes(4) + bytes([last])
