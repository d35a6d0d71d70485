"""What a branch said of its months, kind by kind, with the rows of the ledger counted beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Campaign, CoOrganiser, Record, Said, Statement, Status, Unit, User
from tracker.queries.access import branches_of, is_office
from tracker.queries.campaigns import spec_of
from tracker.rules.campaigns import Kind
from tracker.rules.periods import Period
from tracker.rules.statements import State, kinds_to_state, standing_of, state_of, was_there

SHOWN = (Status.VERIFIED, Status.SUBMITTED, Status.RETURNED)  # rows that are counted beside a statement


@dataclass(frozen=True, slots=True)
class Line:
    """One branch, kind and month: what was said, and the rows beside it by status."""

    unit: Unit
    kind: Kind
    month: Period
    statement: Statement | None
    counts: Mapping[Status, int]

    @property
    def said(self) -> Said | None:
        """What was said last; None where nothing was, or it was taken back."""
        said = self.statement.said if self.statement else None
        return None if said is Said.TAKEN_BACK else said

    @property
    def standing(self) -> int:
        return standing_of(self.counts)

    @property
    def state(self) -> State:
        return state_of(self.said, self.standing)

    @property
    def version(self) -> int:
        """The statement's version as it is seen now; 0 where there is none."""
        return self.statement.version if self.statement else 0


def lines_of(campaign: Campaign, units: Sequence[Unit], periods: Sequence[Period]) -> list[Line]:
    """What is to be stated, with its rows counted: by branch, then month, then kind.

    Rows are counted through for these months and branches. Three statements.
    """
    spec, ids = spec_of(campaign), [unit.id for unit in units]
    rows = {kind.code: kind.id for kind in campaign.kinds}
    counts = counts_in(campaign, ids, periods)
    found = db.session.scalars(
        select(Statement)
        .where(
            Statement.campaign_id == campaign.id,
            Statement.unit_id.in_(ids),
            Statement.month.in_([month.code for month in periods]),
        )
        .options(joinedload(Statement.stated_by).lazyload(User.grants))
    )
    said = {(one.unit_id, one.kind_id, one.month): one for one in found}
    return [
        Line(
            unit, kind, month, said.get((unit.id, rows[kind.code], month.code)),
            counts.get((unit.id, rows[kind.code], month.code), {}),
        )
        for unit in units
        for month in periods
        if was_there(month, unit.starts_on, unit.ends_on)
        for kind in kinds_to_state(spec, str(unit.category) if unit.category else None)
    ]  # fmt: skip


def counts_in(
    campaign: Campaign, unit_ids: Sequence[int], periods: Sequence[Period]
) -> dict[tuple[int, int, str], dict[Status, int]]:
    """(unit, kind, month) → status → rows of the branch, joint sessions of others included."""
    if not periods or not unit_ids:
        return {}
    bounds = [(Record.happened_on.between(month.starts_on, month.ends_on), month.code) for month in periods]
    bucket = case(*bounds, else_="").label("in_month")  # grouped by its name: its values are bound twice else
    within: list[ColumnElement[bool]] = [
        Record.campaign_id == campaign.id,
        Record.status.in_(SHOWN),
        Record.happened_on.between(periods[0].starts_on, max(month.ends_on for month in periods)),
    ]
    own = (
        select(Record.branch_id, Record.kind_id, bucket, Record.status, func.count())
        .where(*within, Record.branch_id.in_(unit_ids))
        .group_by(Record.branch_id, Record.kind_id, "in_month", Record.status)
    )
    joint = (
        select(CoOrganiser.unit_id, Record.kind_id, bucket, Record.status, func.count())
        .join(CoOrganiser, CoOrganiser.record_id == Record.id)
        .where(*within, CoOrganiser.unit_id.in_(unit_ids))
        .where(or_(Record.branch_id.is_(None), Record.branch_id != CoOrganiser.unit_id))
        .group_by(CoOrganiser.unit_id, Record.kind_id, "in_month", Record.status)
    )
    found: dict[tuple[int, int, str], dict[Status, int]] = {}
    for statement in (own, joint):
        for unit_id, kind_id, month, status, count in db.session.execute(statement):
            if unit_id is not None:
                into = found.setdefault((unit_id, kind_id, month), {})
                into[status] = into.get(status, 0) + int(count)
    return found


def may_state(user: User, unit: Unit) -> bool:
    """Whether the statement of a branch is theirs to make: its secretary's and deputy's, and the office's."""
    return unit.id in branches_of(user) or is_office(user)
