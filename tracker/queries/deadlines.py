"""What is overdue or due soon, and how due days were changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Campaign, DeadlineChange, Kind, Record, Status, Unit, UnitLevel, User
from tracker.queries.access import records_within
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import Kind as KindSpec
from tracker.rules.deadlines import SOON, Deadline

LISTED = 10


@dataclass(frozen=True, slots=True)
class Due:
    """What is overdue or due within the week in one unit. rows: the first of them, the earliest day first."""

    overdue: int
    soon: int
    rows: tuple[tuple[Record, Deadline], ...] = ()


def owned_by(unit: Unit) -> ColumnElement[bool]:
    """Which records belong to a branch, group or section."""
    by_level = {UnitLevel.GROUP: Record.group_id, UnitLevel.SECTION: Record.section_id}
    return by_level.get(unit.level, Record.branch_id) == unit.id


def is_due(kind: KindSpec, due: Deadline, day: dt.date) -> ColumnElement[bool]:
    """Which records of a kind are overdue, or due soon, on `day`, as `rules.deadlines` says it of one."""
    if kind.column("due_on") is None:
        return false()
    is_open = Record.stage != kind.stages[-1].name
    if due is Deadline.OVERDUE:
        return and_(is_open, Record.due_on < day)
    return and_(is_open, Record.due_on.between(day, day + SOON))


def due_in(campaign: Campaign, unit: Unit, user: User, day: dt.date) -> Due:
    """What is overdue or due soon of what a unit owns and `user` may see. Two statements at most."""
    kinds = [kind for kind in spec_of(campaign).kinds if kind.column("due_on")]
    ids = {kind.code: kind.id for kind in campaign.kinds}

    def either(due: Deadline) -> ColumnElement[bool]:
        return or_(false(), *(and_(Record.kind_id == ids[one.code], is_due(one, due, day)) for one in kinds))

    overdue, soon = either(Deadline.OVERDUE), either(Deadline.SOON)
    where = [
        Record.campaign_id == campaign.id, Record.status == Status.VERIFIED, owned_by(unit),
        records_within(user), or_(overdue, soon),
    ]  # fmt: skip
    if not kinds:
        return Due(0, 0)
    counted = func.count(case((overdue, Record.id))), func.count(case((soon, Record.id)))
    late, near = db.session.execute(select(*counted).where(*where)).one()
    if not late and not near:
        return Due(0, 0)
    rows = db.session.scalars(
        select(Record)
        .where(*where)
        .order_by(Record.due_on, Record.id)
        .limit(LISTED)
        .options(joinedload(Record.kind))
    )
    marked = ((row, Deadline.OVERDUE if row.due_on and row.due_on < day else Deadline.SOON) for row in rows)
    return Due(late, near, tuple(marked))


def due_counts(
    campaign: Campaign, kind: KindSpec, user: User, day: dt.date, unit: Unit | None
) -> dict[Deadline, int]:
    """How many verified records of a kind are overdue, and how many due soon, as the user may see them."""
    where = [
        Record.campaign_id == campaign.id,
        Record.kind_id.in_(select(Kind.id).where(Kind.campaign_id == campaign.id, Kind.code == kind.code)),
        Record.status == Status.VERIFIED,
        records_within(user),
        *([owned_by(unit)] if unit else []),
    ]
    counted = [func.count(case((is_due(kind, due, day), Record.id))) for due in Deadline]
    return dict(zip(Deadline, db.session.execute(select(*counted).where(*where)).one(), strict=True))


def changes_of(way: Sequence[Record]) -> list[DeadlineChange]:
    """The changes of the due day of one fact, whichever of its stages it stood in; the first one first."""
    return list(
        db.session.scalars(
            select(DeadlineChange)
            .where(DeadlineChange.record_id.in_([one.id for one in way]))
            .order_by(DeadlineChange.id)
            .options(joinedload(DeadlineChange.by))
        )
    )
