"""A stream of bytes sealed in chunks: AES-256-GCM, by the STREAM construction (Hoang and others, 2015).

    header   magic 16 · name of the key 32 · salt 32
    chunks   256 KiB each and their tag; the last may be shorter

Each archive has a key of its own, drawn from the key of the file by HKDF with the salt. A chunk's nonce is
its number and whether it is the last; the header is bound to all of them. So a chunk that is changed, left
out, moved, taken from another archive, or missing at the end is found, and no byte is given out unproved.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tracker.rules.backups import DAMAGED
from tracker.rules.refusal import N_, Refused
from tracker.rules.seals import SealKey

MAGIC = b"tracker-backup\n\x01"
NAMED, SALT, TAG = 32, 32, 16  # bytes
HEADER = len(MAGIC) + NAMED + SALT
CHUNK = 256 * 2**10
NO_BACKUP = N_("This is no backup of the tracker, or of a newer version of it. Choose another file.")
OTHER_KEY = N_(
    "This backup was sealed with the key “%(name)s”, which is not in the file of keys %(file)s. Name the"
    " right file with --key."
)


def _cipher(key: SealKey, header: bytes) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=header[-SALT:], info=b"tracker backup")
    return AESGCM(derived.derive(key.secret))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class SealingWriter(io.RawIOBase):
    """Takes plain bytes and writes them sealed. Only `finish` makes the archive whole."""

    def __init__(self, target: BinaryIO, key: SealKey) -> None:
        self._target, self._held, self._number = target, bytearray(), 0
        self._is_given_up = False
        self._header = MAGIC + key.name.encode("ascii").ljust(NAMED, b"\0") + secrets.token_bytes(SALT)
        self._cipher = _cipher(key, self._header)
        target.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]  # takes bytes, as all do here
        if not self._is_given_up:
            self._held += content
        while len(self._held) > CHUNK:  # one that is full is kept back: it may be the last
            self._seal(bytes(self._held[:CHUNK]), is_last=False)
            del self._held[:CHUNK]
        return len(content)

    def finish(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._held), is_last=True)

    def give_up(self) -> None:
        """Take no more: what was written is of no use."""
        self._is_given_up = True
        self._held.clear()

    def _seal(self, plain: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._target.write(self._cipher.encrypt(nonce, plain, self._header))
        self._number += 1


class OpeningReader(io.RawIOBase):
    """Gives the plain bytes of a sealed stream, each chunk after its proof.

    keys, where: the keys of a file, and its name for the sentence.
    Raises       Refused: no backup, another key, or damaged.
    """

    def __init__(self, source: BinaryIO, keys: Sequence[SealKey], where: str) -> None:
        self._source, self._number, self._plain, self._at = source, 0, b"", 0
        self._header = source.read(HEADER)
        if len(self._header) < HEADER or not self._header.startswith(MAGIC):
            raise Refused(NO_BACKUP)
        name = self._header[len(MAGIC) :][:NAMED].rstrip(b"\0").decode("ascii", "replace")
        key = next((one for one in keys if one.name == name and len(one.secret) == 32), None)
        if key is None:
            raise Refused(OTHER_KEY, name=name if name.isprintable() else "?", file=where)
        self._cipher = _cipher(key, self._header)
        self._next = source.read(CHUNK + TAG)
        self._is_over = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, fewer only at the end; all that is left if it is negative."""
        found = bytearray()
        while size < 0 or len(found) < size:
            if self._at >= len(self._plain) and not self._open_next():
                break
            end = len(self._plain) if size < 0 else self._at + size - len(found)
            found += self._plain[self._at : end]
            self._at = min(end, len(self._plain))
        return bytes(found)

    def _open_next(self) -> bool:
        """Open the next chunk; False after the last one."""
        while not self._is_over:
            sealed, self._next = self._next, self._source.read(CHUNK + TAG)
            self._is_over = not self._next
            nonce = _nonce(self._number, is_last=self._is_over)
            try:
                self._plain = self._cipher.decrypt(nonce, sealed, self._header)
            except (InvalidTag, ValueError):
                raise Refused(DAMAGED) from None
            self._number, self._at = self._number + 1, 0
            if self._plain:
                return True
        return False
