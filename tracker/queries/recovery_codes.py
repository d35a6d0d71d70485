"""How many codes somebody has left for the day on which their device is lost."""

from __future__ import annotations

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import RecoveryCode


def codes_left(user_id: int) -> int:
    """How many were not used yet."""
    found = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id)
    return db.session.scalar(found) or 0
