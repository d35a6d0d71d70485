"""Units as lists offer them."""

from __future__ import annotations

from sqlalchemy import select

from tracker.db import db
from tracker.models import Unit, UnitLevel, User
from tracker.queries.access import branch_for, branches_of, group_for, section_for, sees_bureau


def unit_within(user: User, unit_id: int) -> Unit | None:
    """A branch, group or section that the user may see; None if there is none, or it is not theirs."""
    return branch_for(user, unit_id) or group_for(user, unit_id) or section_for(user, unit_id)


def branches_within(user: User) -> list[Unit]:
    """The branches that the user may choose from, in the order of the plan."""
    statement = select(Unit).where(Unit.level == UnitLevel.BRANCH).order_by(Unit.position, Unit.id)
    if not sees_bureau(user):
        statement = statement.where(Unit.id.in_(branches_of(user)))
    return list(db.session.scalars(statement))


def names_by_level() -> dict[str, list[str]]:
    """The names of all units, by level, each once, in the order of the plan."""
    found: dict[str, list[str]] = {str(level): [] for level in UnitLevel}
    rows = db.session.execute(select(Unit.level, Unit.name).order_by(Unit.position, Unit.id))
    for level, name in rows:
        if name not in found[str(level)]:
            found[str(level)].append(name)
    return found
