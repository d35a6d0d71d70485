"""What branches said of their months, beside what the ledger has of them: one branch, or all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Date, and_, case, exists, literal, select, true

from tracker.db import db
from tracker.models import Campaign, CoOrganiser, Kind, Record, Said, Statement, Status, Unit, UnitLevel
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import Goal
from tracker.rules.periods import Period, month_of, months
from tracker.rules.statements import (
    STANDING,
    State,
    Told,
    asks,
    is_due,
    is_over,
    kinds_to_state,
    state_of,
    told_by,
    was_there,
)

Asked = Mapping[str, Mapping[str, State]]  # code of the kind → code of the month → state


@dataclass(frozen=True, slots=True)
class BranchStates:
    """One branch: on which kinds it states, by code and name, and how each of its due months stands.

    Of a month that is due and not over yet there stands only what was said: nobody is silent on it.
    """

    id: int
    name: str
    category: str | None
    kinds: Mapping[str, str]
    states: Asked

    def month(self, code: str) -> Told:
        """All kinds of one month as one."""
        return told_by(found[code] for found in self.states.values() if code in found)

    def open_in(self, code: str) -> list[str]:
        """Names of the kinds that are silent or contradicted in a month."""
        open_states = (State.SILENT, State.CONTRADICTED)
        return [self.kinds[kind] for kind, found in self.states.items() if found.get(code) in open_states]


@dataclass(frozen=True, slots=True)
class MonthMark:
    """One due month of one kind over the branches that are asked."""

    month: Period
    told: Told


@dataclass(frozen=True, slots=True)
class Reporting:
    """What is stated and what is silent as of a day.

    months:   those that may be stated, in order; `branches`: by id, in the order of the plan.
    ending:   the last of these while it is not over, so that nobody is silent on it yet.
    verified: (kind, unit) that have a verified row by the day, sections included.
    """

    months: tuple[Period, ...]
    branches: Mapping[int, BranchStates]
    verified: frozenset[tuple[str, int]]
    ending: Period | None = None

    def told(self, kind: str | None, unit_id: int, since: dt.date | None = None) -> Told:
        """The branch's due months that end on `since` or later, as one; none where it is not asked."""
        branch = self.branches.get(unit_id)
        found = branch.states.get(kind or "", {}) if branch else {}
        codes = [month.code for month in self.months if since is None or month.ends_on >= since]
        return told_by(found[code] for code in codes if code in found)

    def is_reported(self, kind: str, unit_id: int, since: dt.date | None = None) -> bool:
        """Whether a zero of the unit may be taken for one: nothing that is due is silent.

        Where no month is due or the unit states nothing (a section), a verified row of the kind says so.
        """
        told = self.told(kind, unit_id, since)
        return not told.silent if told.of else (kind, unit_id) in self.verified

    def marks(self, kind: str, goal: Goal) -> list[MonthMark]:
        """How each due month of a goal stands over the branches that the goal asks."""
        asked = asks(goal, {branch.id: branch.category for branch in self.branches.values()})
        found = []
        for month in self.months:
            states = [self.branches[unit_id].states.get(kind, {}) for unit_id in asked]
            told = told_by(one[month.code] for one in states if month.code in one)
            if told.of and month.ends_on >= goal.starts_on:
                found.append(MonthMark(month, told))
        return found

    def in_month(self, code: str) -> Told:
        """How many branches are silent on some kind of a month, and how many contradicted by the ledger."""
        found = [told for branch in self.branches.values() if (told := branch.month(code)).of]
        silent = sum(1 for told in found if told.silent)
        against = sum(1 for told in found if told.contradicted)
        return Told(silent, against, sum(1 for told in found if told.nothing == told.of), len(found))

    def silent_on(self, kind: str, since: dt.date | None = None) -> int:
        """How many branches are silent on a kind in a due month that ends on `since` or later."""
        return sum(1 for unit_id in self.branches if self.told(kind, unit_id, since).silent)

    def silent_in(self, kind: str, goal: Goal) -> int:
        """How many branches that the goal asks are silent in a due month."""
        asked = asks(goal, {branch.id: branch.category for branch in self.branches.values()})
        return sum(1 for unit_id in asked if self.told(kind, unit_id, goal.starts_on).silent)


