"""From a browser's id to what hangs on a session, for those who keep it. See also queries/access.py."""

from __future__ import annotations

from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Record, Resolution, User
from tracker.queries.access import branches_of, is_office


def keeps_session(user: User, record: Record) -> bool:
    """Whether the user keeps one of the branches that held it; the office keeps every session."""
    branches = {record.branch_id, *(one.unit_id for one in record.co_organisers)}
    return is_office(user) or not branches.isdisjoint(branches_of(user))


def may_mark(user: User, resolution: Resolution) -> bool:
    """Whether the user may say that it is done: they keep the session, or the unit that takes care of it."""
    unit = resolution.unit
    theirs = {unit.id, unit.parent_id} if unit else set()
    return keeps_session(user, resolution.record) or not theirs.isdisjoint(branches_of(user))


def resolution_for(user: User, resolution_id: int) -> Resolution | None:
    """The resolution with that id, None if it does not exist or is not theirs to keep."""
    # All that is asked of it in one statement: none more for what is there and foreign than for what is not.
    session = joinedload(Resolution.record).joinedload(Record.co_organisers)
    resolution = db.session.get(Resolution, resolution_id, options=[joinedload(Resolution.unit), session])
    return resolution if resolution is not None and may_mark(user, resolution) else None
