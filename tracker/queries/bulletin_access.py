"""From a browser's id to a bulletin: the only way there. See also queries/access.py."""

from __future__ import annotations

from sqlalchemy import select

from tracker.db import db
from tracker.models import Bulletin, BulletinState, User
from tracker.queries.access import is_office, sees_bureau


def bulletin_for(user: User, bulletin_id: int) -> Bulletin | None:
    """The bulletin with that id, to be read; None if there is none, it was thrown away, or is not theirs."""
    if not sees_bureau(user):
        return None
    return db.session.scalar(
        select(Bulletin).where(Bulletin.id == bulletin_id, Bulletin.state != BulletinState.DISCARDED)
    )


def draft_for(user: User, bulletin_id: int) -> Bulletin | None:
    """The bulletin with that id, to be written. One that is issued already is given too: whoever writes on
    in it is told so."""
    return bulletin_for(user, bulletin_id) if is_office(user) else None
