"""Sealing and opening a few words under a key that lies elsewhere. One small interface, two suites."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tracker.rules.refusal import N_, Refused
from tracker.rules.tokens import nonce

NONCE, TAG = 12, 16  # bytes
BLOCK = 256  # what is sealed is filled up to a multiple of it, so that its length tells nothing
WRONG_KEY = N_(
    "This cannot be opened: the key that sealed it is not in the file of keys, or what was sealed was"
    " changed. Tell the administrator."
)
BAD_FILE = N_("The file of keys cannot be read. Tell the administrator.")


def _aes_seal(key: bytes, drawn: bytes, plain: bytes, bound: bytes) -> bytes:
    return AESGCM(key).encrypt(drawn, plain, bound)


def _aes_open(key: bytes, drawn: bytes, sealed: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(drawn, sealed, bound)


def _sm4_seal(key: bytes, drawn: bytes, plain: bytes, bound: bytes) -> bytes:
    worker = Cipher(algorithms.SM4(key), modes.GCM(drawn)).encryptor()
    worker.authenticate_additional_data(bound)
    return worker.update(plain) + worker.finalize() + worker.tag


def _sm4_open(key: bytes, drawn: bytes, sealed: bytes, bound: bytes) -> bytes:
    worker = Cipher(algorithms.SM4(key), modes.GCM(drawn, sealed[-TAG:])).decryptor()
    worker.authenticate_additional_data(bound)
    return worker.update(sealed[:-TAG]) + worker.finalize()


@dataclass(frozen=True, slots=True)
class Suite:
    """A way of sealing. `seal` and `open` take key, nonce, content, and what it is bound to."""

    key_length: int
    seal: Callable[[bytes, bytes, bytes, bytes], bytes]
    open: Callable[[bytes, bytes, bytes, bytes], bytes]


SUITES = {"aes-256-gcm": Suite(32, _aes_seal, _aes_open), "sm4-gcm": Suite(16, _sm4_seal, _sm4_open)}


@dataclass(frozen=True, slots=True)
class SealKey:
    """One key of the file. repr and str never show it."""

    name: str
    suite: str
    secret: bytes

    def __repr__(self) -> str:
        return f"SealKey({self.name!r}, {self.suite!r})"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a database keeps of something sealed."""

    suite: str
    key_name: str
    nonce: bytes
    content: bytes


def new_key(keys: Sequence[SealKey], suite: str) -> SealKey:
    """A key to follow these. Its name never comes twice, so that another installation's is told apart."""
    return SealKey(f"{len(keys) + 1}-{nonce(4).hex()}", suite, nonce(SUITES[suite].key_length))


def write_keys(keys: Sequence[SealKey]) -> str:
    """The text of a file of keys: one a line, name, suite and the key in base64; the last one seals."""
    return "".join(f"{key.name} {key.suite} {base64.b64encode(key.secret).decode()}\n" for key in keys)


def read_keys(text: str) -> list[SealKey]:
    """The keys of a file. Raises Refused if a line is no key or a name stands twice."""
    found: list[SealKey] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        try:
            name, suite, coded = line.split()
            key = SealKey(name, suite, base64.b64decode(coded, validate=True))
            is_right = len(key.secret) == SUITES[suite].key_length
        except (ValueError, KeyError, binascii.Error):
            raise Refused(BAD_FILE) from None
        if not is_right or any(one.name == name for one in found):
            raise Refused(BAD_FILE)
        found.append(key)
    if not found:
        raise Refused(BAD_FILE)
    return found


def seal(words: dict[str, str], keys: Sequence[SealKey], bound: Sequence[Any]) -> Sealed:
    """Seal these words with the last of the keys. bound: their row; in another one they do not open."""
    key, drawn = keys[-1], nonce(NONCE)
    plain = json.dumps(words, ensure_ascii=False).encode()
    plain += b" " * (-len(plain) % BLOCK)
    content = SUITES[key.suite].seal(key.secret, drawn, plain, _bound(bound, key.suite, key.name))
    return Sealed(key.suite, key.name, drawn, content)


def unseal(sealed: Sealed, keys: Sequence[SealKey], bound: Sequence[Any]) -> dict[str, str]:
    """The words again. Raises Refused if the key is not there, or the content or its row is another."""
    key = next((one for one in keys if (one.name, one.suite) == (sealed.key_name, sealed.suite)), None)
    if key is None:
        raise Refused(WRONG_KEY)
    try:
        plain = SUITES[key.suite].open(
            key.secret, sealed.nonce, sealed.content, _bound(bound, sealed.suite, sealed.key_name)
        )
    except (InvalidTag, ValueError):
        raise Refused(WRONG_KEY) from None
    words: dict[str, str] = json.loads(plain)
    return words


def _bound(bound: Sequence[Any], suite: str, key_name: str) -> bytes:
    return json.dumps([*bound, suite, key_name], ensure_ascii=False).encode()
