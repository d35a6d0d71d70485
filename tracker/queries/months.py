"""Month by month: how many verified rows of each kind a unit has."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from tracker.db import db
from tracker.models import Campaign, CoOrganiser, OwnerType, Participation, Record, Status, Unit, UnitLevel
from tracker.queries.statements import Reporting
from tracker.rules.statements import State


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One month and kind. state: what its branch said; None where nothing is to be stated, or not yet."""

    count: int
    state: State | None = None

    @property
    def is_silent(self) -> bool:
        """Whether its zero is none: nothing was said."""
        return self.state is State.SILENT and not self.count


@dataclass(frozen=True, slots=True)
class Months:
    """Verified rows of a unit by month and kind: kinds across, months down, zeros included.

    changes: the latest month less the same days of the one before, by kind; empty where there is none before,
             None where one of the two is silent and so cannot be compared.
    is_over: whether the latest month has come to its end, and so is held against the whole one before.
    """

    kinds: tuple[str, ...]
    rows: tuple[tuple[dt.date, tuple[MonthCell, ...]], ...]
    totals: tuple[int, ...]
    changes: tuple[int | None, ...] = ()
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


def months_of(campaign: Campaign, unit: Unit, day: dt.date, reporting: Reporting | None = None) -> Months:
    """How many verified rows of each kind the unit has in each month up to `day`, beside what was said of it.

    Rows without a day stand in the month in which the campaign began.
    reporting: of the unit, or of the branch above a group; None for a unit of which nobody states anything.
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
    branch_id = unit.parent_id if unit.level is UnitLevel.GROUP else unit.id
    branch = reporting.branches.get(branch_id or 0) if reporting else None
    asked = branch.states if branch and unit.level is UnitLevel.BRANCH else {}
    here = {kind_id for _, kind_id in counts}
    kinds = [kind for kind in campaign.kinds if kind.id in here or asked.get(kind.code)]
    lines = tuple(
        (
            month,
            tuple(
                MonthCell(
                    counts.get((month, kind.id), 0),
                    branch.states.get(kind.code, {}).get(f"{month:%Y-%m}") if branch else None,
                )
                for kind in kinds
            ),
        )
        for month in _months(campaign.starts_on, day)
    )
    totals = tuple(sum(line[n].count for _, line in lines) for n in range(len(kinds)))
    changes: tuple[int | None, ...] = ()
    if len(lines) > 1:
        (now, cells), (before, cells_before) = lines[-1], lines[-2]
        changes = tuple(
            None
            if cells[n].is_silent or cells_before[n].is_silent
            else counts.get((now, kind.id), 0) - by_then.get((before, kind.id), 0)
            for n, kind in enumerate(kinds)
        )
    return Months(tuple(kind.name for kind in kinds), lines, totals, changes, is_over)


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first day of each month from the one to the other."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return found
