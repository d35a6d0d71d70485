"""Plans, and how they stand to what was held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.models import (
    Campaign,
    CoOrganiser,
    Kind,
    OwnerType,
    Plan,
    PlanOrganiser,
    Record,
    Status,
    Unit,
    UnitLevel,
    User,
)
from tracker.queries.access import records_within
from tracker.queries.campaigns import spec_of
from tracker.queries.plan_access import plans_within
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.campaigns import Kind as KindSpec
from tracker.rules.plans import PlanState, plan_state

# A record in one of these states says that the plan was held; else the plan is open again.
HOLDS = (Status.SUBMITTED, Status.RETURNED, Status.VERIFIED, Status.CONTINUED)
MOST_OPEN = 20  # plans not reported yet that a page lists
MOST_AHEAD = 5
MOST_IN_MONTH = 600


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan and how it stands."""

    plan: Plan
    state: PlanState

    @property
    def units(self) -> list[Unit]:
        """Who holds it, the first organiser first."""
        return [one.unit for one in self.plan.organisers]


@dataclass(frozen=True, slots=True)
class HeldCounts:
    """Plans whose day has come: held, cancelled, not reported yet; and how many are still to come."""

    held: int
    cancelled: int
    open: int
    ahead: int

    @property
    def planned(self) -> int:
        return self.held + self.cancelled + self.open


@dataclass(frozen=True, slots=True)
class HeldSum(HeldCounts):
    """The same with its plans.

    open_lines:      the oldest of those not reported, at most MOST_OPEN.
    cancelled_lines: the latest of those cancelled, at most MOST_OPEN.
    ahead_lines:     the next ones to come, at most MOST_AHEAD.
    """

    open_lines: list[PlanLine]
    cancelled_lines: list[PlanLine]
    ahead_lines: list[PlanLine]


def is_held() -> ColumnElement[bool]:
    """Whether a record stands that says of the plan that it was held."""
    return exists().where(Record.id == Plan.record_id, Record.status.in_(HOLDS))


def line_of(plan: Plan, today: dt.date) -> PlanLine:
    """The plan, and how it stands on `today`."""
    held = plan.record is not None and plan.record.status in HOLDS
    state = plan_state(plan.happens_on, today, is_cancelled=plan.cancelled_at is not None, is_held=held)
    return PlanLine(plan, state)


def _lines(
    where: Sequence[ColumnElement[bool]], today: dt.date, most: int, *, last_first: bool = False
) -> list[PlanLine]:
    order = (Plan.happens_on, Plan.from_minute.nulls_first(), Plan.id)
    statement = (
        select(Plan)
        .where(*where)
        .order_by(*((one.desc() for one in (Plan.happens_on, Plan.id)) if last_first else order))
        .limit(most)
        .options(
            joinedload(Plan.kind), joinedload(Plan.lead), joinedload(Plan.record),
            selectinload(Plan.organisers).joinedload(PlanOrganiser.unit).joinedload(Unit.parent),
        )
    )  # fmt: skip
    return [line_of(plan, today) for plan in db.session.scalars(statement)]


def of_unit(unit: Unit) -> ColumnElement[bool]:
    """Plans that a unit holds; of a branch, those of its groups too."""
    own = select(Unit.id).where((Unit.id == unit.id) | (Unit.parent_id == unit.id))
    if unit.level is UnitLevel.COMMITTEE:
        own = select(Unit.id).where(Unit.id == unit.id)
    return Plan.id.in_(select(PlanOrganiser.plan_id).where(PlanOrganiser.unit_id.in_(own)))


def plans_between(
    campaign: Campaign,
    user: User,
    first: dt.date,
    last: dt.date,
    today: dt.date,
    *,
    unit: Unit | None = None,
    type_name: str | None = None,
) -> list[PlanLine]:
    """The plans that concern the user from `first` to `last`, by day and time."""
    where = [Plan.campaign_id == campaign.id, Plan.happens_on.between(first, last), plans_within(user, today)]
    if unit is not None:
        where.append(of_unit(unit))
    if type_name is not None:
        where.append(Plan.type == type_name)
    return _lines(where, today, MOST_IN_MONTH)


def next_plan(campaign: Campaign, user: User, today: dt.date) -> PlanLine | None:
    """The next plan that concerns the user, from today on; None if there is none."""
    where = [
        Plan.campaign_id == campaign.id, Plan.happens_on >= today, Plan.cancelled_at.is_(None), ~is_held(),
        plans_within(user, today),
    ]  # fmt: skip
    return next(iter(_lines(where, today, 1)), None)


def _conditions(today: dt.date) -> tuple[ColumnElement[bool], ...]:
    """Held, cancelled, not reported yet, still to come: each plan is one of them, or cancelled beforehand."""
    held, gone = is_held(), Plan.cancelled_at.is_not(None)
    return (
        held,
        and_(Plan.happens_on <= today, gone, ~held),
        and_(Plan.happens_on < today, ~gone, ~held),
        and_(Plan.happens_on >= today, ~gone, ~held),
    )


