"""Codes in place of a lost device: how many there are, and what is kept of one."""

from __future__ import annotations

import hmac

from tracker.rules.cells import plain

COUNT = 10
FEW = 3  # so many or fewer left: time to draw new ones


def digest_of_code(typed: str, user_id: int, secret: str) -> str:
    """HMAC-SHA256 of a code, hex: bound to its account, and no use to whoever has only the database.

    typed:  as people type it: capitals, blanks and dashes make no difference.
    secret: the installation's.
    """
    code = plain(typed).replace("-", "")
    return hmac.digest(secret.encode(), f"recovery code {user_id} {code}".encode(), "sha256").hex()
