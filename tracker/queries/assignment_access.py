"""From a browser's id to an assignment or a meeting: the only way there. See also queries/access.py."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, true

from tracker.db import db
from tracker.models import Assignment, Meeting, Record, Resolution, Unit, UnitLevel, User
from tracker.queries.access import branches_of, is_office, sections_of, sees_bureau


def _own(user: User) -> set[int]:
    return branches_of(user) | sections_of(user)


def assignments_within(user: User) -> ColumnElement[bool]:
    """Which assignments the user reads: those of the branches and sections that they keep, and the bureau's
    own, which no branch or section is in charge of."""
    if sees_bureau(user):
        return true()
    committees = select(Unit.id).where(Unit.level == UnitLevel.COMMITTEE)
    return or_(
        Assignment.unit_id.in_(_own(user)), Assignment.unit_id.is_(None), Assignment.unit_id.in_(committees)
    )


def resolutions_within(user: User) -> ColumnElement[bool]:
    """Which resolutions of the bureau's sessions the user reads: those that their units take care of."""
    if sees_bureau(user):
        return true()
    groups = select(Unit.id).where(Unit.parent_id.in_(branches_of(user)))
    return Resolution.unit_id.in_(_own(user)) | Resolution.unit_id.in_(groups)


def assignment_for(user: User, assignment_id: int) -> Assignment | None:
    """The assignment with that id, None if it does not exist or is not theirs to read."""
    return db.session.scalar(
        select(Assignment).where(Assignment.id == assignment_id, assignments_within(user))
    )


def may_report(user: User, assignment: Assignment) -> bool:
    """Whether the user may say how far it is: the office, and who keeps the unit in charge."""
    return is_office(user) or assignment.unit_id in _own(user)


def reads_steps(user: User, assignment: Assignment) -> bool:
    """Whether the reasons and notes beside it are theirs to read."""
    return sees_bureau(user) or may_report(user, assignment)


def meeting_for(meeting_id: int) -> Meeting | None:
    """The meeting with that id; minutes are for everybody who reads the plan."""
    return db.session.get(Meeting, meeting_id)


def session_for(user: User, record_id: int) -> Record | None:
    """The record with that id, if the user writes minutes."""
    return db.session.get(Record, record_id) if is_office(user) else None
