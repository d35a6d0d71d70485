"""The leading group's plan: assignments and what the bureau's sessions resolved, as one list with sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    String,
    Subquery,
    case,
    cast,
    func,
    null,
    select,
)
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import (
    Assignment,
    AssignmentState,
    AssignmentStep,
    Campaign,
    Record,
    Resolution,
    Unit,
    UnitLevel,
    User,
)
from tracker.queries.access_sessions import may_mark
from tracker.queries.assignment_sums import ENDED, is_overdue, plan_rows
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.rules.assignments import deadline_of_assignment
from tracker.rules.deadlines import Deadline
from tracker.rules.resolutions import deadline_of_resolution

SORTS = ("due", "unit")
SHOWN = ("open", "overdue", "reported", "done", "dropped")  # what a list can be narrowed to


@dataclass(frozen=True, slots=True)
class PlanLineOf:
    """One line of the plan: an assignment, or a resolution of a session (then `assignment` is None).

    in_charge: the unit, or the office in words; None for a member, who is not named here.
    may_mark:  whether the reader may say here that a resolution is done.
    """

    assignment: Assignment | None
    resolution: Resolution | None
    in_charge: str | None
    deadline: Deadline | None
    may_mark: bool = False


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """What a reader of the plan chose.

    shown: one of SHOWN, or "" for all.
    sort:  one of SORTS, with - for downwards; "" for what is overdue, then what is next, then the rest.
    """

    shown: str = ""
    unit: Unit | None = None
    text: str = ""
    sort: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        return bool(self.shown or self.unit or self.text)


def plan_page(
    campaign: Campaign, user: User, chosen: PlanChoice, today: dt.date, per_page: int = PER_PAGE
) -> Page[PlanLineOf]:
    """One page of the plan. Five statements at most."""
    rows = plan_rows(campaign, user)
    where = _where(rows, chosen, today)
    total = db.session.scalar(select(func.count()).select_from(rows).where(*where)) or 0
    page = page_within(chosen.page, total, per_page)
    found = db.session.execute(
        select(rows.c.of, rows.c.id)
        .outerjoin(Unit, Unit.id == rows.c.unit_id)
        .where(*where)
        .order_by(*_order(rows, chosen, today), rows.c.of, rows.c.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    ).all()
    return Page(_lines([(of, id_) for of, id_ in found], user, today), page, total, per_page)


def _where(rows: Subquery, chosen: PlanChoice, today: dt.date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    match chosen.shown:
        case "open":
            found.append(rows.c.state.not_in(ENDED))
        case "overdue":
            found.append(is_overdue(rows, today))
        case "reported" | "done" | "dropped":
            found.append(rows.c.state == chosen.shown)
    if chosen.unit is not None:
        found.append(rows.c.unit_id == chosen.unit.id)
    if chosen.text:
        found.append(rows.c.text.icontains(chosen.text, autoescape=True))
    return found


def _order(rows: Subquery, chosen: PlanChoice, today: dt.date) -> list[ColumnElement[object]]:
    down = chosen.sort.startswith("-")
    match chosen.sort.removeprefix("-"):
        case "due":
            return [rows.c.due_on.desc() if down else rows.c.due_on]
        case "unit":
            place, name = Unit.position, Unit.id
            by_unit = [place.desc(), name.desc()] if down else [place, name]
            return [Unit.id.is_(None), *by_unit, rows.c.due_on]
    rank = case(
        (is_overdue(rows, today), 0), (rows.c.state == "reported", 1), (rows.c.state.in_(ENDED), 3), else_=2
    )
    ended = rows.c.state.in_(ENDED)
    return [rank, case((ended, null()), else_=rows.c.due_on), rows.c.ended_on.desc()]


def _lines(keys: Sequence[tuple[str, int]], user: User, today: dt.date) -> list[PlanLineOf]:
    """The rows behind the keys, in their order. Two statements."""
    ids = {of: [id_ for one, id_ in keys if one == of] for of in ("assignment", "resolution")}
    assigned = select(Assignment).where(Assignment.id.in_(ids["assignment"]))
    assignments = {
        row.id: row
        for row in db.session.scalars(
            assigned.options(joinedload(Assignment.unit), joinedload(Assignment.meeting))
        )
    }
    resolved = select(Resolution).where(Resolution.id.in_(ids["resolution"]))
    resolutions = {
        row.id: row
        for row in db.session.scalars(
            resolved.options(
                joinedload(Resolution.unit),
                joinedload(Resolution.record).selectinload(Record.co_organisers),
                joinedload(Resolution.record).joinedload(Record.kind),
            )
        )
    }
    return [
        assigned_line(assignments[id_], today)
        if of == "assignment"
        else _resolved_line(resolutions[id_], user, today)
        for of, id_ in keys
    ]


def assigned_line(row: Assignment, today: dt.date) -> PlanLineOf:
    """An assignment as a line."""
    name = row.unit.name if row.unit else row.in_charge
    return PlanLineOf(row, None, name, deadline_of_assignment(row.state, row.due_on, today))


def _resolved_line(row: Resolution, user: User, today: dt.date) -> PlanLineOf:
    name = row.unit.name if row.unit else None
    deadline = deadline_of_resolution(row.due_on, row.done_on, today)
    return PlanLineOf(None, row, name, deadline, may_mark(user, row))


def steps_of(assignment: Assignment) -> list[AssignmentStep]:
    """What was said of it, the latest first."""
    return list(
        db.session.scalars(
            select(AssignmentStep)
            .where(AssignmentStep.assignment_id == assignment.id)
            .order_by(AssignmentStep.id.desc())
            .options(joinedload(AssignmentStep.by))
        )
    )


def units_in_charge() -> list[Unit]:
    """The units that can be in charge: the bureau, branches, sections; in the order of the plan."""
    levels = (UnitLevel.COMMITTEE, UnitLevel.BRANCH, UnitLevel.SECTION)
    rank = case({str(level): n for n, level in enumerate(levels)}, value=cast(Unit.level, String), else_=3)
    return list(
        db.session.scalars(select(Unit).where(Unit.level.in_(levels)).order_by(rank, Unit.position, Unit.id))
    )


def units_shown(user: User, campaign: Campaign) -> list[Unit]:
    """The units in charge of something that the reader may see: to narrow the list to."""
    rows = plan_rows(campaign, user)
    there = select(rows.c.unit_id).where(rows.c.unit_id.is_not(None))
    return list(db.session.scalars(select(Unit).where(Unit.id.in_(there)).order_by(Unit.position, Unit.id)))


def open_assignments(campaign: Campaign) -> list[Assignment]:
    """All that is not finished, by the day it is due: what a meeting can look at."""
    return list(
        db.session.scalars(
            select(Assignment)
            .where(
                Assignment.campaign_id == campaign.id,
                Assignment.state.not_in((AssignmentState.DONE, AssignmentState.DROPPED)),
            )
            .order_by(Assignment.due_on, Assignment.id)
            .options(joinedload(Assignment.unit))
        )
    )
