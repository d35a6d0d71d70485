"""Opaque tokens: what the browser keeps, and the digest that we keep."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32
# Without letters and digits that are taken for one another on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
SLIP_PARTS, SLIP_PART = 3, 4
RECOVERY_PARTS, RECOVERY_PART = 5, 4


def new_token() -> str:
    """256 bits from the system's own source, as text for a cookie."""
    return secrets.token_urlsafe(BYTES)


def digest_of(token: str) -> str:
    """SHA-256 of a token, hex. A token has 256 random bits, so that no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_slip_password() -> str:
    """A first password for paper: 12 characters of 31 in three parts, 59 bits: k7mp-x2qd-9wrt."""
    return _for_paper(SLIP_PARTS, SLIP_PART)


def new_recovery_code() -> str:
    """A code in place of a lost device: 20 characters of 31 in five parts, 99 bits."""
    return _for_paper(RECOVERY_PARTS, RECOVERY_PART)


def new_paper_code() -> str:
    """The code of a printed sheet: 8 characters of 31 in two parts."""
    return _for_paper(2, 4).upper()


def new_certificate_code() -> str:
    """The code of a certificate, to be typed from paper: 16 characters of 31 in four parts, 79 bits."""
    return _for_paper(4, 4)


def _for_paper(parts: int, length: int) -> str:
    """Random characters that paper does not confuse, in parts with a dash between them."""
    drawn = ("".join(secrets.choice(ALPHABET) for _ in range(length)) for _ in range(parts))
    return "-".join(drawn)


def nonce(length: int) -> bytes:
    """Random bytes that are no secret, but never come twice."""
    return secrets.token_bytes(length)
