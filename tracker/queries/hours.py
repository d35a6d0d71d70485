"""Hours of events, of members and of groups, by group and by community. Always from verified rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select, union

from tracker.db import db
from tracker.models import (
    Campaign,
    Kind,
    Member,
    OwnerType,
    Participation,
    Record,
    Status,
    Unit,
    UnitLevel,
    User,
)
from tracker.queries.access import branches_of, groups_of, people_within, records_within, sees_bureau
from tracker.queries.campaigns import spec_of
from tracker.queries.record_filters import PLACES
from tracker.rules.campaigns import Kind as KindSpec
from tracker.rules.hours import Hours, counts_from

_PRESENT = Participation.reversed_at.is_(None)
_OF_GROUPS = case((Record.owner_type == OwnerType.GROUP, Record.minutes), else_=0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose hours: those of a kind up to `day`, as `user` may see them.

    unit: only of that branch, group or section: what it holds, and what its people came to.
    """

    campaign: Campaign
    kind: KindSpec
    user: User
    day: dt.date
    unit: Unit | None = None


def _rows(asked: Asked) -> list[ColumnElement[bool]]:
    """The verified events with a length that count on the day."""
    kind_id = select(Kind.id).where(Kind.campaign_id == asked.campaign.id, Kind.code == asked.kind.code)
    found = [
        Record.kind_id == kind_id.scalar_subquery(),
        Record.status == Status.VERIFIED,
        Record.minutes.is_not(None),
        Record.happened_on.between(counts_from(spec_of(asked.campaign), asked.kind), asked.day),
        records_within(asked.user),
    ]
    if asked.unit is not None:
        own, of_people = PLACES[asked.unit.level]
        there = select(Participation.record_id).where(of_people == asked.unit.id, _PRESENT)
        found.append(or_(own == asked.unit.id, Record.id.in_(there)))
    return found


def _people(asked: Asked) -> list[ColumnElement[bool]]:
    """Whose attendances add to the member-hours."""
    found = [_PRESENT, people_within(asked.user)]
    if asked.unit is not None:
        found.append(PLACES[asked.unit.level][1] == asked.unit.id)
    return found


def hours_of(asked: Asked) -> Hours:
    """All of it together, each event once. Two statements."""
    row = db.session.execute(
        select(
            func.count(), func.sum(Record.minutes), func.sum(_OF_GROUPS), func.sum(Record.people_served)
        ).where(*_rows(asked))
    ).one()
    members = db.session.scalar(
        select(func.sum(Participation.minutes))
        .join(Record, Record.id == Participation.record_id)
        .where(*_rows(asked), *_people(asked))
    )
    return Hours(row[0], int(row[1] or 0), int(members or 0), int(row[2] or 0), int(row[3] or 0))


def by_community(asked: Asked) -> list[tuple[str | None, Hours]]:
    """By community, in the order of its name; None for events without one. Two statements."""
    members = dict(
        db.session.execute(
            select(Record.community, func.sum(Participation.minutes))
            .select_from(Participation)
            .join(Record, Record.id == Participation.record_id)
            .where(*_rows(asked), *_people(asked))
            .group_by(Record.community)
        ).all()
    )
    rows = db.session.execute(
        select(
            Record.community, func.count(), func.sum(Record.minutes), func.sum(_OF_GROUPS),
            func.sum(Record.people_served),
        )
        .where(*_rows(asked))
        .group_by(Record.community)
        .order_by(Record.community)
    )  # fmt: skip
    return [
        (name, Hours(count, int(minutes or 0), int(members.get(name) or 0), int(own or 0), int(served or 0)))
        for name, count, minutes, own, served in rows
    ]


def by_group(asked: Asked) -> list[tuple[Unit, Hours]]:
    """By party group, in the order of the plan, groups without any included. Four statements.

    An event to which people of two groups came stands in both rows, so the rows do not add up to the whole.
    People served stand with the group that held the event.
    """
    groups = _groups(asked)
    ids = [unit.id for unit in groups]
    held = select(Record.group_id.label("group_id"), Record.id.label("record_id")).where(
        *_rows(asked), Record.group_id.in_(ids), Record.owner_type == OwnerType.GROUP
    )
    came = (
        select(Participation.group_id, Participation.record_id)
        .join(Record, Record.id == Participation.record_id)
        .where(*_rows(asked), Participation.group_id.in_(ids), _PRESENT)
    )
    either = union(held, came).subquery()
    events = {
        row[0]: row
        for row in db.session.execute(
            select(
                either.c.group_id,
                func.count(),
                func.sum(Record.minutes),
                func.sum(case((_held_by(either.c.group_id), Record.minutes), else_=0)),
                func.sum(case((_held_by(either.c.group_id), Record.people_served), else_=0)),
            )
            .join(Record, Record.id == either.c.record_id)
            .group_by(either.c.group_id)
        )
    }
    members = dict(
        db.session.execute(
            select(Participation.group_id, func.sum(Participation.minutes))
            .join(Record, Record.id == Participation.record_id)
            .where(*_rows(asked), Participation.group_id.in_(ids), _PRESENT)
            .group_by(Participation.group_id)
        ).all()
    )
    found = []
    for unit in groups:
        _, count, *sums = events.get(unit.id, (unit.id, 0, 0, 0, 0))
        minutes, own, served = (int(one or 0) for one in sums)
        found.append((unit, Hours(count, minutes, int(members.get(unit.id) or 0), own, served)))
    return found


def _held_by(group_id: ColumnElement[int]) -> ColumnElement[bool]:
    return (Record.owner_type == OwnerType.GROUP) & (Record.group_id == group_id)


def _groups(asked: Asked) -> Sequence[Unit]:
    """The party groups that the user may see, of the unit that was asked for."""
    where: list[ColumnElement[bool]] = [Unit.level == UnitLevel.GROUP]
    if not sees_bureau(asked.user):
        where.append(Unit.id.in_(groups_of(asked.user)) | Unit.parent_id.in_(branches_of(asked.user)))
    if asked.unit is not None:
        where.append((Unit.id == asked.unit.id) | (Unit.parent_id == asked.unit.id))
    return db.session.scalars(
        select(Unit).where(*where).order_by(Unit.parent_id, Unit.position, Unit.id)
    ).all()


def member_minutes_of(record: Record) -> int:
    """The member-hours of one event, in minutes: of those whose attendance counts."""
    present = Participation.record_id == record.id, _PRESENT
    return int(db.session.scalar(select(func.sum(Participation.minutes)).where(*present)) or 0)


def own_hours(campaign: Campaign, kind: KindSpec, member: Member, day: dt.date) -> tuple[int, int]:
    """How many events of a kind a member came to, and their own minutes there; both verified."""
    kind_id = select(Kind.id).where(Kind.campaign_id == campaign.id, Kind.code == kind.code)
    count, minutes = db.session.execute(
        select(func.count(), func.sum(Participation.minutes))
        .join(Record, Record.id == Participation.record_id)
        .where(
            Participation.member_id == member.id,
            _PRESENT,
            Record.kind_id == kind_id.scalar_subquery(),
            Record.status == Status.VERIFIED,
            Record.minutes.is_not(None),
            Record.happened_on.between(counts_from(spec_of(campaign), kind), day),
        )
    ).one()
    return count, int(minutes or 0)