def held_columns(today: dt.date) -> list[ColumnElement[int]]:
    """The four numbers of HeldCounts as columns over plans."""
    return [func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in _conditions(today)]


def counted(row: Sequence[Any]) -> HeldCounts:
    """What `held_columns` gave."""
    held, cancelled, is_open, ahead = (int(value) for value in row)
    return HeldCounts(held, cancelled, is_open, ahead)


def held_sum(campaign: Campaign, today: dt.date, *where: ColumnElement[bool]) -> HeldSum:
    """Planned against held, of the plans for which `where` holds. Four statements."""
    own = (Plan.campaign_id == campaign.id, *where)
    found = counted(db.session.execute(select(*held_columns(today)).where(*own)).one())
    _, is_gone, is_open, is_ahead = _conditions(today)
    return HeldSum(
        found.held, found.cancelled, found.open, found.ahead,
        open_lines=_lines([*own, is_open], today, MOST_OPEN) if found.open else [],
        cancelled_lines=(
            _lines([*own, is_gone], today, MOST_OPEN, last_first=True) if found.cancelled else []
        ),
        ahead_lines=_lines([*own, is_ahead], today, MOST_AHEAD) if found.ahead else [],
    )  # fmt: skip


def plans_of(series_id: int, today: dt.date) -> list[PlanLine]:
    """All plans of a series, by day."""
    return _lines([Plan.series_id == series_id], today, MOST_IN_MONTH)


def planned_kinds(spec: CampaignSpec) -> list[KindSpec]:
    """The kinds whose records are planned beforehand."""
    return [kind for kind in spec.kinds if kind.is_planned]


def sessions_between(
    campaign: Campaign,
    user: User,
    first: dt.date,
    last: dt.date,
    *,
    unit: Unit | None = None,
    type_name: str | None = None,
) -> list[Record]:
    """Records of planned kinds that stand, which the user may see, from `first` to `last`, by day."""
    codes = [kind.code for kind in planned_kinds(spec_of(campaign))]
    where = [
        Record.campaign_id == campaign.id,
        Record.kind_id.in_(select(Kind.id).where(Kind.campaign_id == campaign.id, Kind.code.in_(codes))),
        Record.happened_on.between(first, last), Record.is_dated, Record.status.in_(HOLDS),
        records_within(user),
    ]  # fmt: skip
    if unit is not None:
        joint = select(CoOrganiser.record_id).where(CoOrganiser.unit_id == unit.id)
        where.append(or_(Record.branch_id == unit.id, Record.group_id == unit.id, Record.id.in_(joint)))
    if type_name is not None:
        where.append(Record.type == type_name)
    statement = select(Record).where(*where).order_by(Record.happened_on, Record.id).limit(MOST_IN_MONTH)
    return list(
        db.session.scalars(
            statement.options(
                joinedload(Record.kind), joinedload(Record.branch), joinedload(Record.group),
                joinedload(Record.section), selectinload(Record.co_organisers),
            )
        )
    )  # fmt: skip


def may_be_this(plan: Plan, user: User) -> list[Record]:
    """Records in the ledger that may say of the plan that it was held: of its kind, day and first organiser,
    and said of no other plan. At most ten."""
    unit = plan.organisers[0].unit
    owner = {
        UnitLevel.BRANCH: (Record.owner_type == OwnerType.BRANCH) & (Record.branch_id == unit.id),
        UnitLevel.GROUP: (Record.owner_type == OwnerType.GROUP) & (Record.group_id == unit.id),
        UnitLevel.SECTION: (Record.owner_type == OwnerType.SECTION) & (Record.section_id == unit.id),
        UnitLevel.COMMITTEE: Record.owner_type == OwnerType.BUREAU,
    }[unit.level]
    taken = select(Plan.record_id).where(Plan.record_id.is_not(None))
    return list(
        db.session.scalars(
            select(Record)
            .where(
                Record.kind_id == plan.kind_id, Record.happened_on == plan.happens_on, Record.is_dated,
                Record.status.in_(HOLDS), owner, Record.id.not_in(taken), records_within(user),
            )
            .order_by(Record.id)
            .limit(10)
        )
    )  # fmt: skip


def branches_named(names: Sequence[str]) -> dict[str, list[int]]:
    """Name -> ids of the branches that are called so."""
    found: dict[str, list[int]] = {name: [] for name in names}
    rows = select(Unit.name, Unit.id).where(Unit.level == UnitLevel.BRANCH, Unit.name.in_(names))
    for name, unit_id in db.session.execute(rows.order_by(Unit.id)):
        found[name].append(unit_id)
    return found