def reporting_on(campaign: Campaign, day: dt.date, unit_ids: Collection[int] | None = None) -> Reporting:
    """Statements and verified kinds as of `day`, of all branches or of some. At most five statements.

    Which months are due follows the day; what was said of them is what is said now.
    Rows are looked up statement by statement, never counted through: their number does not matter.
    """
    spec, due = spec_of(campaign), due_months(campaign, day)
    codes = {kind.id: kind.code for kind in campaign.kinds}
    said = _said(campaign, due, unit_ids)
    branches: dict[int, BranchStates] = {}
    for unit in _branches(unit_ids):
        category = str(unit.category) if unit.category else None
        states: dict[str, dict[str, State]] = {}
        kinds = kinds_to_state(spec, category)
        for kind in kinds:
            states[kind.code] = {
                month.code: state
                for month in due
                if was_there(month, unit.starts_on, unit.ends_on)
                for state in [state_of(*said.get((kind.code, unit.id, month.code), (None, 0)))]
                if state is not State.SILENT or is_over(month, day, campaign)
            }
        names = {kind.code: kind.name for kind in kinds}
        branches[unit.id] = BranchStates(unit.id, unit.name, category, names, states)
    ending = next((month for month in due if not is_over(month, day, campaign)), None)
    return Reporting(due, branches, _verified(codes, day, unit_ids), ending)


def due_months(campaign: Campaign, day: dt.date) -> tuple[Period, ...]:
    """The campaign's months that can be stated by `day`, in order."""
    return tuple(month for month in months(campaign, day) if is_due(month, day))


def running_month(campaign: Campaign, day: dt.date) -> Period | None:
    """The month of `day` if it cannot be stated yet; None on its last day, and outside of the campaign."""
    if not campaign.starts_on <= day <= campaign.ends_on:
        return None
    month = month_of(day, campaign)
    return None if is_due(month, day) else month


def _branches(unit_ids: Collection[int] | None) -> list[Unit]:
    statement = select(Unit).where(Unit.level == UnitLevel.BRANCH).order_by(Unit.position, Unit.id)
    if unit_ids is not None:
        statement = statement.where(Unit.id.in_(unit_ids))
    return list(db.session.scalars(statement))


def _said(
    campaign: Campaign, due: Sequence[Period], unit_ids: Collection[int] | None
) -> dict[tuple[str, int, str], tuple[Said, int]]:
    """(kind, unit, month) → what was said, and 1 if a row stands there, else 0."""
    if not due:
        return {}
    codes = {kind.id: kind.code for kind in campaign.kinds}
    first = case({month.code: literal(month.starts_on, Date) for month in due}, value=Statement.month)
    last = case({month.code: literal(month.ends_on, Date) for month in due}, value=Statement.month)
    stands = and_(
        Record.kind_id == Statement.kind_id,
        Record.status.in_(STANDING),
        Record.happened_on >= first,
        Record.happened_on <= last,
    )
    own = exists().where(stands, Record.branch_id == Statement.unit_id)
    statement = select(Statement.kind_id, Statement.unit_id, Statement.month, Statement.said, own).where(
        Statement.campaign_id == campaign.id, Statement.month.in_([month.code for month in due])
    )
    if unit_ids is not None:
        statement = statement.where(Statement.unit_id.in_(unit_ids))
    rows = db.session.execute(statement).all()
    joint = _joint(codes, due, unit_ids) if rows else set()
    return {
        (codes[kind_id], unit_id, month): (said, int(has_rows or (kind_id, unit_id, month) in joint))
        for kind_id, unit_id, month, said, has_rows in rows
    }


def _joint(
    codes: Mapping[int, str], due: Sequence[Period], unit_ids: Collection[int] | None
) -> set[tuple[int, int, str]]:
    """(kind, unit, month) in which a session of another branch stands that the unit held with it.

    Nothing of the records is asked in SQL, so that every database begins at the few further organisers.
    """
    statement = select(CoOrganiser.unit_id, Record.kind_id, Record.status, Record.happened_on).join(
        Record, Record.id == CoOrganiser.record_id
    )
    if unit_ids is not None:
        statement = statement.where(CoOrganiser.unit_id.in_(unit_ids))
    return {
        (kind_id, unit_id, month.code)
        for unit_id, kind_id, status, day in db.session.execute(statement)
        if kind_id in codes and status in STANDING
        for month in due
        if day in month
    }


def _verified(
    codes: Mapping[int, str], day: dt.date, unit_ids: Collection[int] | None
) -> frozenset[tuple[str, int]]:
    """(kind, unit) of every branch or section that has a verified row by `day`, or of some branches.

    Of each pair one row is looked for: to look through the rows for the pairs takes longer with every row.
    """
    found: set[tuple[str, int]] = set()
    places = {UnitLevel.BRANCH: Record.branch_id}
    if unit_ids is None:
        places[UnitLevel.SECTION] = Record.section_id
    for level, column in places.items():
        row = exists().where(
            Record.kind_id == Kind.id, column == Unit.id, Record.status == Status.VERIFIED,
            Record.happened_on <= day,
        )  # fmt: skip
        statement = (
            select(Kind.id, Unit.id)
            .join(Unit, Unit.level == level)
            .where(Kind.id.in_(list(codes)), row, true() if unit_ids is None else Unit.id.in_(unit_ids))
        )
        found |= {(codes[kind_id], unit_id) for kind_id, unit_id in db.session.execute(statement)}
    return frozenset(found)
