"""Who was there on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, union
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


def roster_changes(first: dt.date, last: dt.date) -> list[dt.date]:
    """The days after `first` up to `last` on which somebody came, moved, left or was exempted, or a unit
    changed. One statement."""
    edges = [
        select(column.label("day")).where(column > first, column <= last)
        for model in (Membership, Exemption, Unit)
        for column in (model.starts_on, model.ends_on)
    ]
    return sorted(day for day in db.session.scalars(union(*edges)) if day is not None)


def rosters_on(days: Sequence[dt.date]) -> dict[dt.date, Roster]:
    """The roster of each of some days, as `roster_as_of` gives it. Three statements for all of them."""
    stays = db.session.execute(
        select(
            Membership.starts_on, Membership.ends_on, Membership.member_id, Membership.branch_id,
            Membership.group_id, Membership.section_id, Membership.category, Membership.standing,
        ).order_by(Membership.member_id, Membership.id)
    ).all()  # fmt: skip
    free: dict[int, list[tuple[dt.date | None, dt.date | None]]] = {}
    for member_id, starts_on, ends_on in db.session.execute(
        select(Exemption.member_id, Exemption.starts_on, Exemption.ends_on)
    ):
        free.setdefault(member_id, []).append((starts_on, ends_on))
    units = db.session.execute(
        select(Unit.starts_on, Unit.ends_on, Unit.id, Unit.level, Unit.name, Unit.parent_id, Unit.category)
        .order_by(Unit.position, Unit.id)
    ).all()  # fmt: skip

    def on(day: dt.date) -> Roster:
        members = tuple(
            RosterRow(*row[2:], any(_holds(*one, day) for one in free.get(row[2], ())))
            for row in stays
            if _holds(row[0], row[1], day)
        )
        there = tuple(
            UnitRow(id_, str(level), name, parent_id, str(category) if category else None)
            for starts_on, ends_on, id_, level, name, parent_id, category in units
            if _holds(starts_on, ends_on, day)
        )
        return Roster(members, there)

    return {day: on(day) for day in days}


def _holds(starts_on: dt.date | None, ends_on: dt.date | None, day: dt.date) -> bool:
    return (starts_on is None or starts_on <= day) and (ends_on is None or ends_on > day)


def member_names(member_ids: list[int]) -> dict[int, str]:
    """Names by id."""
    rows = db.session.execute(select(Member.id, Member.name).where(Member.id.in_(member_ids)))
    return dict(rows.all())
