"""A session's agenda, its resolutions, and which of them are still open in a branch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import (
    AgendaItem,
    CoOrganiser,
    Member,
    Membership,
    Record,
    Resolution,
    Status,
    Unit,
    UnitLevel,
    User,
)
from tracker.queries.access import branches_of, records_within, sees_bureau
from tracker.queries.access_sessions import may_mark
from tracker.queries.rosters import holds_on
from tracker.queries.stories import named_to
from tracker.rules.deadlines import Deadline
from tracker.rules.resolutions import AgendaPoint, deadline_of_resolution

MOST_OPEN = 20  # on a branch's page
RELATED = (
    joinedload(Resolution.unit),
    joinedload(Resolution.member),
    joinedload(Resolution.record).selectinload(Record.co_organisers),
)
STANDS = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED)


@dataclass(frozen=True, slots=True)
class ResolutionLine:
    """One resolution as the reader may know it.

    owner:    the unit's or the member's name; None for a member whom they may not see.
    may_mark: whether they may say that it is done.
    opens:    whether the record of the session is theirs to open; asked only for lists over sessions.
    """

    resolution: Resolution
    owner: str | None
    deadline: Deadline | None
    may_mark: bool
    opens: bool = True


@dataclass(frozen=True, slots=True)
class OwnerOffered:
    """Who can take care of something: key is unit:ID or member:ID."""

    key: str
    name: str


def agenda_of(record: Record) -> list[AgendaPoint]:
    """The items in their order."""
    rows = db.session.scalars(
        select(AgendaItem).where(AgendaItem.record_id == record.id).order_by(AgendaItem.ordinal)
    )
    return [AgendaPoint(row.text, row.speaker) for row in rows]


def resolutions_of(record: Record, user: User, today: dt.date) -> list[ResolutionLine]:
    """What the session resolved, what is open first, by the day it is due."""
    rows = db.session.scalars(
        select(Resolution)
        .where(Resolution.record_id == record.id)
        .order_by(Resolution.done_on.nulls_first(), Resolution.due_on, Resolution.id)
        .options(*RELATED)
    ).all()
    return _lines(rows, user, today)


def open_resolutions(branch: Unit, user: User, today: dt.date) -> list[ResolutionLine]:
    """What is still to be done of what the branch resolved, or has to take care of; at most MOST_OPEN."""
    joint = select(CoOrganiser.record_id).where(CoOrganiser.unit_id == branch.id)
    groups = select(Unit.id).where(Unit.parent_id == branch.id)
    rows = db.session.scalars(
        select(Resolution)
        .join(Record, Record.id == Resolution.record_id)
        .where(
            Resolution.done_on.is_(None),
            Record.status.in_(STANDS),
            or_(
                Record.branch_id == branch.id,
                Record.id.in_(joint),
                Resolution.unit_id == branch.id,
                Resolution.unit_id.in_(groups),
            ),
        )
        .order_by(Resolution.due_on, Resolution.id)
        .limit(MOST_OPEN)
        .options(*RELATED)
    ).all()
    return _lines(rows, user, today)


def _lines(rows: Sequence[Resolution], user: User, today: dt.date) -> list[ResolutionLine]:
    if not rows:
        return []
    tellable = named_to(user, {row.member_id for row in rows if row.member_id is not None}, today)
    ids = {row.record_id for row in rows}
    opens = set(db.session.scalars(select(Record.id).where(Record.id.in_(ids), records_within(user))))
    return [
        ResolutionLine(
            row,
            _owner(row, tellable),
            deadline_of_resolution(row.due_on, row.done_on, today),
            may_mark(user, row),
            row.record_id in opens,
        )
        for row in rows
    ]


def _owner(row: Resolution, tellable: set[int]) -> str | None:
    if row.unit is not None:
        return row.unit.name
    return row.member.name if row.member is not None and row.member_id in tellable else None


def owners_offered(record: Record, user: User, day: dt.date) -> list[OwnerOffered]:
    """Who can take care of what this session resolves: of a session of branches these, their groups and
    members, of those that the user keeps; of one of the bureau every unit. Two statements."""
    branches = {record.branch_id, *(one.unit_id for one in record.co_organisers)} - {None}
    units = select(Unit).order_by(Unit.position, Unit.id).options(joinedload(Unit.parent))
    if not branches:
        return [_unit(unit) for unit in db.session.scalars(units)]
    kept = branches if sees_bureau(user) else branches & branches_of(user)
    units = units.where(Unit.id.in_(branches) | Unit.parent_id.in_(branches))
    found = [_unit(unit) for unit in db.session.scalars(units)]
    people = db.session.execute(
        select(Member.id, Member.name, Member.number)
        .join(Membership, Membership.member_id == Member.id)
        .where(holds_on(Membership.starts_on, Membership.ends_on, day), Membership.branch_id.in_(kept))
        .order_by(Membership.branch_id, Member.number, Member.id)
    )
    return [*found, *(OwnerOffered(f"member:{id_}", f"{name} {number}") for id_, name, number in people)]


def _unit(unit: Unit) -> OwnerOffered:
    is_group = unit.level is UnitLevel.GROUP
    name = f"{unit.parent.name} · {unit.name}" if is_group and unit.parent else unit.name
    return OwnerOffered(f"unit:{unit.id}", name)
