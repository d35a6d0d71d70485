"""Month by month: how many verified rows of each kind a unit has."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from tracker.db import db
from tracker.models import Campaign, CoOrganiser, OwnerType, Participation, Record, Status, Unit, UnitLevel


@dataclass(frozen=True, slots=True)
class Months:
    """Verified rows of a unit by month and kind: kinds across, months down, zeros included.

    changes: the latest month less the same days of the one before, by kind; empty where there is none before.
    is_over: whether the latest month has come to its end, and so is held against the whole one before.
    """

    kinds: tuple[str, ...]
    rows: tuple[tuple[dt.date, tuple[int, ...]], ...]
    totals: tuple[int, ...]
    changes: tuple[int, ...] = ()
    is_over: bool = False


def _of_unit(unit: Unit) -> ColumnElement[bool]:
    """A branch's rows and joint sessions; a group's, and those that its people were in; a section's own."""
    if unit.level is UnitLevel.BRANCH:
        joint = select(CoOrganiser.record_id).where(CoOrganiser.unit_id == unit.id)
        return or_(Record.branch_id == unit.id, Record.id.in_(joint))
    if unit.level is UnitLevel.GROUP:
        there = select(Participation.record_id).where(
            Participation.group_id == unit.id, Participation.reversed_at.is_(None)
        )
        return or_(Record.group_id == unit.id, Record.id.in_(there))
    return (Record.owner_type == OwnerType.SECTION) & (Record.section_id == unit.id)


def months_of(campaign: Campaign, unit: Unit, day: dt.date) -> Months:
    """How many verified rows of each kind the unit has in each month up to `day`.

    Rows without a day stand in the month in which the campaign began.
    """
    rows = db.session.execute(
        select(Record.kind_id, Record.happened_on, func.count())
        .where(
            Record.campaign_id == campaign.id,
            Record.status == Status.VERIFIED,
            Record.happened_on <= day,
            _of_unit(unit),
        )
        .group_by(Record.kind_id, Record.happened_on)
        .order_by(Record.happened_on, Record.kind_id)
    )
    is_over = (day + dt.timedelta(days=1)).day == 1
    counts: dict[tuple[dt.date, int], int] = {}
    by_then: dict[tuple[dt.date, int], int] = {}  # of each month up to the day of the month that it is now
    for kind_id, on, count in rows:
        key = (on.replace(day=1), kind_id)
        counts[key] = counts.get(key, 0) + int(count)
        if is_over or on.day <= day.day:
            by_then[key] = by_then.get(key, 0) + int(count)
    kinds = [kind for kind in campaign.kinds if any(kind_id == kind.id for _, kind_id in counts)]
    months = []
    month = campaign.starts_on.replace(day=1)
    while month <= day:
        months.append(month)
        month = (month + dt.timedelta(days=32)).replace(day=1)
    lines = tuple((month, tuple(counts.get((month, kind.id), 0) for kind in kinds)) for month in months)
    totals = tuple(sum(line[n] for _, line in lines) for n in range(len(kinds)))
    changes: tuple[int, ...] = ()
    if len(lines) > 1:
        now, before = lines[-1][0], lines[-2][0]
        changes = tuple(counts.get((now, kind.id), 0) - by_then.get((before, kind.id), 0) for kind in kinds)
    return Months(tuple(kind.name for kind in kinds), lines, totals, changes, is_over)
