"""From a browser's id to a row: the only way there, and only for those who may see it here."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true

from tracker.db import db
from tracker.models import (
    Batch,
    CoOrganiser,
    Member,
    Membership,
    Participation,
    Record,
    Role,
    Unit,
    UnitLevel,
    User,
)


def sees_bureau(user: User) -> bool:
    """Whether the whole bureau is theirs to see."""
    return any(grant.role in (Role.OFFICE, Role.AUDITOR) for grant in user.grants)


def branches_of(user: User) -> set[int]:
    """The branches that a secretary keeps."""
    return {grant.unit_id for grant in user.grants if grant.role is Role.SECRETARY and grant.unit_id}


def branch_for(user: User, unit_id: int) -> Unit | None:
    """The branch with that id, None if it does not exist or is not theirs."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or unit.level is not UnitLevel.BRANCH:
        return None
    return unit if sees_bureau(user) or unit.id in branches_of(user) else None


def records_within(user: User) -> ColumnElement[bool]:
    """Which records the user may see: all, or those that a person or organiser of their branches is in."""
    if sees_bureau(user):
        return true()
    branches = list(branches_of(user))
    return (
        Record.branch_id.in_(branches)
        | Record.id.in_(select(Participation.record_id).where(Participation.branch_id.in_(branches)))
        | Record.id.in_(select(CoOrganiser.record_id).where(CoOrganiser.unit_id.in_(branches)))
    )


def record_for(user: User, record_id: int) -> Record | None:
    """The record with that id, None if it does not exist or is not theirs to see."""
    return db.session.scalar(select(Record).where(Record.id == record_id, records_within(user)))


def participation_for(user: User, participation_id: int) -> Participation | None:
    """One attendance in a record that the user may see."""
    return db.session.scalar(
        select(Participation)
        .join(Record, Record.id == Participation.record_id)
        .where(Participation.id == participation_id, records_within(user))
    )


def batch_for(user: User, batch_id: int) -> Batch | None:
    """The import with that id; imports belong to the whole bureau."""
    return db.session.get(Batch, batch_id) if sees_bureau(user) else None


def member_for(user: User, member_id: int) -> Member | None:
    """The member with that id, if on the roster that the user may see."""
    member = db.session.get(Member, member_id)
    if member is None or sees_bureau(user):
        return member
    branches = branches_of(user)
    inside = db.session.scalar(
        select(Membership.id)
        .where(Membership.member_id == member_id, Membership.branch_id.in_(branches))
        .limit(1)
    )
    return member if inside else None
