"""A stable code in place of a name, for lists in which nobody may be ranked."""

from __future__ import annotations

import hashlib
import hmac

LENGTH = 6


def member_code(key: str, member_id: int) -> str:
    """The same six characters for a member wherever the name is hidden; whose, only `key` can tell."""
    digest = hmac.new(key.encode(), f"member:{member_id}".encode(), hashlib.sha256)
    return digest.hexdigest()[:LENGTH].upper()
