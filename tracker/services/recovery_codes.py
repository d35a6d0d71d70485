"""Recovery codes: drawn ten at once, shown once, each of use once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete

from tracker.db import db
from tracker.models import RecoveryCode, User
from tracker.rules.recovery_codes import COUNT, digest_of_code
from tracker.rules.tokens import new_recovery_code
from tracker.services.audit import record_event


def draw_codes(user: User, secret_key: str, *, at: dt.datetime) -> list[str]:
    """Ten new codes for an account; those it had open nothing any more. They are stored as digests only.

    The caller holds the account's row: it has just changed the second step or used a code of it. So of two
    who draw at once the second one's codes are the ones that hold.
    """
    drop_codes(user)
    codes = [new_recovery_code() for _ in range(COUNT)]
    db.session.add_all(
        RecoveryCode(user_id=user.id, digest=digest_of_code(code, user.id, secret_key), drawn_at=at)
        for code in codes
    )
    record_event(user, "user:draw_recovery_codes", user, at)
    return codes


def use_recovery_code(user: User, typed: str, keys: Sequence[str], *, at: dt.datetime) -> bool:
    """Whether this is one of the account's codes; it is used up from now on.

    keys: `Config.keys`; a code that was drawn under a former one is as good.

    One conditional DELETE: of many who send the same code at once, one gets in. The audit does not say which.
    """
    used = db.session.execute(
        delete(RecoveryCode).where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.digest.in_([digest_of_code(typed, user.id, key) for key in keys]),
        )
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
        return False
    record_event(user, "user:use_recovery_code", user, at)
    return True


def drop_codes(user: User) -> None:
    """Delete what is left of an account's codes."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
