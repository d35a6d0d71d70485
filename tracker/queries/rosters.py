"""Who was there on a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from tracker.db import db
from tracker.models import Exemption, Member, Membership, Unit
from tracker.rules.figures import Roster, RosterRow, UnitRow

Day = InstrumentedAttribute[Any]


def holds_on(starts_on: Day, ends_on: Day, day: dt.date) -> ColumnElement[bool]:
    """Whether `day` lies in a stretch; no start is from ever, no end is still; the end day is outside."""
    return or_(starts_on.is_(None), starts_on <= day) & or_(ends_on.is_(None), ends_on > day)


def roster_as_of(day: dt.date) -> Roster:
    """Members with their places and units on `day`, in the order of the plan. Two statements."""
    is_exempt = exists().where(
        Exemption.member_id == Membership.member_id, holds_on(Exemption.starts_on, Exemption.ends_on, day)
    )
    rows = db.session.execute(
        select(
            Membership.member_id,
            Membership.branch_id,
            Membership.group_id,
            Membership.section_id,
            Membership.category,
            Membership.standing,
            is_exempt,
        )
        .where(holds_on(Membership.starts_on, Membership.ends_on, day))
        .order_by(Membership.member_id, Membership.id)
    )
    return Roster(members=tuple(RosterRow(*row) for row in rows), units=units_as_of(day))


def units_as_of(day: dt.date) -> tuple[UnitRow, ...]:
    """Units that exist on `day`, committee first, then by position."""
    rows = db.session.execute(
        select(Unit.id, Unit.level, Unit.name, Unit.parent_id, Unit.category)
        .where(holds_on(Unit.starts_on, Unit.ends_on, day))
        .order_by(Unit.position, Unit.id)
    )
    return tuple(
        UnitRow(id_, str(level), name, parent_id, str(category) if category else None)
        for id_, level, name, parent_id, category in rows
    )


def member_names(member_ids: list[int]) -> dict[int, str]:
    """Names by id."""
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(member_ids)))
    return dict(rows.all())
